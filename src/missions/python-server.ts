import type { CapturedConnection } from '../wire/captured-connection.ts'
import { NOT_YET, PASSED, type Mission } from './mission.ts'

/** Texts of one side of a connection, in order. */
function textsOf({ items }: CapturedConnection, from: 'client' | 'server'): readonly string[] {
  return items.flatMap(item =>
    item.kind === 'frame' && item.from === from && item.message?.text !== undefined
      ? [item.message.text]
      : [],
  )
}

/** Whether the server says back to a client what that client said. */
function isTold(connection: CapturedConnection): boolean {
  const said = textsOf(connection, 'client')
  return textsOf(connection, 'server').some(text => said.includes(text))
}

/** What one says reaches two others, each over a connection of their own, and not who said it. */
export const leftOut: Mission = connections => {
  const speakers = connections.filter(each => textsOf(each, 'client').length > 0)
  if (speakers.length === 0) return NOT_YET
  for (const speaker of speakers) {
    if (isTold(speaker)) continue
    for (const text of textsOf(speaker, 'client')) {
      const heard = connections.filter(each => each !== speaker && textsOf(each, 'server').includes(text))
      if (heard.length >= 2) return PASSED
    }
  }
  return {
    passed: false,
    near: speakers.some(isTold)
      ? '말한 사람도 제 말을 들었습니다.'
      : '말한 사람 말고 두 사람이 들어야 합니다.',
  }
}

/** A client that is alone hears what it says. */
export const aloneAndTold: Mission = connections => {
  const speaker = connections.findLast(each => textsOf(each, 'client').length > 0)
  if (speaker === undefined) return NOT_YET
  if (!isTold(speaker)) return { passed: false, near: '말한 사람에게 아무것도 오지 않았습니다.' }
  const others = connections.filter(each => each !== speaker)
  const text = textsOf(speaker, 'server').find(each => textsOf(speaker, 'client').includes(each)) ?? ''
  if (others.some(each => textsOf(each, 'server').includes(text)))
    return { passed: false, near: '혼자가 아니었습니다.' }
  return PASSED
}
