import { deflateMessage } from './deflate-message.ts'
import { framesOf, payloadOf, scriptCallOf, type DraftFault, type FrameDraft } from './frame-draft.ts'
import type { LiveSource } from './sources/live-source.ts'
import type { RandomBytes } from './sources/player.ts'

/** In a content, stands for how many times it was said before: 0, 1, 2… */
export const COUNTER = '{n}'

/** Says a draft once; told how many times before. Gives what is wrong with it, when it could not be said. */
export type Say = (times: number) => DraftFault | undefined

/** Readies a draft to be said, once or many times, by whoever speaks in that source. */
export async function prepare(
  source: LiveSource,
  draft: FrameDraft,
  random: RandomBytes,
): Promise<Say | DraftFault> {
  const counts = draft.content.includes(COUNTER) && !draft.file && !draft.asHex
  const withCount = (times: number) =>
    counts ? { ...draft, content: draft.content.replaceAll(COUNTER, String(times)) } : draft
  const { player, script } = source
  if (player) {
    if (draft.compress && draft.kind !== 'bytes') {
      const payload = payloadOf(draft)
      if ('fault' in payload) return payload
      if (counts)
        return {
          fault: `압축해 보내는 내용에서는 ${COUNTER}을 셀 수 없습니다. 압축을 끄거나 ${COUNTER}을 빼 주십시오.`,
        }
      const compressed = await deflateMessage(payload)
      return () => speakAs(player, draft, compressed, random)
    }
    return times => {
      const said = withCount(times)
      const payload = payloadOf(said)
      return 'fault' in payload ? payload : speakAs(player, said, payload, random)
    }
  }
  if (!script) return { fault: '연결이 없습니다. 먼저 연결하십시오.' }
  return times => {
    const call = scriptCallOf(withCount(times))
    if ('fault' in call) return call
    if ('send' in call) script.send(call.send)
    else script.close(...call.close)
    return undefined
  }
}

function speakAs(
  player: NonNullable<LiveSource['player']>,
  draft: FrameDraft,
  payload: Uint8Array<ArrayBuffer>,
  random: RandomBytes,
): DraftFault | undefined {
  if (draft.kind === 'bytes') {
    player.write([payload])
    return undefined
  }
  const frames = framesOf(
    draft,
    payload,
    () => player.freshKey(),
    () => random(4),
  )
  if ('fault' in frames) return frames
  player.say(...frames)
  return undefined
}
