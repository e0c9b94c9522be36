import { expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { streamLanes } from '../../../src/wire/stream-lanes.ts'
import { clientSays, openConnection, serverSays, textFrame } from './captured.ts'

const maskingKey = Uint8Array.of(1, 2, 3, 4)
const utf8 = (text: string) => new TextEncoder().encode(text)

test('there are no lanes before a frame', () => {
  expect(streamLanes(openConnection(), 'client')).toBeUndefined()
})

test('a frame that comes byte by byte is one frame and one message in many reads', () => {
  const connection = openConnection()
  const frame = textFrame('안', maskingKey)
  for (const byte of frame) connection.addChunk('client', Uint8Array.of(byte), 3000)
  expect(streamLanes(connection, 'client')).toEqual({
    start: 0,
    end: 9,
    chunks: Array.from({ length: 9 }, (_, start) => ({ start, end: start + 1 })),
    frames: [{ start: 0, headEnd: 6, end: 9, opcode: 1 }],
    unfinished: undefined,
    messages: [{ start: 0, end: 9, text: '안' }],
  })
})

test('frames that come together are one read', () => {
  const connection = openConnection()
  connection.addChunk('server', Uint8Array.from([...textFrame('a'), ...textFrame('bc')]), 3000)
  expect(streamLanes(connection, 'server')).toMatchObject({
    chunks: [{ start: 0, end: 7 }],
    frames: [
      { start: 0, headEnd: 2, end: 3 },
      { start: 3, headEnd: 5, end: 7 },
    ],
    messages: [{ text: 'a' }, { text: 'bc' }],
  })
})

test('a message of several frames reaches from the first to the last, over the ping between them', () => {
  const connection = openConnection()
  const frames = [
    { opcode: 1, fin: false, payload: utf8('a') },
    { opcode: 9, payload: utf8('?') },
    { opcode: 0, payload: utf8('b') },
  ]
  for (const frame of frames) connection.addChunk('server', encodeFrame(frame), 3000)
  expect(streamLanes(connection, 'server')?.messages).toEqual([{ start: 0, end: 9, text: 'ab' }])
})

test('bytes of a frame that is not complete are told apart', () => {
  const connection = openConnection()
  clientSays(connection, 'a')
  connection.addChunk('client', textFrame('bcd', maskingKey).subarray(0, 4), 4000)
  expect(streamLanes(connection, 'client')).toMatchObject({ end: 11, unfinished: { start: 7, end: 11 } })
})

test('what came before the item asked for is left out, of a read its part', () => {
  const connection = openConnection()
  connection.addChunk('server', Uint8Array.from([...textFrame('a'), ...textFrame('bc')]), 3000)
  serverSays(connection, 'd')
  expect(streamLanes(connection, 'server', 3)).toMatchObject({
    start: 3,
    end: 10,
    chunks: [
      { start: 3, end: 7 },
      { start: 7, end: 10 },
    ],
    frames: [{ start: 3 }, { start: 7 }],
  })
})

test('a frame that came with the head begins its stream', () => {
  const connection = openConnection()
  clientSays(connection, 'a')
  expect(streamLanes(connection, 'client')?.chunks).toEqual([{ start: 0, end: 7 }])
})
