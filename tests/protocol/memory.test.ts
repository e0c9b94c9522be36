import { describe, expect, it } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { memoryInUse } from '../support/memory.ts'
import { deflateMessage, inflate } from './inflate.ts'

const MIB = 1 << 20
const CONTEXTS = { serverNoContextTakeover: false, clientNoContextTakeover: false }
/** What a test runner may hold meanwhile: far below what a few bytes of bookkeeping for each byte would take. */
const NOISE = 8 * MIB

describe('what is held of a message grows with its bytes alone:', () => {
  it('of one frame of 16 MiB in chunks of a byte, twice as much at most', { timeout: 60_000 }, () => {
    const head = encodeFrame({ opcode: 2, declaredLength: 16 * MIB, maskingKey: Uint8Array.of(1, 2, 3, 4) })
    const parser = new FrameParser()
    const before = memoryInUse()
    parser.push(head)
    const byte = Uint8Array.of(7)
    for (let mib = 1; mib < 16; mib++) {
      for (let i = 0; i < MIB; i++) parser.push(byte)
      if (mib % 5 === 0) expect(memoryInUse() - before).toBeLessThan(2 * parser.pending + NOISE)
    }
    expect(parser.pending).toBe(head.length + 15 * MIB)
  })

  it.each([
    ['as they crossed', undefined],
    ['compressed', { parameters: CONTEXTS, inflate }],
  ])('of a million fragments of a byte, %s, no more than in one frame', { timeout: 60_000 }, (_, deflate) => {
    const stream = new FrameStream('server', { keepWire: false, deflate })
    const payload = new Uint8Array(MIB).map((_, i) => i * 7 + (i >> 8) * 13)
    const sent = deflate ? deflateMessage(payload) : payload
    const before = memoryInUse()
    const push = (opcode: number, fin: boolean, part: Uint8Array) =>
      stream.push(encodeFrame({ opcode, fin, rsv1: opcode !== 0 && deflate !== undefined, payload: part }))
    push(2, false, new Uint8Array(0))
    for (let i = 0; i < sent.length; i++) push(0, false, sent.subarray(i, i + 1))
    expect(memoryInUse() - before).toBeLessThan(2 * sent.length + NOISE)
    const [last] = push(0, true, new Uint8Array(0)).frames
    expect(last?.message).toMatchObject({ frames: sent.length + 2, wireLength: sent.length })
    expect(Buffer.compare(last?.message?.payload ?? new Uint8Array(0), payload)).toBe(0)
  })

  it('nothing, when it has broken a rule', () => {
    const stream = new FrameStream('server', { keepWire: false, maxLength: 16 * MIB })
    const before = memoryInUse()
    const part = new Uint8Array(4 * MIB)
    const rules = [2, 0, 0, 0, 0, 0].flatMap(opcode =>
      stream
        .push(encodeFrame({ opcode, fin: false, payload: part }))
        .frames.flatMap(({ violations }) => violations.map(({ rule }) => rule)),
    )
    expect(rules).toEqual(['message-length'])
    expect(memoryInUse() - before).toBeLessThan(NOISE)
  })
})
