import { expect, test } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { serverPings } from '../../../src/wire/round-trips.ts'
import { silenceOf } from '../../../src/wire/silence.ts'
import { traced, utf8 } from '../inspector/traced.ts'
import { clientSays, openConnection, serverSays } from './captured.ts'

const ping = (payload: string, at: number) =>
  ({ from: 'server', opcode: 0x9, payload: utf8(payload), at }) as const
const pong = (payload: string, at: number) =>
  ({ from: 'client', opcode: 0xa, payload: utf8(payload), at }) as const

test('each pong is put to the ping whose payload it carries', () => {
  const items = traced(ping('1', 100), pong('1', 130), ping('2', 200), pong('2', 260))
  expect(serverPings(items)).toEqual([
    { at: 100, micros: 30 },
    { at: 200, micros: 60 },
  ])
})

test('a ping without a pong of its own stays open, also when a later one was answered', () => {
  const items = traced(ping('1', 100), ping('2', 200), pong('2', 260), pong('unasked', 300), ping('3', 400))
  expect(serverPings(items).map(({ micros }) => micros)).toEqual([undefined, 60, undefined])
})

test('before the server has said anything there is no silence', () => {
  const connection = openConnection()
  clientSays(connection, '1')
  expect(silenceOf(connection)).toBeUndefined()
})

test('a silence begins with the last answer, and counts what got none', () => {
  const connection = openConnection()
  clientSays(connection, '1', 3000)
  serverSays(connection, '1', 3100)
  clientSays(connection, '2', 4000)
  expect(silenceOf(connection)).toEqual({ answers: 1, since: 3100, unanswered: 1, noticedAt: undefined })
  connection.addScript({ at: 5000, what: 'close()', detail: '4000' })
  expect(silenceOf(connection)?.noticedAt).toBe(5000)
})

test('a server that says goodbye is not silent', () => {
  const connection = openConnection()
  serverSays(connection, '1', 3100)
  connection.addChunk('server', encodeFrame({ opcode: 8, payload: encodeClosePayload(1001) }), 3200)
  expect(silenceOf(connection)).toBeUndefined()
})
