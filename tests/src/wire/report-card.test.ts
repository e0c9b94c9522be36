import { describe, expect, test } from 'vitest'
import { overheadOf, percentile, reportCard } from '../../../src/wire/report-card.ts'
import { clientSays, openConnection, serverSays } from './captured.ts'

describe('the report card of a connection', () => {
  test('counts messages, what they say and what their frames take, by sender', () => {
    const connection = openConnection()
    clientSays(connection, 'a'.repeat(20))
    serverSays(connection, 'a'.repeat(20))
    clientSays(connection, 'b')
    const card = reportCard(connection)
    expect(card).toMatchObject({
      messages: { client: 2, server: 1 },
      payload: { client: 21, server: 20 },
      wire: { client: 33, server: 22 },
    })
    expect(overheadOf(card, 'server')).toBe(0.1)
    expect(card.opening).toBe(connection.items.slice(0, 2).reduce((sum, item) => sum + sizeOf(item), 0))
  })

  test('knows how far the client was ahead of the answers at most', () => {
    const connection = openConnection()
    for (const [at, what] of (['send', 'send', 'send', 'message', 'message', 'send'] as const).entries())
      connection.addScript({ at, what, detail: '' })
    expect(reportCard(connection).inFlight).toBe(3)
  })

  test('leaves control frames out', () => {
    const connection = openConnection()
    connection.addChunk('server', Uint8Array.of(0x89, 0x01, 0x31), 5000)
    expect(reportCard(connection)).toMatchObject({ wire: { server: 0 }, messages: { server: 0 } })
  })

  test('takes round trips from what JavaScript did and was told, in order', () => {
    const connection = openConnection()
    for (const [at, what] of [
      [10, 'send'],
      [20, 'send'],
      [110, 'message'],
      [100, 'message'],
    ] as const)
      connection.addScript({ at, what, detail: '' })
    expect(reportCard(connection).roundTrips).toEqual([80, 100])
  })

  test('has no share of nothing', () => {
    expect(overheadOf(reportCard(openConnection()), 'client')).toBeUndefined()
  })
})

function sizeOf(item: ReturnType<typeof openConnection>['items'][number]): number {
  return item.kind === 'request' || item.kind === 'response' ? item.head.bytes.length : 0
}

describe('a percentile', () => {
  test.each([
    [[], 0.5, undefined],
    [[7], 0.95, 7],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.95, 4],
    [[1, 2, 3, 4], 0, 1],
  ])('of %j at %d is %s', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected)
  })
})
