import { describe, expect, test } from 'vitest'
import { foretoldRatio, pollsWin } from '../../../src/missions/http-vs-websocket.ts'
import type { RaceResult } from '../../../src/wire/race-figures.ts'
import { tally } from '../wire/race-tallies.ts'

/** A race of ten events over polls and WebSocket that took so many bytes. */
function race(
  poll: number,
  websocket: number,
  more: Partial<RaceResult> & { p50?: number } = {},
): RaceResult {
  const { guess, p50 = 500 } = more
  return {
    settings: {
      rate: 5,
      size: 40,
      subscribers: 1,
      pollMs: 1000,
      seconds: 8,
      batching: true,
      keepAlive: true,
    },
    guess,
    tallies: more.tallies ?? [
      tally('poll', { up: poll, events: 10, p50 }),
      tally('websocket', { down: websocket, events: 10, p50: 1 }),
    ],
  }
}
const NOTHING = [tally('poll'), tally('websocket')]

describe('a ratio that was foretold', () => {
  test.each([2, 1.7, 2.4])('passes at %d when it was 2', guess => {
    expect(foretoldRatio([], [race(200, 100, { guess })])).toEqual({ passed: true })
  })

  test.each([
    ['too small', race(200, 100, { guess: 1.5 }), '잰 것은 2.0배'],
    ['too large', race(200, 100, { guess: 2.5 }), '예측은 2.5배'],
    ['not said', race(200, 100), '적지 않고'],
    ['of nothing', race(0, 0, { guess: 2, tallies: NOTHING }), '하나도'],
  ])('%s does not pass', (_name, result, near) => {
    expect(foretoldRatio([], [result])).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('is that of the latest race', () => {
    expect(foretoldRatio([], [race(200, 100, { guess: 2 }), race(200, 100, { guess: 9 })]).passed).toBe(false)
  })

  test('before there was a race does not pass', () => {
    expect(foretoldRatio([])).toEqual({ passed: false })
  })
})

describe('polls that win', () => {
  test('pass when they took fewer bytes and were later', () => {
    expect(pollsWin([], [race(90, 100)])).toEqual({ passed: true })
  })

  test.each([
    ['more bytes', race(110, 100), '폴링은 11.0바이트'],
    ['as many', race(100, 100), '웹소켓은 10.0바이트'],
    ['nothing that arrived', race(0, 0, { tallies: NOTHING }), '하나도'],
  ])('with %s do not pass', (_name, result, near) => {
    expect(pollsWin([], [result])).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('before there was a race do not pass', () => {
    expect(pollsWin([])).toEqual({ passed: false })
  })
})
