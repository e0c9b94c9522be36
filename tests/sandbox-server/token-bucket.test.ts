import { expect, test } from 'vitest'
import { TokenBucket } from '../../sandbox-server/token-bucket.ts'

test('so many at once, then as many a second, and never more than at first', () => {
  let now = 0
  const bucket = new TokenBucket(() => now, { perSecond: 2, burst: 3 })
  const taken = () => Array.from({ length: 5 }, () => bucket.take()).filter(Boolean).length
  expect([bucket.isFull, taken(), bucket.isFull]).toEqual([true, 3, false])
  now += 500_000
  expect(taken()).toBe(1)
  now += 3_600e6
  expect([bucket.isFull, taken()]).toEqual([true, 3])
})

test('a clock that stands still gives nothing', () => {
  const bucket = new TokenBucket(() => 5, { perSecond: 1000, burst: 1 })
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, false, false])
})

test('a clock that is set back takes nothing, and gives again from then on', () => {
  let now = 3_600e6
  const bucket = new TokenBucket(() => now, { perSecond: 1, burst: 3 })
  expect(bucket.take()).toBe(true)
  now = 0
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false])
  now += 1e6
  expect([bucket.take(), bucket.take()]).toEqual([true, false])
})
