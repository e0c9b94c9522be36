import { silenceOf } from '../wire/silence.ts'
import { NOT_YET, ofLatest, PASSED } from './mission.ts'

/** How long a silence may last unnoticed, in microseconds. */
const IN_TIME = 5_000_000
/** Answers that show that the connection was good before. */
const ANSWERS = 2

/** The server answered, fell silent, and the page gave the connection up in time because a message got no answer. */
export const foundSilence = ofLatest(connection => {
  const silence = silenceOf(connection)
  if (silence?.noticedAt === undefined) return NOT_YET
  const { answers, since, unanswered, noticedAt } = silence
  if (answers < ANSWERS)
    return { passed: false, near: '침묵하기 전에 하트비트가 두 번은 오가야 합니다. 더 자주 보냅니다.' }
  if (unanswered === 0)
    return { passed: false, near: '답이 오지 않은 하트비트가 없습니다. 알아챈 것이 아니라 끊은 것입니다.' }
  if (noticedAt - since <= IN_TIME) return PASSED
  return {
    passed: false,
    near: `마지막 답에서 ${((noticedAt - since) / 1e6).toFixed(1)}초 만에 알아챘습니다.`,
  }
})
