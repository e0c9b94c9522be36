import { readSaid, readTold } from '#contract/gathering.ts'
import { readTrades } from '#contract/market.ts'
import { openedAt, saidBy } from '../wire/room-talk.ts'
import { NOT_YET, PASSED, type Mission } from './mission.ts'

/** Words that were said before the late one came. */
const MISSED = 3

/** Somebody comes late to a chat, and is told what was said before they came. */
export const cameLate: Mission = connections => {
  let most = 0
  for (const late of connections) {
    const cameAt = openedAt(late)
    if (cameAt === undefined) continue
    const said = connections.flatMap(each =>
      each === late
        ? []
        : saidBy(each, 'client').flatMap(({ text, at }) => {
            const words = readSaid(text)
            return words?.kind === 'say' && at < cameAt ? [words.text] : []
          }),
    )
    const heard = saidBy(late, 'server').flatMap(({ text }) => {
      const told = readTold(text)
      return told?.kind === 'say' && said.includes(told.text) ? [told.number] : []
    })
    most = Math.max(most, new Set(heard).size)
  }
  if (most >= MISSED) return PASSED
  if (most === 0) return NOT_YET
  return {
    passed: false,
    near: `늦게 온 사람이 들은 지난 말이 ${most}개입니다. ${MISSED}개가 되어야 합니다.`,
  }
}

/** Trades between which the two are compared, and how many times fewer messages the one has to have needed. */
const TRADED = 100
const TIMES_FEWER = 10

/** Of the same market one hears in messages at least ten times fewer than there were trades. */
export const thinnedOut: Mission = connections => {
  let best = 0
  for (const connection of connections) {
    const messages = saidBy(connection, 'server')
      .map(({ text }) => readTrades(text).map(({ number }) => number))
      .filter(numbers => numbers.length > 0)
    const numbers = messages.flat()
    const traded = numbers.length === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers)
    if (traded >= TRADED) best = Math.max(best, traded / messages.length)
  }
  if (best >= TIMES_FEWER) return PASSED
  if (best === 0) return NOT_YET
  return { passed: false, near: `메시지 하나가 체결 ${best.toFixed(1)}번을 대신했습니다.` }
}
