import { acceptFor } from '#protocol/accept.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import type { Role } from '#protocol/role.ts'
import {
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedChunk,
  type Recording,
} from '#recording/recording.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

/** A frame to be recorded. */
interface RecordedFrame {
  readonly from: Role
  readonly opcode: number
  readonly payload: Uint8Array
  readonly fin?: boolean
}

/** A good handshake and these frames after it, a millisecond apart, a frame to a chunk. */
export function recordingOf(
  frames: Iterable<RecordedFrame>,
  title = '만든 기록',
  extra: { readonly requestLines?: readonly string[]; readonly tail?: Uint8Array<ArrayBuffer> } = {},
): Recording {
  const lines = extra.requestLines ?? []
  const chunks: RecordedChunk[] = [
    {
      from: 'client',
      at: 0,
      bytes: utf8(
        `GET /lab/echo HTTP/1.1\r\nHost: 127.0.0.1:8787\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n${lines.map(line => `${line}\r\n`).join('')}\r\n`,
      ),
    },
    {
      from: 'server',
      at: 500,
      bytes: utf8(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Accept: ${acceptFor(KEY)}\r\n\r\n`,
      ),
    },
  ]
  let count = 0
  for (const { from, opcode, payload, fin = true } of frames) {
    count++
    const maskingKey = from === 'client' ? Uint8Array.of(count >> 16, count >> 8, count, 0x5a) : undefined
    chunks.push({ from, at: count * 1000, bytes: encodeFrame({ opcode, payload, fin, maskingKey }).slice() })
  }
  if (extra.tail) chunks.push({ from: 'server', at: (count + 1) * 1000, bytes: extra.tail })
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    title,
    client: 'Chromium 156',
    recordedAt: '2026-01-02T03:04:05.000Z',
    connections: [{ id: 1, lab: 'echo', chunks, gaps: [], endings: [], script: [] }],
    marks: [],
  }
}

/** So many frames: texts both ways, every hundredth a ping and its pong, every thousandth in Korean. */
export function* manyFrames(count: number): Generator<RecordedFrame> {
  for (let n = 0; n < count; n++) {
    const from = n % 2 === 0 ? 'client' : 'server'
    const word = n % 1000 === 0 ? '천 번째' : 'message'
    if (n % 200 === 100) yield { from: 'client', opcode: 9, payload: utf8(`p${n}`) }
    else if (n % 200 === 101) yield { from: 'server', opcode: 10, payload: utf8(`p${n - 1}`) }
    else yield { from, opcode: 1, payload: utf8(`{"n":${n},"text":"${word}"}`) }
  }
}
