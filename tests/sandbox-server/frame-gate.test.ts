import { describe, expect, test } from 'vitest'
import { parseClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { FrameHeadReader } from '#protocol/frame-head-reader.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { FrameGate } from '../../sandbox-server/frame-gate.ts'
import { TokenBucket } from '../../sandbox-server/token-bucket.ts'

const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

function frame(payload: string, more: Partial<AnyFrameFields> = {}): Buffer<ArrayBuffer> {
  return Buffer.from(
    encodeFrame({ opcode: OPCODES.text, payload: Buffer.from(payload), maskingKey: KEY, ...more }),
  )
}

function gateWith(limit = 65_536, burst = 1_000): FrameGate {
  const rate = new TokenBucket(() => 0, { perSecond: 1, burst })
  return new FrameGate(limit, rate, false)
}

/** What passes of bytes that are pushed in these parts. */
function passed(parts: readonly Buffer<ArrayBuffer>[], limit = 65_536): Buffer {
  const gate = gateWith(limit)
  return Buffer.concat(parts.map(part => gate.push(part)))
}

describe('the gate', () => {
  const good = Buffer.concat([frame('good'), frame('x'.repeat(200)), frame('', { opcode: OPCODES.ping })])

  test('lets frames pass as they came, wherever they were cut', () => {
    for (let cut = 0; cut <= good.length; cut++)
      expect(passed([good.subarray(0, cut), good.subarray(cut)])).toEqual(good)
    expect(passed(Array.from(good, byte => Buffer.of(byte)))).toEqual(good)
  })

  test('lets nothing of a head pass before it is whole', () => {
    const gate = gateWith()
    const reader = new FrameHeadReader()
    for (const byte of good) {
      reader.push(gate.push(Buffer.of(byte)))
      expect(reader.pending).toBe(0)
    }
  })

  test.each<[what: string, code: number, rule: string, bad: Buffer<ArrayBuffer>]>([
    ['a length in too many bytes', 1002, 'Minimal length (RFC 6455 §5.2)', frame('bad', { lengthForm: 16 })],
    [
      'a length of 2^63',
      1002,
      '63-bit length (RFC 6455 §5.2)',
      frame('', { lengthForm: 64, declaredLength: 2n ** 63n }),
    ],
    ['a frame above the limit', 1009, 'Message size limit (RFC 6455 §10.4)', frame('x'.repeat(301))],
  ])('puts a Close in the place of %s, and lets nothing pass behind it', (_what, code, reason, bad) => {
    const wire = Buffer.concat([good, bad, frame('', { opcode: OPCODES.ping })])
    for (let cut = 0; cut <= wire.length; cut++) {
      const all = passed([wire.subarray(0, cut), wire.subarray(cut)], 300)
      expect(all.subarray(0, good.length)).toEqual(good)
      const [close, ...more] = new FrameParser().push(all.subarray(good.length))
      expect([close?.opcode, close?.masked, more]).toEqual([OPCODES.close, true, []])
      expect(parseClosePayload(close?.payload ?? good)).toEqual({ code, reason })
    }
  })

  test('does the same in the place of one frame too many', () => {
    const gate = gateWith(65_536, 2)
    const all = gate.push(Buffer.concat([frame('one'), frame('two'), frame('three'), frame('four')]))
    const frames = new FrameParser().push(all)
    expect(frames.map(({ opcode }) => opcode)).toEqual([OPCODES.text, OPCODES.text, OPCODES.close])
    expect(parseClosePayload(frames[2]?.payload ?? all)).toEqual({ code: 1008, reason: 'too many messages' })
    expect(gate.failure?.limit).toBe('messagesPerSecond')
  })
})
