import { describe, expect, test } from 'vitest'
import { readRaceFile } from '../../../src/content/race-files.ts'
import { measuredValue, type RaceRecord } from '../../../src/content/race-record.ts'
import { RecordedError } from '../../../src/content/recorded.ts'
import { tally } from '../wire/race-tallies.ts'

const RACE: RaceRecord = {
  client: 'Chromium 156',
  recordedAt: '2026-11-26T00:00:00.000Z',
  settings: {
    rate: 5,
    size: 40,
    subscribers: 1,
    pollMs: 1000,
    seconds: 8,
    batching: true,
    keepAlive: true,
  },
  tallies: [
    tally('poll', { up: 1, events: 1 }),
    tally('poll', { up: 12_000, down: 345, events: 5, p50: 512.6, p95: 0.84 }),
    tally('websocket', { up: 1000, down: 1000, events: 5 }),
  ],
}

describe('a figure of a recorded race', () => {
  test.each([
    ['poll.up', '12,000'],
    ['poll.bytes', '12,345'],
    ['poll.perEvent', '2,469'],
    ['poll.p50', '513'],
    ['poll.p95', '0.8'],
    ['poll.events', '5'],
    ['ratio.poll.websocket', '6.2'],
    ['setting.rate', '5'],
  ])('%s is %s', (path, text) => {
    expect(measuredValue('race', RACE, path)).toBe(text)
  })

  test.each(['sse.up', 'poll.sideways', 'poll', 'ratio.poll.sse', 'setting.batching', 'setting.speed', ''])(
    'that is not there is an error that names race and path: %j',
    path => {
      expect(() => measuredValue('race', RACE, path)).toThrow(
        new RecordedError(`the race "race" has no "${path}"`),
      )
    },
  )

  test('of a race that is not there is an error that says where it would be', () => {
    expect(() => readRaceFile('nowhere')).toThrow('there is no race "nowhere" in src/content/races')
  })
})
