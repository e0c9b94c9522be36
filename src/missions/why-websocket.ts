import type { Role } from '#protocol/role.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { NOT_YET, ofLatest, PASSED } from './mission.ts'

/** Messages of the server that a client which only listens has to have heard. */
const UNASKED = 3
/** Messages of the client between two of the server's. */
const BETWEEN = 3

/** Who sent each message, in the order of the wire; empty until a WebSocket is open. */
function speakers({ items }: CapturedConnection): readonly Role[] {
  return items.flatMap(item => (item.kind === 'frame' && item.message !== undefined ? [item.from] : []))
}

/** The server has spoken that often, and the client had said nothing before. */
export const spokeUnasked = ofLatest(connection => {
  const spoke = speakers(connection)
  if (spoke.slice(0, UNASKED).filter(from => from === 'server').length === UNASKED) return PASSED
  if (spoke[0] === undefined) return NOT_YET
  if (spoke.slice(0, UNASKED).includes('client'))
    return {
      passed: false,
      near: '이번 연결에서는 서버의 말을 세 번 듣기 전에 브라우저가 말했습니다. 새 연결에서 듣기만 합니다.',
    }
  return { passed: false, near: `서버가 ${spoke.length}번 말했습니다.` }
})

/** Between two messages of the server stand that many of the client's, and no answer to them. */
export const threeBetween = ofLatest(connection => {
  const spoke = speakers(connection)
  const runs = spoke
    .join(' ')
    .split('server')
    .slice(1, -1)
    .map(run => run.split('client').length - 1)
  const most = Math.max(0, ...runs)
  if (most >= BETWEEN) return PASSED
  if (!spoke.includes('client')) return NOT_YET
  return { passed: false, near: `서버의 말 두 개 사이에 든 내 메시지는 가장 많을 때 ${most}개였습니다.` }
})
