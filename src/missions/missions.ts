import { listTokens } from '#protocol/http-head.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'

/** What the wire says of a mission. `near` is a hint at what the reader's last try lacked. */
export type Verdict = { readonly passed: true } | { readonly passed: false; readonly near?: string }

/** Judges one captured connection; called again as it grows. */
export type Mission = (connection: CapturedConnection) => Verdict

const NOT_YET: Verdict = { passed: false }

/** A text message whose payload is exactly nine bytes, in three composed Hangul syllables. */
function nineBytes(connection: CapturedConnection): Verdict {
  const texts = connection.items.flatMap(item =>
    item.kind === 'frame' && item.from === 'client' && item.frame.opcode === 0x1 && item.frame.fin
      ? [item.frame]
      : [],
  )
  const tries = texts.map(frame => {
    const text = new TextDecoder().decode(frame.payload)
    return { bytes: frame.payloadLength, characters: [...text].length, composed: /^[가-힣]+$/u.test(text) }
  })
  if (tries.some(({ bytes, characters, composed }) => bytes === 9 && characters === 3 && composed))
    return { passed: true }
  const last = tries.at(-1)
  if (last === undefined) return NOT_YET
  if (last.bytes !== 9) return { passed: false, near: `방금 보낸 페이로드는 ${last.bytes}바이트입니다.` }
  return {
    passed: false,
    near: `9바이트는 맞지만 완성된 한글 음절 세 글자가 아닙니다. 유니코드 코드 포인트로는 ${last.characters}개입니다.`,
  }
}

/** Two subprotocols offered, and the server chose the second. */
function secondSubprotocol(connection: CapturedConnection): Verdict {
  const request = connection.items.find(item => item.kind === 'request')
  const response = connection.items.find(item => item.kind === 'response')
  if (request === undefined || response === undefined) return NOT_YET
  const offered = listTokens(request.head, 'Sec-WebSocket-Protocol')
  const [chosen] = listTokens(response.head, 'Sec-WebSocket-Protocol')
  if (response.head.status === 101 && offered.length === 2 && chosen === offered[1]) return { passed: true }
  if (offered.length !== 2)
    return { passed: false, near: `이번 요청은 서브프로토콜을 ${offered.length}개 제안했습니다.` }
  if (chosen === undefined) return { passed: false, near: '서버가 아무것도 고르지 않았습니다.' }
  return { passed: false, near: `서버가 첫 번째로 제안한 ${chosen}을(를) 골랐습니다.` }
}

/** Every mission by the id lessons use. */
export const MISSIONS = {
  'nine-bytes': nineBytes,
  'second-subprotocol': secondSubprotocol,
} as const satisfies Readonly<Record<string, Mission>>

export type MissionId = keyof typeof MISSIONS

export function isMissionId(id: string): id is MissionId {
  return Object.hasOwn(MISSIONS, id)
}
