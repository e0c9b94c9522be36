import { bytesPerEvent, tallyOf } from '../wire/race-figures.ts'
import { NOT_YET, PASSED, type Mission } from './mission.ts'

/** How late 95 % of what is polled may be, in milliseconds. */
const SOON_MS = 400

/** Polls that are soon enough, and what that costs beside a WebSocket. */
export const soonEnough: Mission = (_connections, races = []) => {
  const last = races.at(-1)
  if (last === undefined) return NOT_YET
  const poll = tallyOf(last.tallies, 'poll')
  const websocket = tallyOf(last.tallies, 'websocket')
  const bytes = poll && bytesPerEvent(poll)
  const other = websocket && bytesPerEvent(websocket)
  if (poll === undefined || bytes === undefined || other === undefined)
    return { passed: false, near: '사건이 하나도 전해지지 않았습니다.' }
  if (poll.p95 > SOON_MS)
    return { passed: false, near: `폴링의 95%가 ${Math.round(poll.p95)} ms 안에 닿았습니다.` }
  if (bytes <= other * 2)
    return {
      passed: false,
      near: `빨라졌지만 사건 하나에 웹소켓의 ${(bytes / other).toFixed(1)}배입니다. 사건을 드물게 해 봅니다.`,
    }
  return PASSED
}
