import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameHeadReader } from '#protocol/frame-head-reader.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import type { FrameHead } from '#protocol/frame.ts'
import { concat, cutAt, hex } from './bytes.ts'

/** The same things of a frame of the parser, which also has its payload. */
const headOf = (frame: FrameHead): FrameHead => {
  const { fin, rsv1, rsv2, rsv3, opcode, masked } = frame
  const { maskingWord, lengthForm, payloadLength, headLength, offset } = frame
  return { fin, rsv1, rsv2, rsv3, opcode, masked, maskingWord, lengthForm, payloadLength, headLength, offset }
}

const anyFrame = fc.record({
  opcode: fc.nat(15),
  fin: fc.boolean(),
  rsv1: fc.boolean(),
  rsv2: fc.boolean(),
  rsv3: fc.boolean(),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.nat(70_000).map(length => new Uint8Array(length)),
  ),
  maskingKey: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
})

describe('the heads of frames', () => {
  it("are the parser's, whatever the frames and however they are cut", () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 5 }), fc.array(fc.nat(200_000)), (frames, cuts) => {
        const wire = concat(...frames.map(encodeFrame))
        const reader = new FrameHeadReader()
        const heads = cutAt(
          wire,
          cuts.map(cut => cut % (wire.length + 1)).toSorted((a, b) => a - b),
        )
          .flatMap(chunk => reader.push(chunk))
          .map(headOf)
        expect(heads).toEqual(new FrameParser().push(wire).map(headOf))
      }),
    )
  })

  it('are told as soon as they are complete, before any payload has come', () => {
    const reader = new FrameHeadReader()
    const head = hex('82ff 00000000ffffffff 37fa213d')
    expect(reader.push(head.subarray(0, 13))).toEqual([])
    expect(reader.push(head.subarray(13)).map(headOf)).toEqual([
      {
        fin: true,
        rsv1: false,
        rsv2: false,
        rsv3: false,
        opcode: 2,
        masked: true,
        maskingWord: 0x37fa213d,
        lengthForm: 64,
        payloadLength: 0xffffffff,
        headLength: 14,
        offset: 0,
      },
    ])
  })

  it('with the top bit of their length set end all finding', () => {
    const reader = new FrameHeadReader()
    expect(reader.push(hex('827f 8000000000000000 8100'))).toMatchObject([{ payloadLength: Infinity }])
    expect(reader.push(hex('8100'))).toEqual([])
  })

  it('at the largest legal length are still a number', () => {
    expect(new FrameHeadReader().push(hex('827f 7fffffffffffffff'))).toMatchObject([
      { payloadLength: 2 ** 63 },
    ])
  })
})
