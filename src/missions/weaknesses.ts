import { parseClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { NOT_YET, PASSED, type Mission } from './mission.ts'

/** How often the server has to have counted before it forgets. */
const COUNTED = 3
const RESTARTED = 1012

/** What the server said that it had counted, in order. */
function countsOf({ items }: CapturedConnection): readonly number[] {
  return items.flatMap(item => {
    const text = item.kind === 'frame' && item.from === 'server' ? item.message?.text : undefined
    const number = /^(\d+)번째/.exec(text ?? '')?.[1]
    return number === undefined ? [] : [Number(number)]
  })
}

function wasRestarted({ items }: CapturedConnection): boolean {
  return items.some(
    item =>
      item.kind === 'frame' &&
      item.from === 'server' &&
      item.frame.opcode === OPCODES.close &&
      parseClosePayload(item.frame.payload).code === RESTARTED,
  )
}

/** The connection that a restart ended last, and what was counted before and after. */
function aroundRestart(connections: readonly CapturedConnection[]) {
  const place = connections.findLastIndex(wasRestarted)
  const before = connections[place]
  if (before === undefined) return undefined
  return { before: countsOf(before).at(-1) ?? 0, after: connections.slice(place + 1).flatMap(countsOf)[0] }
}

/** A server that had counted three and more was started again, and begins at one. */
export const stateLost: Mission = connections => {
  const seen = aroundRestart(connections)
  if (seen === undefined) return NOT_YET
  if (seen.before < COUNTED)
    return { passed: false, near: `${seen.before}번째에서 다시 켰습니다. ${COUNTED}번째까지 말합니다.` }
  if (seen.after === undefined) return { passed: false, near: '다시 연결해서 한 번 더 말합니다.' }
  if (seen.after === 1) return PASSED
  return { passed: false, near: `서버가 ${seen.after}번째부터 셉니다. 잊지 않았습니다.` }
}

/** After a restart it goes on, as the client has told it where it was. */
export const stateBrought: Mission = connections => {
  const seen = aroundRestart(connections)
  if (seen === undefined || seen.before === 0) return NOT_YET
  if (seen.after === undefined) return { passed: false, near: '다시 연결해서 한 번 더 말합니다.' }
  if (seen.after === seen.before + 1) return PASSED
  return { passed: false, near: `${seen.before}번째 다음이 ${seen.after}번째였습니다.` }
}
