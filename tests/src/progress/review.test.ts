import { describe, expect, test } from 'vitest'
import { keyOf, type ProgressRecord } from '../../../src/progress/records.ts'
import { deckOf, graded, PAUSES } from '../../../src/progress/review.ts'

const MONDAY_EVENING = new Date(2026, 10, 2, 21, 30).getTime()
const at = (day: number, hour = 0) => new Date(2026, 10, day, hour).getTime()
const question = (id: string) => keyOf('question', 'handshake', id)

/** Answers a question one time after the other. */
function answered(...answers: [right: boolean, now: number][]): ProgressRecord | undefined {
  return answers.reduce<ProgressRecord | undefined>(
    (before, [right, now]) => ({ ...graded(before, 'k', right, now), at: now }),
    undefined,
  )
}

describe('a question', () => {
  test('answered right at once never comes into the deck', () => {
    expect(answered([true, MONDAY_EVENING])?.due).toBeUndefined()
  })

  test('missed is asked again at once, and after right answers the next day, then after three days and seven', () => {
    expect(PAUSES).toEqual([1, 3, 7])
    const missed: [boolean, number] = [false, MONDAY_EVENING]
    expect(answered(missed)?.due).toBe(MONDAY_EVENING)
    expect(answered(missed, [true, MONDAY_EVENING + 1])?.due).toBe(at(3))
    expect(answered(missed, [true, MONDAY_EVENING + 1], [true, at(3, 8)])?.due).toBe(at(6))
    expect(answered(missed, [true, MONDAY_EVENING + 1], [true, at(3, 8)], [true, at(9, 8)])?.due).toBe(at(16))
  })

  test('leaves the deck after the last of them', () => {
    const last = answered(
      [false, MONDAY_EVENING],
      [true, MONDAY_EVENING + 1],
      [true, at(3)],
      [true, at(6)],
      [true, at(13)],
    )
    expect(last).toEqual({ at: at(13), answer: 'k', right: true })
  })

  test('answered right before it is due is not pushed away', () => {
    const early = answered([false, MONDAY_EVENING], [true, MONDAY_EVENING + 1], [true, MONDAY_EVENING + 2])
    expect([early?.round, early?.due]).toEqual([1, at(3)])
  })

  test('missed again begins anew, however far it was', () => {
    const again = answered([false, MONDAY_EVENING], [true, MONDAY_EVENING + 1], [true, at(3)], [false, at(6)])
    expect([again?.round, again?.due]).toEqual([0, at(6)])
  })
})

describe('the deck', () => {
  test('asks what is due, the longest waiting first, and knows what comes later', () => {
    const records = new Map<string, ProgressRecord>([
      [question('right'), { at: 1, right: true }],
      [question('later'), { at: 1, right: true, round: 1, due: 900 }],
      [question('today'), { at: 1, right: false, round: 0, due: 300 }],
      [question('yesterday'), { at: 1, right: false, round: 0, due: 200 }],
      ['prediction:handshake/who', { at: 1, answer: 'x' }],
    ])
    expect(deckOf(records, 500)).toEqual({
      now: [question('yesterday'), question('today')],
      later: { count: 1, from: 900 },
    })
  })

  test('asks for a question of version 1, whose outcome nobody knows yet', () => {
    expect(deckOf(new Map([[question('old'), { at: 0, answer: '0' }]]), 500).now).toEqual([question('old')])
  })

  test('is empty when nothing was missed', () => {
    expect(deckOf(new Map(), 500)).toEqual({ now: [], later: { count: 0, from: Infinity } })
  })
})
