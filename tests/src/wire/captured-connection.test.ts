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
    expect([items.length, forgotten]).toEqual([502, { chunks: 0, items: 0, bytes: 0, script: 0 }])
  })

  test('keeps as many of what JavaScript did as of items', () => {
    const connection = new CapturedConnection(1, 'echo', { items: 80, bytes: 1e6 })
    for (let at = 0; at < 1_000; at++) connection.addScript({ at, what: 'send', detail: '' })
    expect(connection.script.length).toBeLessThanOrEqual(90)
    expect(connection.script.at(-1)?.at).toBe(999)
    expect(connection.forgotten.script + connection.script.length).toBe(1_000)
  })
})

describe('what is no item', () => {
  test('stands before the item that came after it', () => {
    const connection = openConnection()
    connection.addEnding({ at: 2_500, how: 'client-fin' })
    serverSays(connection, 'still here')
    connection.addEnding({ at: 9_000, how: 'server-fin' })
    connection.addEnding({ at: 9_000, how: 'closed' })
    expect(connection.notes.map(note => [note.kind, note.before])).toEqual([
      ['ending', 2],
      ['ending', 3],
    ])
  })

  test('stands where it stood when a recording of it is taken', () => {
    const connection = openConnection()
    connection.addEnding({ at: 2_500, how: 'client-fin' })
    serverSays(connection, 'still here')
    connection.addEnding({ at: 9_000, how: 'closed' })
    const again = CapturedConnection.fromRecording(connection.toRecorded())
    expect(again.notes).toEqual(connection.notes)
    expect(again.items).toEqual(connection.items)
  })

  test('is a gap once, where it began', () => {
    const connection = openConnection()
    connection.addDropped(3, 300)
    serverSays(connection, 'unreadable')
    connection.addDropped(1, 50)
    expect(connection.notes).toEqual([{ kind: 'gap', before: 2, at: 2_000 }])
    expect(connection.dropped).toEqual({ chunks: 4, bytes: 350 })
  })
})

test('what the tap tells is taken as what it is', () => {
  const connection = openConnection()
  const bytes = new Uint8Array(textFrame('heard'))
  const chunk = { type: 'chunk', connection: 1, from: 'server', at: 3_000, bytes } as const
  expect(connection.hear({ type: 'opened', connection: 1, at: 0, lab: 'echo' })).toEqual([])
  expect(connection.hear(chunk)).toEqual([connection.items.at(-1)])
  expect(lastText(connection)).toBe('heard')
  expect(connection.hear({ type: 'dropped', connection: 1, chunks: 3, bytes: 300 })).toEqual([])
  expect(connection.hear({ ...chunk, at: 5_000 })).toEqual([])
  expect(connection.dropped).toEqual({ chunks: 3, bytes: 300 })
  expect(connection.hear({ type: 'ending', connection: 1, at: 6_000, how: 'reset' })).toEqual([])
  expect(connection.endings).toEqual([{ at: 6_000, how: 'reset' }])
})

describe('what is recorded of a connection that has forgotten', () => {
  test('is its heads and what is kept, from the first byte of a whole frame on', () => {
    const connection = new CapturedConnection(1, 'echo', { items: 20, bytes: 1e6 })
    for (const { from, bytes, at } of openConnection().chunks) connection.addChunk(from, bytes, at)
    // Two frames and a half to a chunk, so that what is kept begins inside one.
    const stream = Buffer.concat(Array.from({ length: 50 }, (_, i) => textFrame(String(i).padStart(4, '0'))))
    const mine = Buffer.concat(
      Array.from({ length: 10 }, (_, i) => textFrame(`c${i}`, Uint8Array.of(1, 2, 3, i))),
    )
    for (let at = 0; at < stream.length; at += 15) {
      connection.addChunk('server', new Uint8Array(stream.subarray(at, at + 15)), 3_000 + at)
      connection.addChunk(
        'client',
        new Uint8Array(mine.subarray((at / 15) * 4, (at / 15) * 4 + 4)),
        3_000 + at,
      )
    }
    expect(connection.forgotten.items).toBeGreaterThan(20)
    const again = CapturedConnection.fromRecording(connection.toRecorded())
    const told = (items: CapturedConnection['items']) =>
      items.map(item => (item.kind === 'frame' ? [item.from, item.message?.text, item.at] : [item.kind]))
    expect(told(again.items)).toEqual([['request'], ['response'], ...told(connection.items)])
    expect(again.pending('server')).toBe(connection.pending('server'))
  })

  test('is all of it while nothing was forgotten, gaps at their places', () => {
    const connection = openConnection()
    serverSays(connection, 'a')
    connection.addDropped(2, 20)
    serverSays(connection, 'unreadable')
    const recorded = connection.toRecorded()
    expect(recorded.gaps).toEqual([{ before: 3, chunks: 2, bytes: 20 }])
    expect(CapturedConnection.fromRecording(recorded).toRecorded()).toEqual(recorded)
  })

  test('counts what cannot be read as missing once that is too much', () => {
    const connection = new CapturedConnection(1, 'echo', { items: 100, bytes: 1_000 })
    for (const { from, bytes, at } of openConnection().chunks) connection.addChunk(from, bytes, at)
    connection.addDropped(1, 10)
    for (let at = 0; at < 100; at++) connection.addChunk('server', new Uint8Array(100), 5_000 + at)
    expect(connection.chunks.length).toBe(12)
    expect(connection.dropped).toEqual({ chunks: 91, bytes: 9_010 })
  })
})

test('clearing forgets what was seen and keeps what comes, an unfinished frame included', () => {
  const connection = openConnection()
  const frame = textFrame('halved')
  connection.addChunk('server', frame.subarray(0, 3), 3_000)
  connection.clear()
  expect([connection.items, connection.end]).toEqual([[], 2])
  connection.addChunk('server', frame.subarray(3), 4_000)
  expect(lastText(connection)).toBe('halved')
  expect(connection.itemAt(2)).toBe(connection.items[0])
  expect(CapturedConnection.fromRecording(connection.toRecorded()).items).toHaveLength(3)
})
