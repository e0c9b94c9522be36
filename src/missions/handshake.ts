import { listTokens } from '#protocol/http-head.ts'
import { NOT_YET, ofLatest, PASSED } from './mission.ts'

/** Two subprotocols offered, and the server chose the second. */
export const secondSubprotocol = ofLatest(connection => {
  const request = connection.items.find(item => item.kind === 'request')
  const response = connection.items.find(item => item.kind === 'response')
  if (request === undefined || response === undefined) return NOT_YET
  const offered = listTokens(request.head, 'Sec-WebSocket-Protocol')
  const [chosen] = listTokens(response.head, 'Sec-WebSocket-Protocol')
  if (response.head.status === 101 && offered.length === 2 && chosen === offered[1]) return PASSED
  if (offered.length !== 2)
    return { passed: false, near: `이번 요청은 서브프로토콜을 ${offered.length}개 제안했습니다.` }
  if (chosen === undefined) return { passed: false, near: '서버가 아무것도 고르지 않았습니다.' }
  return { passed: false, near: `서버가 고른 것은 요청에 첫 번째로 적힌 ${chosen}입니다.` }
})
