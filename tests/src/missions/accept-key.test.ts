import { describe, expect, test } from 'vitest'
import { acceptFor } from '#protocol/accept.ts'
import { refusedAccept, rightAccept } from '../../../src/missions/accept-key.ts'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const RIGHT = acceptFor(KEY)
const ANOTHER = acceptFor('x3JJHMbDL1EzLkh9GBhXDw==')
const utf8 = (text: string) => new TextEncoder().encode(text)

/** A played handshake, and what the browser made of it. */
function answered(
  accept: string | undefined,
  told: 'open' | 'error' | 'nothing',
  { status = '101 Switching Protocols', upgrade = 'websocket' } = {},
): CapturedConnection {
  const connection = new CapturedConnection(1, 'played')
  connection.addChunk(
    'client',
    utf8(
      `GET /lab/played HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    ),
    1000,
  )
  const value = accept === undefined ? '' : `Sec-WebSocket-Accept: ${accept}\r\n`
  connection.addChunk(
    'server',
    utf8(`HTTP/1.1 ${status}\r\nUpgrade: ${upgrade}\r\nConnection: Upgrade\r\n${value}\r\n`),
    2000,
  )
  if (told !== 'nothing') connection.addScript({ at: 3000, what: told, detail: '' })
  return connection
}

describe('a server that the browser accepts', () => {
  test('passes', () => {
    expect(rightAccept([answered(ANOTHER, 'error'), answered(RIGHT, 'open')])).toEqual({ passed: true })
  })

  test.each<[string, CapturedConnection, string]>([
    ['an answer to another key', answered(ANOTHER, 'error'), '글자 수는 맞지만'],
    ['hexadecimal digits', answered('b3'.repeat(20), 'error'), '40글자'],
    ['no answer', answered(undefined, 'error'), '수락 값이 없습니다'],
  ])('is not one with %s, and the reader learns why', (_name, connection, near) => {
    expect(rightAccept([connection])).toEqual({ passed: false, near: expect.stringContaining(near) })
  })

  test('is not one before the browser has judged it', () => {
    expect(rightAccept([answered(RIGHT, 'nothing')])).toEqual({ passed: false })
  })
})

describe('a browser that refuses for the answer alone', () => {
  test('passes', () => {
    expect(refusedAccept([answered(ANOTHER, 'error')])).toEqual({ passed: true })
  })

  test.each<[string, CapturedConnection, string]>([
    ['the right answer', answered(RIGHT, 'open'), '연결을 열었습니다'],
    ['one that looks wrong', answered('b3'.repeat(20), 'error'), '40글자'],
    ['another header wrong too', answered(ANOTHER, 'error', { upgrade: 'h2c' }), '말고도'],
    ['another status', answered(ANOTHER, 'error', { status: '400 Bad Request' }), '말고도'],
    ['no answer', answered(undefined, 'error'), '0글자'],
  ])('is not one at %s, and the reader learns why', (_name, connection, near) => {
    expect(refusedAccept([connection])).toEqual({ passed: false, near: expect.stringContaining(near) })
  })

  test('is not one before it has refused', () => {
    expect(refusedAccept([answered(ANOTHER, 'nothing')])).toEqual({ passed: false })
  })
})
