import { parseClosePayload } from '#protocol/close-payload.ts'
import { latin1 } from '#protocol/latin1.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { NOT_YET, PASSED, type Mission, type Verdict } from './mission.ts'

/** What a proxy would take for a request. */
const WANTED = 'GET /'

/** A masked frame, key and all, whose payload reads as a request on the wire: what a predictable key would allow. */
export const knownKey: Mission = connections =>
  best(
    connections.map(({ items }) => {
      const frames = items.flatMap(item =>
        item.kind === 'frame' && item.from === 'client' ? [item.frame] : [],
      )
      const last = frames.findLast(({ opcode }) => opcode < OPCODES.close)
      const shown = frames.find(
        ({ wire, headLength, masked, maskingWord }) =>
          masked && maskingWord !== 0 && latin1(wire, headLength, headLength + WANTED.length) === WANTED,
      )
      if (shown) return PASSED
      if (!last) return NOT_YET
      if (!last.masked) return { passed: false, near: '마스킹하지 않은 프레임은 치지 않습니다.' }
      if (last.maskingWord === 0)
        return {
          passed: false,
          near: '키가 00 00 00 00이면 마스킹하지 않은 것과 같습니다. 다른 키를 씁니다.',
        }
      const crossed = last.wire.subarray(last.headLength, last.headLength + WANTED.length)
      const hex = Array.from(crossed, byte => byte.toString(16).padStart(2, '0')).join(' ')
      return {
        passed: false,
        near: `와이어의 페이로드는 ${hex}로 시작합니다. 바라는 것은 47 45 54 20 2f입니다.`,
      }
    }),
  )

/** A frame without a mask, and the server that ended the connection for it with 1002. */
export const unmaskedFate: Mission = connections =>
  best(
    connections.map(connection => {
      const bare = connection.items.find(
        item =>
          item.kind === 'frame' &&
          item.from === 'client' &&
          item.violations.some(({ rule }) => rule === 'client-masks'),
      )
      if (!bare || bare.kind !== 'frame') return NOT_YET
      if (bare.violations.length > 1)
        return { passed: false, near: '마스킹 말고도 어긴 규칙이 있어, 무엇 때문에 끝났는지 알 수 없습니다.' }
      const code = serverCode(connection)
      if (code === 1002) return PASSED
      return { passed: false, near: '마스킹하지 않은 프레임이 지나갔고, 서버의 종료를 기다립니다.' }
    }),
  )

function serverCode({ items }: CapturedConnection): number | undefined {
  const close = items.find(
    item => item.kind === 'frame' && item.from === 'server' && item.frame.opcode === OPCODES.close,
  )
  return close?.kind === 'frame' ? parseClosePayload(close.frame.payload).code : undefined
}

/** The connection that passed, or else the last that was tried on. */
function best(verdicts: readonly Verdict[]): Verdict {
  return verdicts.find(({ passed }) => passed) ?? verdicts.findLast(each => each !== NOT_YET) ?? NOT_YET
}
