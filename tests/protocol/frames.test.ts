import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeFrame } from '#words/frame-line.ts'
import { encodeFrame, fragments, type AnyFrameFields, type FrameFields } from '#protocol/frame-encoder.ts'
import { FrameParser, ProtocolViolation } from '#protocol/frame-parser.ts'
import type { Frame } from '#protocol/frame.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { concat, cutAt, hex, utf8 } from './bytes.ts'

const KEY = hex('37fa213d')

/** The examples of RFC 6455 §5.7, byte for byte. */
const EXAMPLES: readonly (readonly [string, Uint8Array, readonly AnyFrameFields[], readonly string[]])[] = [
  [
    'a single-frame unmasked text message',
    hex('81 05 48 65 6c 6c 6f'),
    [{ opcode: 1, payload: utf8('Hello') }],
    ['server text fin len=5 “Hello”'],
  ],
  [
    'a single-frame masked text message',
    hex('81 85 37 fa 21 3d 7f 9f 4d 51 58'),
    [{ opcode: 1, payload: utf8('Hello'), maskingKey: KEY }],
    ['server text fin mask len=5 “Hello”'],
  ],
  [
    'a fragmented unmasked text message',
    hex('01 03 48 65 6c 80 02 6c 6f'),
    [
      { opcode: 1, payload: utf8('Hel'), fin: false },
      { opcode: 0, payload: utf8('lo') },
    ],
    ['server text len=3 “Hel”', 'server continuation fin len=2 6c 6f'],
  ],
  [
    'an unmasked Ping and its masked response',
    hex('89 05 48 65 6c 6c 6f 8a 85 37 fa 21 3d 7f 9f 4d 51 58'),
    [
      { opcode: 9, payload: utf8('Hello') },
      { opcode: 10, payload: utf8('Hello'), maskingKey: KEY },
    ],
    ['server ping fin len=5 48 65 6c 6c 6f', 'server pong fin mask len=5 48 65 6c 6c 6f'],
  ],
  [
    '256 bytes of binary in a single unmasked frame',
    concat(hex('82 7e 01 00'), new Uint8Array(256)),
    [{ opcode: 2, payload: new Uint8Array(256) }],
    ['server binary fin len=256 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 … +240 bytes'],
  ],
  [
    '64 KiB of binary in a single unmasked frame',
    concat(hex('82 7f 00 00 00 00 00 01 00 00'), new Uint8Array(65536)),
    [{ opcode: 2, payload: new Uint8Array(65536) }],
    ['server binary fin len=65536 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 … +65520 bytes'],
  ],
]

describe.each(EXAMPLES)('%s (RFC 6455 §5.7)', (_, wire, frames, lines) => {
  it('is what the encoder writes', () => {
    expect(Buffer.from(concat(...frames.map(encodeFrame))).equals(wire)).toBe(true)
  })

  it('is read whole', () => {
    const parsed = new FrameParser().push(wire)
    expect(parsed.map(frame => describeFrame(frame, 'server'))).toEqual(lines)
    expect(Buffer.from(concat(...parsed.map(frame => frame.wire))).equals(wire)).toBe(true)
    for (const [i, frame] of parsed.entries())
      expect(Buffer.from(frame.payload).equals(frames[i]?.payload ?? hex(''))).toBe(true)
  })

  it('is read the same when cut at every two positions', () => {
    const whole = snapshots(new FrameParser().push(wire))
    const positions = wire.length > 300 ? [1, 2, 3, 5, 9, 10, 11, 65545] : [...wire.keys()]
    for (const first of positions)
      for (const second of positions) {
        const parser = new FrameParser()
        const frames = cutAt(wire, [first, second]).flatMap(chunk => parser.push(chunk))
        expect(snapshots(frames)).toEqual(whole)
        expect(parser.pending).toBe(0)
      }
  })
})

const FIELDS = [
  'fin',
  'rsv1',
  'rsv2',
  'rsv3',
  'opcode',
  'masked',
  'lengthForm',
  'payloadLength',
  'headLength',
  'offset',
] as const

function snapshots(frames: readonly Frame[]): string[] {
  return frames.map(frame =>
    JSON.stringify({
      ...Object.fromEntries(FIELDS.map(name => [name, frame[name]])),
      maskingKey: frame.maskingKey && Buffer.from(frame.maskingKey).toString('hex'),
      payload: Buffer.from(frame.payload).toString('base64'),
      wire: Buffer.from(frame.wire).toString('base64'),
    }),
  )
}

/** Any frame an encoder can be asked for whose head tells the truth about its length. */
const anyFrame = fc
  .record({
    opcode: fc.nat({ max: 15 }),
    fin: fc.boolean(),
    rsv1: fc.boolean(),
    rsv2: fc.boolean(),
    rsv3: fc.boolean(),
    maskingKey: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
    payload: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 120, maxLength: 400 })),
    wider: fc.nat({ max: 2 }),
  })
  .map(({ wider, ...fields }): AnyFrameFields => {
    const forms = ([7, 16, 64] as const).slice(fields.payload.length > 125 ? 1 : 0)
    return { ...fields, lengthForm: forms[Math.min(wider, forms.length - 1)] ?? 64 }
  })

describe('any stream of frames', () => {
  it('is read back as it was written, however it is cut, with and without the wire kept', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 6 }), fc.array(fc.nat({ max: 2000 })), (fields, cuts) => {
        const wires = fields.map(encodeFrame)
        const wire = concat(...wires)
        const chunks = () =>
          cutAt(
            wire,
            cuts.filter(cut => cut <= wire.length),
          )
        const keeping = new FrameParser()
        const frames = chunks().flatMap(chunk => keeping.push(chunk))
        expect(frames).toHaveLength(fields.length)
        let offset = 0
        for (const [i, frame] of frames.entries()) {
          const wanted = fields[i]
          expect(frame).toMatchObject({
            fin: wanted?.fin,
            rsv1: wanted?.rsv1,
            rsv2: wanted?.rsv2,
            rsv3: wanted?.rsv3,
            opcode: wanted?.opcode,
            lengthForm: wanted?.lengthForm,
            masked: wanted?.maskingKey !== undefined,
            payloadLength: wanted?.payload?.length,
            offset,
          })
          expect(Buffer.from(frame.wire).equals(wires[i] ?? hex(''))).toBe(true)
          expect(Buffer.from(frame.payload).equals(wanted?.payload ?? hex(''))).toBe(true)
          expect(frame.maskingKey && Buffer.from(frame.maskingKey).toString('hex')).toBe(
            wanted?.maskingKey && Buffer.from(wanted.maskingKey).toString('hex'),
          )
          expect(frame.headLength).toBe(frame.wire.length - frame.payloadLength)
          offset += frame.wire.length
        }
        const lean = new FrameParser({ keepWire: false })
        const payloads = chunks()
          .flatMap(chunk => lean.push(chunk))
          .map(frame => Buffer.from(frame.payload).toString('hex'))
        expect(payloads).toEqual(frames.map(frame => Buffer.from(frame.payload).toString('hex')))
      }),
    )
  })

  it('is left as it was by a parser that keeps the wire', () => {
    const wire = encodeFrame({ opcode: 2, payload: new Uint8Array(200), maskingKey: KEY })
    const before = wire.slice()
    new FrameParser().push(wire)
    expect(wire).toEqual(before)
  })
})

describe('a parser', () => {
  it('says how many bytes of an unfinished frame it holds', () => {
    const parser = new FrameParser()
    const wire = encodeFrame({ opcode: 1, payload: utf8('안녕'), maskingKey: KEY })
    for (let i = 0; i < wire.length - 1; i++) {
      expect(parser.push(wire.subarray(i, i + 1))).toEqual([])
      expect(parser.pending).toBe(i + 1)
    }
    expect(parser.push(wire.subarray(-1))).toHaveLength(1)
    expect(parser.pending).toBe(0)
  })

  it.each([
    ['whole', (wire: Uint8Array) => [wire]],
    ['in single bytes', (wire: Uint8Array) => cutAt(wire, [...wire.keys()].slice(1))],
  ])('stops at a length of 64 bits, keeping what came before it (%s)', (_, cut) => {
    const good = encodeFrame({ opcode: 1, payload: utf8('a') })
    const bad = hex('82 7f 80 00 00 00 00 00 00 00')
    const parser = new FrameParser()
    const frames: Frame[] = []
    let violation: unknown
    for (const chunk of cut(concat(good, bad)))
      try {
        frames.push(...parser.push(chunk))
      } catch (error) {
        violation = error
        if (error instanceof ProtocolViolation) frames.push(...error.frames)
      }
    expect(frames).toHaveLength(1)
    expect(violation).toBeInstanceOf(ProtocolViolation)
    expect(violation).toMatchObject({
      rule: 'length-63-bits',
      offset: good.length + 2,
      closeCode: 1002,
      rest: bad,
    })
    expect(() => parser.push(hex('00'))).toThrow(ProtocolViolation)
  })

  it('takes a payload of exactly its limit and no byte more', () => {
    const limit = new FrameParser({ maxPayloadLength: 200 })
    expect(limit.push(encodeFrame({ opcode: 2, payload: new Uint8Array(200) }))).toHaveLength(1)
    const head = encodeFrame({ opcode: 2, payload: new Uint8Array(201) }).subarray(0, 4)
    expect(() => limit.push(head)).toThrow(
      expect.objectContaining({ rule: 'message-length', closeCode: 1009 }),
    )
  })

  it('sets aside memory for what came, not for what a head claims', () => {
    const before = process.memoryUsage().arrayBuffers
    const parsers = Array.from({ length: 200 }, () => {
      const parser = new FrameParser()
      parser.push(hex('82 7f 00 00 00 00 00 ff ff ff'))
      return parser
    })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 80 * 1024)
    expect(parsers.every(parser => parser.pending === 10)).toBe(true)
  })

  it('reads 16 MiB in single bytes in linear time and space', { timeout: 30_000 }, () => {
    const payload = new Uint8Array(16 * 1024 * 1024).fill(7)
    const wire = encodeFrame({ opcode: 2, payload, maskingKey: KEY })
    const parser = new FrameParser()
    const frames: Frame[] = []
    for (let i = 0; i < wire.length; i++) frames.push(...parser.push(wire.subarray(i, i + 1)))
    expect(frames).toHaveLength(1)
    expect(Buffer.from(frames[0]?.payload ?? hex('')).equals(payload)).toBe(true)
  })
})

describe('an encoder of the wrong', () => {
  it('writes a length longer than it need be', () => {
    expect(encodeFrame({ opcode: 1, payload: utf8('a'), lengthForm: 16 })).toEqual(hex('81 7e 00 01 61'))
    expect(encodeFrame({ opcode: 1, payload: utf8('a'), lengthForm: 64 })).toEqual(
      hex('81 7f 0000000000000001 61'),
    )
  })

  it('lies about the length', () => {
    expect(encodeFrame({ opcode: 1, payload: utf8('a'), declaredLength: 2 })).toEqual(hex('81 02 61'))
    expect(encodeFrame({ opcode: 2, declaredLength: 2n ** 63n })).toEqual(hex('82 7f 8000000000000000'))
  })

  it('sets reserved bits and opcodes', () => {
    expect(encodeFrame({ opcode: 0xb, rsv1: true, rsv2: true, rsv3: true })).toEqual(hex('fb 00'))
  })

  it('masks with another key than it tells', () => {
    const wire = encodeFrame({ opcode: 1, payload: hex('00'), maskingKey: KEY, appliedKey: hex('ff000000') })
    expect(wire).toEqual(hex('81 81 37fa213d ff'))
  })

  it('is told from an encoder of the right by its types', () => {
    const legal: FrameFields[] = [
      { opcode: 1, fin: false, rsv1: true },
      { opcode: 9 },
      // @ts-expect-error opcode 3 is reserved
      { opcode: 3 },
      // @ts-expect-error a control frame is whole
      { opcode: 9, fin: false },
      // @ts-expect-error RSV2 means nothing
      { opcode: 1, rsv2: true },
      // @ts-expect-error the length is what the payload has
      { opcode: 1, declaredLength: 5 },
    ]
    expect(legal.map(frame => encodeFrame(frame)[0])).toEqual([0x41, 0x89, 0x83, 0x09, 0xa1, 0x81])
  })

  it('refuses what no head can say', () => {
    expect(() => encodeFrame({ opcode: 1, payload: new Uint8Array(126), lengthForm: 7 })).toThrow(RangeError)
    expect(() => encodeFrame({ opcode: 1, declaredLength: -1 })).toThrow(RangeError)
    expect(() => encodeFrame({ opcode: 1, declaredLength: 2n ** 64n })).toThrow(RangeError)
    expect(() => encodeFrame({ opcode: 1, maskingKey: hex('00') })).toThrow(RangeError)
  })
})

describe('fragments', () => {
  it('keep the opcode and RSV1 on the first and FIN on the last, cut anywhere', () => {
    const parts = fragments({ opcode: OPCODES.text, rsv1: true, payload: utf8('안녕') }, [1, 1, 6])
    expect(parts.map(({ opcode, rsv1, fin, payload }) => [opcode, rsv1, fin, payload?.length])).toEqual([
      [1, true, false, 1],
      [0, false, false, 0],
      [0, false, false, 5],
      [0, false, true, 0],
    ])
    expect(concat(...parts.map(part => part.payload ?? hex('')))).toEqual(utf8('안녕'))
  })
})

describe('a frame in one line', () => {
  const line = (fields: AnyFrameFields) =>
    new FrameParser().push(encodeFrame(fields)).map(f => describeFrame(f, 'client'))[0]

  it.each([
    [{ opcode: 1, payload: utf8('안녕'), maskingKey: KEY }, 'client text fin mask len=6 “안녕”'],
    [{ opcode: 8 }, 'client close fin len=0'],
    [{ opcode: 8, payload: hex('03e8 62 79 65') }, 'client close fin len=5 1000 “bye”'],
    [{ opcode: 0xb, rsv2: true, fin: false }, 'client reserved-0xb rsv2 len=0'],
    [{ opcode: 1, rsv1: true, payload: hex('00ff') }, 'client text fin rsv1 len=2 00 ff'],
    [
      { opcode: 1, payload: utf8('가'.repeat(60)) },
      `client text fin len=180 “${'가'.repeat(40)}” … +60 bytes`,
    ],
    [{ opcode: 1, payload: utf8('a'.repeat(41)) }, `client text fin len=41 “${'a'.repeat(40)}” … +1 bytes`],
  ])('is %j as %s', (fields, expected) => {
    expect(line(fields)).toBe(expected)
  })
})
