import { expect, test } from 'vitest'
import { retryDelay } from '../../../src/sandbox/retry-delay.ts'

test('attempts are further and further apart, up to half a minute', () => {
  const longest = [0, 1, 2, 5, 50].map(attempt => retryDelay(attempt, () => 1))
  expect(longest).toEqual([1_000, 2_000, 4_000, 30_000, 30_000])
})

test('pages that lost the same sandbox at once come back at different moments', () => {
  expect([0, 0.5, 0.25].map(draw => retryDelay(3, () => draw))).toEqual([0, 4_000, 2_000])
})
