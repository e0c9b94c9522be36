import { describe, expect, test } from 'vitest'
import { soonEnough } from '../../../src/missions/when-to-use.ts'
import type { RaceResult } from '../../../src/wire/race-figures.ts'
import { tally } from '../wire/race-tallies.ts'

/** A race of ten events, polls so late and of so many bytes, WebSocket of 1,000. */
function race(p95: number, bytes: number, events = 10): RaceResult {
  return {
    settings: { rate: 1, size: 40, subscribers: 1, pollMs: 200, seconds: 6, batching: true, keepAlive: true },
    guess: undefined,
    tallies: [tally('poll', { up: bytes, events, p95 }), tally('websocket', { down: 1000, events, p95: 1 })],
  }
}

describe('polls that are soon enough', () => {
  test('pass when they cost more than twice as much', () => {
    expect(soonEnough([], [race(400, 2001)])).toEqual({ passed: true })
  })

  test.each([
    ['too late', race(401, 5000), '401 ms'],
    ['not dear', race(100, 2000), '2.0배'],
    ['of nothing', race(0, 5000, 0), '하나도'],
  ])('%s do not pass', (_name, result, near) => {
    expect(soonEnough([], [result])).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('before there was a race do not pass', () => {
    expect(soonEnough([])).toEqual({ passed: false })
  })
})
