import { describe, expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import type { Role } from '#protocol/role.ts'
import type { FrameFilter } from '../../../src/inspector/frame-filter.ts'
import { chunkBlocks, messageBlocks } from '../../../src/inspector/lanes.ts'
import { Matches } from '../../../src/inspector/matches.ts'
import { MessageIndex } from '../../../src/inspector/message-index.ts'
import { Rows } from '../../../src/inspector/rows.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { openConnection } from '../wire/captured.ts'
import { matcherOf } from './matcher.ts'
import { utf8 } from './traced.ts'

const frame = (from: Role, opcode: number, fin = true) =>
  encodeFrame({
    opcode,
    fin,
    payload: utf8('abcdefgh'),
    ...(from === 'client' && { maskingKey: crypto.getRandomValues(new Uint8Array(4)) }),
  })

const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

/** A connection of these chunks after its handshake, which is rows 0 and 1. */
function connectionOf(...chunks: readonly (readonly [Role, Uint8Array])[]): CapturedConnection {
  const connection = openConnection()
  for (const [from, bytes] of chunks) connection.addChunk(from, bytes, 3_000)
  return connection
}

function shown(connection: CapturedConnection, filter: Partial<FrameFilter> = {}) {
  const matches = new Matches(matcherOf(filter))
  matches.advance({ first: 0, items: connection.items }, () => false)
  const messages = new MessageIndex()
  for (const [number, item] of connection.items.entries()) messages.add(number, item)
  const rows = new Rows(connection, matches)
  return {
    chunks: (start = 2, end = rows.count) =>
      chunkBlocks(connection, rows, start, end).map(({ chunk, top, bottom }) => [chunk, top, bottom]),
    open: (start: number, end: number) =>
      chunkBlocks(connection, rows, start, end).map(({ openTop, openBottom }) => [openTop, openBottom]),
    messages: (start = 2, end = rows.count) =>
      messageBlocks(messages, rows, start, end).map(({ first, top, bottom, openTop, openBottom }) => [
        first,
        top,
        bottom,
        openTop,
        openBottom,
      ]),
  }
}

describe('the lane of reads and writes', () => {
  test('has one block over the rows of all frames that a chunk carried', () => {
    const three = join(frame('client', 1), frame('client', 1), frame('client', 2))
    const { chunks } = shown(connectionOf(['client', three], ['server', frame('server', 1)]))
    expect(chunks()).toEqual([
      [2, 0, 3],
      [3, 3, 4],
    ])
  })

  test('has all the chunks of a frame in its row, in their order', () => {
    const whole = frame('server', 2)
    const { chunks } = shown(
      connectionOf(['server', whole.slice(0, 1)], ['server', whole.slice(1, 4)], ['server', whole.slice(4)]),
    )
    expect(chunks()).toEqual([
      [2, 0, 1 / 3],
      [3, 1 / 3, 2 / 3],
      [4, 2 / 3, 1],
    ])
  })

  test('has a chunk that ends one frame and begins the next over both, whatever came in between', () => {
    const [one, two] = [frame('client', 1), frame('client', 1)]
    const { chunks } = shown(
      connectionOf(
        ['client', join(one, two.slice(0, 3))],
        ['server', frame('server', 1)],
        ['client', two.slice(3)],
      ),
    )
    expect(chunks()).toEqual([
      [2, 0, 2.5],
      [4, 2.5, 3],
      [3, 1, 2],
    ])
  })

  test('stands a block for the many chunks in the middle of a frame', () => {
    const bytes = frame('server', 2)
    const single = Array.from(bytes, byte => ['server', Uint8Array.of(byte)] as const)
    const { chunks } = shown(connectionOf(...single))
    expect(chunks()).toEqual([
      [2, 0, 1 / 3],
      [undefined, 1 / 3, 2 / 3],
      [bytes.length + 1, 2 / 3, 1],
    ])
  })

  test('shows that a chunk goes on beyond the window', () => {
    const many = join(...Array.from({ length: 20 }, () => frame('client', 1)))
    const { chunks, open } = shown(connectionOf(['client', many]))
    expect([chunks(5, 10), open(5, 10)]).toEqual([[[2, 0, 5]], [[true, true]]])
    expect(open(2, 10)).toEqual([[false, true]])
    expect(open(15, 22)).toEqual([[true, false]])
  })
})

describe('the lane of messages', () => {
  const fragmented = () =>
    connectionOf(
      ['client', frame('client', 1, false)],
      ['client', frame('client', 9)],
      ['server', frame('server', 1)],
      ['client', frame('client', 0, false)],
      ['client', frame('client', 0)],
    )

  test('spans a message over its frames, control frames in between notwithstanding', () => {
    expect(shown(fragmented()).messages()).toEqual([
      [2, 0, 5, false, false],
      [4, 2, 3, false, false],
    ])
  })

  test('shows that a message goes on beyond the window', () => {
    expect(shown(fragmented()).messages(3, 5)).toEqual([[4, 1, 2, false, false]])
    expect(shown(fragmented()).messages(4, 6)).toEqual([
      [4, 0, 1, false, false],
      [2, 0, 2, true, true],
    ])
  })

  test('leaves a message open that is not complete', () => {
    const connection = connectionOf(['server', frame('server', 2, false)])
    expect(shown(connection).messages()).toEqual([[2, 0, 1, false, true]])
  })

  test('spans what the filter leaves of a message', () => {
    expect(shown(fragmented(), { kinds: ['continuation'] }).messages(0)).toEqual([[2, 0, 2, true, false]])
  })
})
