import { bytesPerEvent, ratioOf, tallyOf, type RaceResult } from '../wire/race-figures.ts'
import { NOT_YET, PASSED, type Mission } from './mission.ts'

/** How far off a guess may be, as a share of what was measured. */
const CLOSE = 0.2

const isRound = (value: number) => value.toFixed(1)

/** The reader said before how many times as many bytes polling would need, and was right. */
export const foretoldRatio: Mission = (_connections, races = []) => {
  const last = races.at(-1)
  if (last === undefined) return NOT_YET
  if (last.guess === undefined) return { passed: false, near: '예측을 적지 않고 시작했습니다.' }
  const measured = ratioOf(last.tallies, 'poll', 'websocket')
  if (measured === undefined) return { passed: false, near: '사건이 하나도 전해지지 않았습니다.' }
  if (Math.abs(last.guess / measured - 1) <= CLOSE) return PASSED
  return { passed: false, near: `예측은 ${last.guess}배, 잰 것은 ${isRound(measured)}배였습니다.` }
}

/** Polls that bring many events at once cost less than a frame for each, and bring them late. */
export const pollsWin: Mission = (_connections, races = []) => {
  const last = races.at(-1)
  if (last === undefined) return NOT_YET
  const { poll, websocket } = pair(last)
  if (poll === undefined || websocket === undefined)
    return { passed: false, near: '사건이 하나도 전해지지 않았습니다.' }
  if (poll.bytes < websocket.bytes && poll.p50 > websocket.p50) return PASSED
  return {
    passed: false,
    near: `사건 하나에 폴링은 ${isRound(poll.bytes)}바이트, 웹소켓은 ${isRound(websocket.bytes)}바이트였습니다.`,
  }
}

function pair({ tallies }: RaceResult) {
  const of = (way: 'poll' | 'websocket') => {
    const tally = tallyOf(tallies, way)
    const bytes = tally && bytesPerEvent(tally)
    return tally && bytes !== undefined ? { bytes, p50: tally.p50 } : undefined
  }
  return { poll: of('poll'), websocket: of('websocket') }
}
