import { describe, expect, test } from 'vitest'
import { CLIENTS, seeded, SLOTS, storm, STRATEGIES } from '../../../../src/components/labs/storm/storm.ts'

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]

describe('clients that come back after a restart', () => {
  test('all try at once at first, and none is tried for that is back', () => {
    for (const strategy of STRATEGIES) {
      const { attempts, total, peak } = storm(strategy, seeded(1))
      expect([attempts[0], peak, attempts.length]).toEqual([CLIENTS, CLIENTS, SLOTS])
      expect(total).toBe(attempts.reduce((sum, count) => sum + count, 0))
      expect(total).toBeGreaterThanOrEqual(CLIENTS)
    }
  })

  test('that do not wait come in one beat, ten fewer each time', () => {
    const { attempts, total, over } = storm('at-once', seeded(1))
    expect(attempts.filter(count => count > 0)).toEqual(
      Array.from({ length: 20 }, (_, beat) => 200 - beat * 10),
    )
    expect([total, over]).toEqual([2100, 95])
  })

  test('that wait longer each time come seldom, and still together', () => {
    const { attempts, over } = storm('backoff', seeded(1))
    expect(attempts.filter(count => count > 0).every(count => count > 100)).toBe(true)
    expect(over).toBeUndefined()
  })

  test.each(SEEDS)('that wait each for itself spread, try least and are back first (seed %d)', seed => {
    const [atOnce, backoff, jitter] = STRATEGIES.map(strategy => storm(strategy, seeded(seed)))
    expect(Math.max(...(jitter?.attempts.slice(1) ?? []))).toBeLessThan(80)
    expect(jitter?.total).toBeLessThan(Math.min(atOnce?.total ?? 0, backoff?.total ?? 0))
    expect(jitter?.over).toBeLessThan(atOnce?.over ?? 0)
  })
})

test('seeded numbers are the same each time, spread, and none is 1', () => {
  const take = (seed: number) => {
    const next = seeded(seed)
    return Array.from({ length: 1000 }, () => next())
  }
  expect(take(3)).toEqual(take(3))
  expect(take(3)).not.toEqual(take(4))
  expect(take(3).every(number => number >= 0 && number < 1)).toBe(true)
  expect(Math.abs(take(3).reduce((sum, number) => sum + number, 0) / 1000 - 0.5)).toBeLessThan(0.05)
})
