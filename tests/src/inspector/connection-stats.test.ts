import { describe, expect, test } from 'vitest'
import { OPCODES } from '#protocol/opcodes.ts'
import { ConnectionStats } from '../../../src/inspector/connection-stats.ts'
import { traced, utf8, type Said } from './traced.ts'

function statsOf(...frames: readonly Said[]): ConnectionStats {
  const stats = new ConnectionStats()
  for (const item of traced(...frames)) stats.add(item)
  return stats
}

describe('the numbers of a connection', () => {
  test('count what was said and what it took to say it', () => {
    const { client, server, payloadShare } = statsOf(
      { from: 'client', opcode: OPCODES.text, payload: utf8('안녕') },
      { from: 'client', opcode: OPCODES.ping, payload: utf8('?') },
      { from: 'server', opcode: OPCODES.binary, payload: new Uint8Array(200), fin: false },
      { from: 'server', opcode: OPCODES.continuation, payload: new Uint8Array(10) },
    )
    const { bytes, handshakeBytes, ...counted } = client
    expect(counted).toEqual({
      frames: 2,
      messages: 1,
      payloadBytes: 6,
      overheadBytes: 6 + 6 + 1,
      violations: 0,
    })
    expect(bytes - handshakeBytes).toBe(6 + 6 + 6 + 1)
    expect(server).toMatchObject({ frames: 2, messages: 1, payloadBytes: 210, overheadBytes: 4 + 2 })
    expect(payloadShare).toBeCloseTo(216 / (19 + 216))
  })

  test('have no share of payload before there is a frame', () => {
    expect(statsOf().payloadShare).toBeUndefined()
  })

  test('count broken rules on the side that broke them', () => {
    const { client, server } = statsOf({ from: 'client', opcode: 3 })
    expect([client.violations, server.violations]).toEqual([1, 0])
  })

  test('measure a round trip from the ping to the pong with its payload, whoever asked', () => {
    const { roundTrips } = statsOf(
      { from: 'server', opcode: OPCODES.ping, payload: utf8('a'), at: 10_000 },
      { from: 'server', opcode: OPCODES.ping, payload: utf8('b'), at: 11_000 },
      { from: 'client', opcode: OPCODES.pong, payload: utf8('unasked'), at: 11_500 },
      { from: 'client', opcode: OPCODES.pong, payload: utf8('b'), at: 12_500 },
      // Answered by the later one already.
      { from: 'client', opcode: OPCODES.pong, payload: utf8('a'), at: 13_000 },
      { from: 'client', opcode: OPCODES.ping, at: 20_000 },
      { from: 'server', opcode: OPCODES.pong, at: 20_250 },
    )
    expect(roundTrips).toEqual([
      { by: 'server', at: 11_000, micros: 1_500 },
      { by: 'client', at: 20_000, micros: 250 },
    ])
  })

  test('know who closed first, with what, and what was answered', () => {
    const { firstClose, closes } = statsOf(
      { from: 'server', opcode: OPCODES.close, payload: Uint8Array.of(0x0f, 0xa0, ...utf8('끝')), at: 5_000 },
      { from: 'client', opcode: OPCODES.close, at: 6_000 },
      { from: 'client', opcode: OPCODES.close, payload: Uint8Array.of(3, 0xe8), at: 7_000 },
    )
    expect(firstClose).toBe('server')
    expect(closes).toEqual({
      server: { code: 4000, reason: '끝', at: 5_000 },
      client: { code: undefined, reason: '', at: 6_000 },
    })
  })
})
