import { describe, expect, test } from 'vitest'
import type { FrameFilter } from '../../../src/inspector/frame-filter.ts'
import { Matches } from '../../../src/inspector/matches.ts'
import { keyOf, Rows } from '../../../src/inspector/rows.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'
import { matcherOf } from './matcher.ts'

function rowsOf(connection: CapturedConnection, filter: Partial<FrameFilter> = {}, until?: number): Rows {
  const matches = new Matches(matcherOf(filter))
  matches.advance({ first: connection.forgotten.items, items: connection.items }, () => false)
  return new Rows(connection, matches, until === undefined ? {} : { until })
}

const keys = (rows: Rows) =>
  Array.from({ length: rows.count }, (_, place) => {
    const row = rows.at(place)
    return row && keyOf(row)
  })

/** Heads 0 and 1, a frame each way, the client's FIN, one more frame, the end. */
function halfClosed(): CapturedConnection {
  const connection = openConnection()
  clientSays(connection, 'a')
  serverSays(connection, 'b')
  connection.addEnding({ at: 5_000, how: 'client-fin' })
  serverSays(connection, 'c', 6_000)
  connection.addEnding({ at: 7_000, how: 'server-fin' })
  return connection
}

describe('the lines of a connection', () => {
  test('are its items with the ends of its socket where they came', () => {
    expect(keys(rowsOf(halfClosed()))).toEqual([0, 1, 2, 3, 'n0', 4, 'n1'])
  })

  test('keep their numbers and the notes between them when filtered', () => {
    expect(keys(rowsOf(halfClosed(), { kinds: ['text'], from: 'server' }))).toEqual([3, 'n0', 4, 'n1'])
  })

  test('end where a replay has come to', () => {
    expect(keys(rowsOf(halfClosed(), {}, 3))).toEqual([0, 1, 2])
    expect(keys(rowsOf(halfClosed(), {}, 5))).toEqual([0, 1, 2, 3, 'n0', 4, 'n1'])
  })

  test('are found by their keys', () => {
    const rows = rowsOf(halfClosed())
    for (const [place, key] of keys(rows).entries())
      if (key !== undefined) expect([key, rows.placeOf(key), rows.has(key)]).toEqual([key, place, true])
  })

  test('say where a hidden one would be, and that it is hidden', () => {
    const rows = rowsOf(halfClosed(), { from: 'server' })
    expect(keys(rows)).toEqual([1, 3, 'n0', 4, 'n1'])
    expect([rows.placeOf(2), rows.has(2)]).toEqual([1, false])
    expect([rows.has(99), rows.has('n7')]).toEqual([false, false])
  })

  test('are the items alone where no notes are wanted', () => {
    const connection = halfClosed()
    const matches = new Matches(() => true)
    matches.advance({ first: 0, items: connection.items }, () => false)
    const rows = new Rows(connection, matches, { withNotes: false })
    expect(keys(rows)).toEqual([0, 1, 2, 3, 4])
    expect([rows.placeOf(4), rows.has('n0')]).toEqual([4, false])
  })

  test('are found as fast among many notes as among few', () => {
    const connection = openConnection()
    let looks = 0
    const count = 100_000
    for (let i = 0; i < count; i++) connection.addEnding({ at: 5_000, how: 'reset' })
    const matches = new Matches(() => true)
    matches.advance({ first: 0, items: connection.items }, () => false)
    const { placeOf } = matches
    matches.placeOf = number => (looks++, placeOf.call(matches, number))
    const rows = new Rows(connection, matches)
    expect(rows.at(count + 1)).toMatchObject({ kind: 'note', index: count - 1 })
    expect(rows.at(1)).toMatchObject({ kind: 'item', number: 1 })
    expect(looks).toBeLessThan(100)
  })

  test('beyond the last and before the first are none', () => {
    const rows = rowsOf(halfClosed())
    expect([rows.at(-1), rows.at(7)]).toEqual([undefined, undefined])
  })
})
