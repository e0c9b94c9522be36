import { acceptFor } from '#protocol/accept.ts'
import { base64Length } from '#protocol/base64.ts'
import { fieldValues } from '#protocol/http-head.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { NOT_YET, ofLatest, PASSED } from './mission.ts'

/** How a handshake ended, as far as the value that answers its key goes; undefined before the browser has judged it. */
interface Outcome {
  /** The browser opened the connection. */
  readonly opened: boolean
  /** Rules that the response broke. */
  readonly broken: readonly string[]
  readonly sent: string | undefined
  readonly right: string
}

function outcomeOf({ items, script }: CapturedConnection): Outcome | undefined {
  const request = items.find(item => item.kind === 'request')
  const response = items.find(item => item.kind === 'response')
  const opened = script.some(({ what }) => what === 'open')
  if (!request || !response || (!opened && !script.some(({ what }) => what === 'error'))) return undefined
  return {
    opened,
    broken: response.checks.filter(({ ok }) => !ok).map(({ rule }) => rule),
    sent: fieldValues(response.head, 'Sec-WebSocket-Accept')[0],
    right: acceptFor(fieldValues(request.head, 'Sec-WebSocket-Key')[0] ?? ''),
  }
}

/** The reader's server answered the browser's key, and the browser opened. */
export const rightAccept = ofLatest(connection => {
  const outcome = outcomeOf(connection)
  if (outcome === undefined) return NOT_YET
  const { opened, sent, right } = outcome
  if (opened && sent === right) return PASSED
  if (sent === undefined) return { passed: false, near: '응답에 수락 값이 없습니다.' }
  return sent.length === right.length
    ? { passed: false, near: '글자 수는 맞지만 다른 값입니다. 해시에 넣은 것이 다릅니다.' }
    : { passed: false, near: `수락 값이 ${sent.length}글자입니다. 옳은 값은 ${right.length}글자입니다.` }
})

/** Bytes of a SHA-1 digest. */
const DIGEST_BYTES = 20

/** The browser refused a response in which nothing is wrong but the value, and that looks right. */
export const refusedAccept = ofLatest(connection => {
  const outcome = outcomeOf(connection)
  if (outcome === undefined) return NOT_YET
  const { opened, broken, sent = '' } = outcome
  if (opened) return { passed: false, near: '이번에는 브라우저가 연결을 열었습니다.' }
  if (broken.join() !== 'response-accept')
    return { passed: false, near: '수락 값 말고도 틀린 것이 있거나, 수락 값은 틀리지 않았습니다.' }
  if (base64Length(sent) !== DIGEST_BYTES)
    return { passed: false, near: `거절당했지만 수락 값이 ${sent.length}글자여서 겉보기부터 다릅니다.` }
  return PASSED
})
