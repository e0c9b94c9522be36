import { expect, test } from 'vitest'
import { Pacer } from '../../../src/inspector/pacer.ts'

function sentBy(pacer: Pacer, times: readonly number[]): number[] {
  return times.map(now => pacer.due(now))
}

test('messages come at an even rate, however unevenly it is asked', () => {
  const pacer = new Pacer(1000, 1e6, 0)
  expect(sentBy(pacer, [10, 10.4, 10.9, 25])).toEqual([10, 0, 0, 15])
  expect(pacer.sent).toBe(25)
})

test('slow rates are kept too', () => {
  const pacer = new Pacer(2, 10, 0)
  expect(sentBy(pacer, [200, 400, 500, 700, 900, 1000])).toEqual([0, 0, 1, 0, 0, 1])
})

test('no more are sent than were asked for', () => {
  const pacer = new Pacer(1000, 12, 0)
  expect(sentBy(pacer, [10, 20, 30])).toEqual([10, 2, 0])
  expect(pacer.done).toBe(true)
})

test('what a held-up page missed is not sent all at once', () => {
  const pacer = new Pacer(1000, 1e6, 0)
  expect(pacer.due(60_000)).toBe(250)
})
