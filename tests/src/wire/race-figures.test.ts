import { describe, expect, test } from 'vitest'
import { RACE_WAYS } from '#contract/race-ways.ts'
import {
  bytesOverTime,
  bytesPerEvent,
  lastTallies,
  raceCsv,
  ratioOf,
  tallyOf,
} from '../../../src/wire/race-figures.ts'
import { tally } from './race-tallies.ts'

const early = RACE_WAYS.map(way => tally(way, { at: 400, up: 100, down: 10, events: 1 }))
const late = RACE_WAYS.map((way, index) => tally(way, { at: 800, up: 200, down: 100 * index, events: 10 }))

describe('figures of a race', () => {
  test('are those of the last tallies, in the order of the ways', () => {
    expect(lastTallies([...early, ...late.toReversed()])).toEqual(late)
    expect(tallyOf(early, 'sse')).toBe(early[2])
    expect(tallyOf([], 'sse')).toBeUndefined()
  })

  test('are bytes of both directions for each event, and how many times those of another way', () => {
    const [poll, , , websocket] = late
    expect([poll, websocket].map(each => each && bytesPerEvent(each))).toEqual([20, 50])
    expect(ratioOf(late, 'websocket', 'poll')).toBe(2.5)
  })

  test('are not there while nothing has arrived', () => {
    const none = [tally('poll', { events: 0 }), tally('websocket', { events: 3, up: 3 })]
    expect(none[0] && bytesPerEvent(none[0])).toBeUndefined()
    expect(ratioOf(none, 'poll', 'websocket')).toBeUndefined()
    expect(ratioOf([], 'poll', 'websocket')).toBeUndefined()
  })

  test('have a column for each way over time', () => {
    const { seconds, bytes } = bytesOverTime([...early, ...late])
    expect(seconds).toEqual([0.4, 0.8])
    expect(bytes.poll).toEqual([110, 200])
    expect(bytes['poll-h2']).toEqual([110, 600])
  })

  test('can be saved as CSV, a line for each tally', () => {
    const lines = raceCsv([tally('sse', { at: 400.12345, up: 7, p95: 1.5 })]).split('\r\n')
    expect(lines).toEqual([
      'way,at,connections,requests,up,down,events,p50,p95,max',
      'sse,400.123,1,1,7,0,0,0,1.5,0',
      '',
    ])
  })
})
