import { describe, expect, test } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { pingInTheMiddle, twoBrokenOrders } from '../../../src/missions/fragmentation.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { openConnection } from '../wire/captured.ts'

interface Said {
  readonly by?: 'server'
  readonly opcode: number
  readonly fin?: boolean
  readonly length?: number
}

/** Frames in the order in which they crossed. */
function crossed(...frames: readonly Said[]): CapturedConnection {
  const connection = openConnection()
  for (const [index, { by = 'client', opcode, fin = true, length = 2 }] of frames.entries()) {
    const payload = opcode === 8 ? encodeClosePayload(1002) : new Uint8Array(length).fill(0x61)
    const key = by === 'client' ? { maskingKey: Uint8Array.of(7, 6, 5, index) } : {}
    connection.addChunk(by, encodeFrame({ opcode, fin, payload, ...key }), 3000 + index)
  }
  return connection
}

const FIRST = { opcode: 1, fin: false }
const NEXT = { opcode: 0, fin: false }
const LAST = { opcode: 0 }
const PING = { opcode: 9 }
const PONG = { by: 'server', opcode: 10 } as const

describe('a ping in the middle of a message', () => {
  test.each([
    ['behind the first fragment', [FIRST, PING, PONG, NEXT, LAST]],
    ['behind the second, of four', [FIRST, NEXT, PING, PONG, NEXT, LAST]],
    ['after tries that failed', [FIRST, LAST, FIRST, PING, NEXT, PONG, LAST]],
  ])('passes when it is answered there, %s', (_, frames) => {
    expect(pingInTheMiddle([crossed(...frames)])).toEqual({ passed: true })
  })

  test.each([
    ['answered too late', [FIRST, PING, NEXT, LAST, PONG], '퐁이 돌아오기 전에'],
    ['not there', [FIRST, NEXT, LAST, PING, PONG], '핑이 없었습니다'],
    ['in a message of two fragments', [FIRST, PING, PONG, LAST], '프레임 2개'],
    ['before the message', [PING, PONG, FIRST, NEXT, LAST], '핑이 없었습니다'],
    ['in a message that breaks a rule', [FIRST, PING, PONG, { opcode: 1 }], '어긴'],
  ])('does not pass when %s', (_, frames, near) => {
    expect(pingInTheMiddle([crossed(...frames)])).toMatchObject({
      passed: false,
      near: expect.stringContaining(near),
    })
  })

  test('does not pass while the message goes on', () => {
    expect(pingInTheMiddle([crossed(FIRST, PING, PONG, NEXT)])).toEqual({ passed: false })
  })

  test('does not pass for what the server says', () => {
    const server = [FIRST, NEXT, LAST].map(frame => ({ ...frame, by: 'server' as const }))
    expect(pingInTheMiddle([crossed(...server)])).toEqual({ passed: false })
  })
})

describe('two broken orders', () => {
  const CLOSE = { by: 'server', opcode: 8 } as const
  const orphan = crossed(LAST, CLOSE)
  const interleaved = crossed(FIRST, { opcode: 1 }, CLOSE)

  test.each([
    ['a continuation of nothing and a message in another', [orphan, interleaved]],
    [
      'a ping in two frames and one too long',
      [crossed({ opcode: 9, fin: false }, CLOSE), crossed({ opcode: 9, length: 126 }, CLOSE)],
    ],
  ])('pass: %s', (_, connections) => {
    expect(twoBrokenOrders(connections)).toEqual({ passed: true })
  })

  test.each([
    ['only one', [orphan], '한 가지는'],
    ['the same twice', [orphan, crossed(LAST, CLOSE)], '한 가지는'],
    ['the second not refused', [orphan, crossed(FIRST, { opcode: 1 })], '한 가지는'],
    ['another rule', [orphan, crossed({ opcode: 3 }, CLOSE)], '한 가지는'],
    [
      'two broken by one order, as the server ends at the first',
      [crossed({ opcode: 9, fin: false }, LAST, CLOSE)],
      '한 가지는',
    ],
    ['none', [crossed(FIRST, NEXT, LAST)], '아직'],
  ])('do not pass: %s', (_, connections, near) => {
    expect(twoBrokenOrders(connections)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('say nothing before anything was said', () => {
    expect(twoBrokenOrders([openConnection()])).toEqual({ passed: false })
  })
})
