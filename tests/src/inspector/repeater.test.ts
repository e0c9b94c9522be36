import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Repeater } from '../../../src/inspector/repeater.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function started(rate: number, total: number, goOn = () => true) {
  const said: number[] = []
  const repeater = new Repeater(
    () => {},
    () => Date.now(),
  )
  const say = (times: number) => {
    said.push(times)
    return undefined
  }
  repeater.start(say, rate, total, goOn)
  return { said, repeater }
}

test('says it at its rate, counting, until it was said often enough', () => {
  const { said, repeater } = started(1000, 2_500)
  vi.advanceTimersByTime(1_000)
  expect(said.length).toBeGreaterThanOrEqual(990)
  expect(said.length).toBeLessThanOrEqual(1_000)
  vi.advanceTimersByTime(5_000)
  expect(said).toEqual(Array.from({ length: 2_500 }, (_, index) => index))
  expect([repeater.running, repeater.said]).toEqual([false, 2_500])
})

test('stops when it is told to, and when nothing can be said any more', () => {
  const { said, repeater } = started(100, 1e6)
  vi.advanceTimersByTime(100)
  repeater.stop()
  vi.advanceTimersByTime(1_000)
  expect(said.length).toBeLessThanOrEqual(10)
  let open = true
  const other = started(100, 1e6, () => open)
  vi.advanceTimersByTime(100)
  open = false
  vi.advanceTimersByTime(1_000)
  expect([other.repeater.running, other.said.length <= 10]).toEqual([false, true])
})

test('stops at the first that cannot be said, and says why', () => {
  const repeater = new Repeater(
    () => {},
    () => Date.now(),
  )
  repeater.start(
    times => (times === 3 ? { fault: '안 됩니다' } : undefined),
    1000,
    1e6,
    () => true,
  )
  vi.advanceTimersByTime(1_000)
  expect([repeater.running, repeater.fault]).toEqual([false, '안 됩니다'])
})
