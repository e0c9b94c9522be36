import { describe, expect, test } from 'vitest'
import { ClockOffset } from '../../../sandbox-server/bus/clock-offset.ts'

describe('the clock of another instance', () => {
  test('is ahead by what it said beyond the middle of question and answer', () => {
    const offset = new ClockOffset()
    offset.compare(5_000, 1_000, 1_200)
    expect(offset.ahead).toBe(3_900)
  })

  test('is known as well as the quickest answer tells, whatever comes before or after', () => {
    const offset = new ClockOffset()
    offset.compare(5_100, 1_000, 3_000)
    offset.compare(9_000, 5_000, 5_010)
    offset.compare(19_900, 15_000, 17_000)
    expect(offset.ahead).toBe(3_995)
  })

  test('is known better by two slow answers than by one', () => {
    const offset = new ClockOffset()
    offset.compare(5_000, 1_000, 2_000)
    offset.compare(9_800, 5_000, 6_000)
    expect(offset.ahead).toBe(3_900)
  })

  test('has drifted when an answer fits none before: that one counts', () => {
    const offset = new ClockOffset()
    offset.compare(5_000, 1_000, 1_010)
    offset.compare(15_100, 11_000, 11_020)
    expect(offset.ahead).toBe(4_090)
  })
})
