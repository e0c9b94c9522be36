import { describe, expect, test } from 'vitest'
import { acceptFor } from '#protocol/accept.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import type { ProxyKind } from '#contract/proxies.ts'
import { keptAlive, pressedOut } from '../../../src/missions/proxies.ts'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { clientSays, serverSays } from '../wire/captured.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const utf8 = (text: string) => new TextEncoder().encode(text)

/** One side of a proxy, open since 2,000 µs: what comes from the proxy is signed. */
function sideOf(kind: ProxyKind, side: 'front' | 'behind'): CapturedConnection {
  const connection = new CapturedConnection(1, 'ping')
  const via = (of: 'front' | 'behind') => (side === of ? `Via: 1.1 ${kind}\r\n` : '')
  connection.addChunk(
    'client',
    utf8(
      `GET /lab/ping HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n${via('behind')}\r\n`,
    ),
    1000,
  )
  connection.addChunk(
    'server',
    utf8(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Accept: ${acceptFor(KEY)}\r\n${via('front')}\r\n`,
    ),
    2000,
  )
  return connection
}
const close = encodeFrame({
  opcode: 0x8,
  payload: Uint8Array.of(3, 232),
  maskingKey: Uint8Array.of(1, 2, 3, 4),
})

describe('a connection through the impatient proxy', () => {
  test('passes when something crosses twelve seconds after the handshake', () => {
    const front = sideOf('impatient', 'front')
    for (let second = 2; second <= 12; second += 2) serverSays(front, '…', second * 1e6)
    expect(keptAlive([front])).toEqual({ passed: false })
    serverSays(front, '…', 12_002_000)
    expect(keptAlive([front])).toEqual({ passed: true })
    expect(keptAlive([front, sideOf('impatient', 'behind')])).toEqual({ passed: true })
  })

  test('that the proxy ended does not pass, and is told when', () => {
    const front = sideOf('impatient', 'front')
    clientSays(front, '안녕', 3e6)
    front.addEnding({ at: 8_002_000, how: 'server-fin' })
    expect(keptAlive([front])).toMatchObject({ passed: false, near: expect.stringContaining('8.0초') })
  })

  test('through another proxy, on its far side only, or not at all does not pass', () => {
    for (const connection of [sideOf('passing', 'front'), sideOf('impatient', 'behind')]) {
      serverSays(connection, '…', 20e6)
      expect(keptAlive([connection])).toEqual({ passed: false })
    }
    expect(keptAlive([])).toEqual({ passed: false })
  })
})

describe('what the collecting proxy holds', () => {
  const pair = () => [sideOf('collecting', 'front'), sideOf('collecting', 'behind')] as const

  test('passes when it comes while the connection is open', () => {
    const [front, behind] = pair()
    serverSays(behind, '가'.repeat(400))
    serverSays(front, '가'.repeat(400))
    expect(pressedOut([front, behind])).toEqual({ passed: true })
    front.addChunk('client', close, 9000)
    expect(pressedOut([front, behind])).toEqual({ passed: true })
  })

  test('is counted as long as it is too little', () => {
    const [front, behind] = pair()
    serverSays(behind, '안녕')
    serverSays(behind, '안녕')
    expect(pressedOut([front, behind])).toMatchObject({
      passed: false,
      near: expect.stringMatching(/16바이트를 들고 .* 1,008바이트/),
    })
  })

  test('that comes with the end does not pass', () => {
    const [front, behind] = pair()
    serverSays(behind, '안녕')
    front.addChunk('client', close, 5000)
    serverSays(front, '안녕', 6000)
    expect(pressedOut([front, behind])).toMatchObject({
      passed: false,
      near: expect.stringContaining('열린 채로'),
    })
  })

  test('through another proxy does not count', () => {
    const front = sideOf('passing', 'front')
    serverSays(front, '가'.repeat(400))
    expect(pressedOut([front])).toEqual({ passed: false })
    expect(pressedOut(pair())).toEqual({ passed: false })
  })
})
