import { overheadOf, reportCard } from '../wire/report-card.ts'
import { NOT_YET, ofLatest, PASSED } from './mission.ts'

/** Messages that have to be sent, and what their frames may add to what they say. */
const MESSAGES = 10
const LIGHT = 0.05
/** Messages that have to be on their way at once. */
const IN_FLIGHT = 5

/** What the frames of ten messages add is at most a twentieth of what they say. */
export const lightLoad = ofLatest(connection => {
  const card = reportCard(connection)
  const overhead = overheadOf(card, 'client')
  if (overhead === undefined) return NOT_YET
  if (card.messages.client < MESSAGES)
    return { passed: false, near: `메시지가 ${card.messages.client}개뿐입니다. ${MESSAGES}개 이상 보냅니다.` }
  if (overhead <= LIGHT) return PASSED
  return { passed: false, near: `덧붙은 몫이 ${(overhead * 100).toFixed(1)}%였습니다.` }
})

/** The client goes on speaking before it has heard anything back. */
export const inFlight = ofLatest(connection => {
  const card = reportCard(connection)
  if (card.messages.client === 0) return NOT_YET
  if (card.inFlight >= IN_FLIGHT) return PASSED
  return { passed: false, near: `한꺼번에 길 위에 있던 메시지는 ${card.inFlight}개였습니다.` }
})
