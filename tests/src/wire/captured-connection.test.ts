import { describe, expect, test } from 'vitest'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { openConnection, serverSays, textFrame } from './captured.ts'

/** A connection that keeps few items, on which the server said so many numbers. */
function longConnection(kept: { items: number; bytes: number }, said: number): CapturedConnection {
  const connection = new CapturedConnection(1, 'echo', kept)
  for (const { from, bytes, at } of openConnection().chunks) connection.addChunk(from, bytes, at)
  for (let i = 0; i < said; i++) serverSays(connection, String(i).padStart(6, '0'), 3_000 + i)
  return connection
}

const lastText = (connection: CapturedConnection) => {
  const item = connection.items.at(-1)
  return item?.kind === 'frame' ? item.message?.text : undefined
}

describe('a connection that keeps only so much', () => {
  test('forgets from its beginning, and counts what it forgot', () => {
    const connection = longConnection({ items: 100, bytes: 1e6 }, 1_000)
    const { items, chunks, forgotten } = connection
    expect(items.length).toBeGreaterThanOrEqual(100)
    expect(items.length).toBeLessThanOrEqual(113)
    expect(items.length + forgotten.items).toBe(1_002)
    expect(chunks.length + forgotten.chunks).toBe(1_002)
    expect(lastText(connection)).toBe('000999')
  })

  test('keeps the chunks of what it keeps, by their numbers', () => {
    const connection = longConnection({ items: 100, bytes: 1e6 }, 1_000)
    for (const item of connection.items) {
      const chunk = connection.chunkAt(item.chunks.first)
      expect(item.kind === 'frame' && chunk?.bytes).toEqual(item.kind === 'frame' && item.frame.wire)
    }
    expect(connection.chunkAt(connection.forgotten.chunks - 1)).toBeUndefined()
  })

  test('forgets by bytes too, but never the latest', () => {
    const connection = longConnection({ items: 1e6, bytes: 80 }, 50)
    expect(connection.items.length).toBeLessThanOrEqual(11)
    connection.addChunk('server', textFrame('x'.repeat(500)), 9_000)
    expect(connection.items).toHaveLength(1)
    expect(lastText(connection)).toHaveLength(500)
    expect(connection.forgotten.items).toBe(52)
  })

  test('forgets nothing within its bounds', () => {
    const { items, forgotten } = longConnection({ items: 1_000, bytes: 1e6 }, 500)
    expect([items.length, forgotten]).toEqual([502, { chunks: 0, items: 0, bytes: 0 }])
  })
})
