import { describe, expect, test } from 'vitest'
import { Inspected } from '../../../src/inspector/inspected.ts'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { clientSays, openConnection, serverSays, textFrame } from '../wire/captured.ts'

describe('an inspected connection', () => {
  test('counts everything that came, also what is forgotten', () => {
    const connection = new CapturedConnection(1, 'echo', { items: 10, bytes: 1e6 })
    const inspected = new Inspected(connection)
    for (const { from, bytes, at } of openConnection().chunks) connection.addChunk(from, bytes, at)
    for (let i = 0; i < 100; i++) {
      serverSays(connection, 'abc')
      inspected.catchUp()
    }
    expect(connection.items.length).toBeLessThan(12)
    expect(inspected.statsUntil(Infinity).server).toMatchObject({
      frames: 100,
      messages: 100,
      payloadBytes: 300,
    })
    expect(inspected.request?.head.method).toBe('GET')
    expect(inspected.response?.head.status).toBe(101)
  })

  test('knows which items break a rule, as long as they are kept', () => {
    const connection = new CapturedConnection(1, 'echo', { items: 20, bytes: 1e6 })
    const inspected = new Inspected(connection)
    for (const { from, bytes, at } of openConnection().chunks) connection.addChunk(from, bytes, at)
    connection.addChunk('client', textFrame('bare'), 3_000)
    inspected.catchUp()
    expect(inspected.faults).toEqual([2])
    for (let i = 0; i < 40; i++) serverSays(connection, 'x')
    inspected.catchUp()
    expect(inspected.faults).toEqual([])
  })

  test('whose handshake was refused breaks no rule by that', () => {
    const connection = new CapturedConnection(1, 'echo')
    const [request] = openConnection().chunks
    if (request) connection.addChunk('client', request.bytes, 1_000)
    const refusal = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'
    connection.addChunk('server', new TextEncoder().encode(refusal), 2_000)
    const inspected = new Inspected(connection)
    inspected.catchUp()
    expect(inspected.response?.head.status).toBe(404)
    expect([inspected.faults, inspected.statsUntil(Infinity).server.violations]).toEqual([[], 0])
  })

  test('counts only as far as a replay has come, forwards and backwards', () => {
    const connection = openConnection()
    clientSays(connection, 'a')
    serverSays(connection, 'b')
    const inspected = new Inspected(connection)
    inspected.catchUp()
    const frames = (until: number) => {
      const { client, server } = inspected.statsUntil(until)
      return [client.frames, server.frames]
    }
    expect([frames(4), frames(3), frames(2), frames(9)]).toEqual([
      [1, 1],
      [1, 0],
      [0, 0],
      [1, 1],
    ])
  })
})
