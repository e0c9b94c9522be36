import { acceptFor } from '#protocol/accept.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const MASK = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)
const utf8 = (text: string) => new TextEncoder().encode(text)

export const textFrame = (text: string, maskingKey?: Uint8Array) =>
  encodeFrame({ opcode: 0x1, payload: utf8(text), ...(maskingKey && { maskingKey }) })

/** A connection that a server behind a balancer answered, whose name stands in its response. */
export const seatAt = (server: string) => openConnection(undefined, undefined, `X-Served-By: ${server}\r\n`)

/** A connection whose handshake is over at 2,000 µs; subprotocols are offered and chosen as given. */
export function openConnection(offered?: string, chosen?: string, more = ''): CapturedConnection {
  const connection = new CapturedConnection(1, 'echo')
  const protocol = (value: string | undefined) =>
    value === undefined ? '' : `Sec-WebSocket-Protocol: ${value}\r\n`
  connection.addChunk(
    'client',
    utf8(
      `GET /lab/echo HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n${protocol(offered)}\r\n`,
    ),
    1000,
  )
  connection.addChunk(
    'server',
    utf8(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Accept: ${acceptFor(KEY)}\r\n${protocol(chosen)}${more}\r\n`,
    ),
    2000,
  )
  return connection
}

export function clientSays(connection: CapturedConnection, text: string, at = 3000): void {
  connection.addChunk('client', textFrame(text, MASK), at)
}

export function serverSays(connection: CapturedConnection, text: string, at = 4000): void {
  connection.addChunk('server', textFrame(text), at)
}
