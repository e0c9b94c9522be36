import { describe, expect, test } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { oneBrokenRule, threeLengths } from '../../../src/missions/frames.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { openConnection } from '../wire/captured.ts'

let keys = 0
const freshKey = () => Uint8Array.of(1, 2, 3, ++keys)
const bytes = (length: number) => new Uint8Array(length).fill(0x61)

/** What one side writes after the other. */
function talked(...said: readonly (readonly [from: 'client' | 'server', frame: AnyFrameFields])[]) {
  const connection = openConnection()
  said.forEach(([from, frame], index) => connection.addChunk(from, encodeFrame(frame), 3000 + index))
  return connection
}

const echoed = (...frames: readonly AnyFrameFields[]): CapturedConnection =>
  talked(
    ...frames.flatMap(frame => [
      ['client', { maskingKey: freshKey(), ...frame }] as const,
      ['server', { opcode: frame.opcode, ...(frame.payload && { payload: frame.payload }) }] as const,
    ]),
  )
const text = (length: number): AnyFrameFields => ({ opcode: OPCODES.text, payload: bytes(length) })

describe('three lengths', () => {
  test('pass when each came back', () => {
    expect(threeLengths([echoed(text(125), text(126), text(65_536))])).toEqual({ passed: true })
  })

  test('pass in any order, on several connections, as binary too', () => {
    const binary = { opcode: OPCODES.binary, payload: bytes(126) }
    expect(threeLengths([echoed(text(65_536), text(3)), echoed(binary, text(125))])).toEqual({ passed: true })
  })

  test('do not pass before anything was sent', () => {
    expect(threeLengths([openConnection()])).toEqual({ passed: false })
  })

  test.each<[string, CapturedConnection]>([
    ['one short of the last', echoed(text(125), text(126), text(65_535))],
    [
      'a length written longer than it need be',
      echoed({ ...text(125), lengthForm: 16 }, text(126), text(65_536)),
    ],
    [
      'one that was sent and not answered',
      talked(
        ...[125, 126].flatMap(
          length =>
            [
              ['client', { ...text(length), maskingKey: freshKey() }],
              ['server', text(length)],
            ] as const,
        ),
        ['client', { ...text(65_536), maskingKey: freshKey() }],
      ),
    ],
    [
      'pings of those lengths',
      echoed({ opcode: OPCODES.ping, payload: bytes(125) }, text(126), text(65_536)),
    ],
    ['one in two fragments', echoed(text(125), text(126), { ...text(65_536), fin: false })],
  ])('do not pass with %s, and the reader learns which is missing', (_name, connection) => {
    expect(threeLengths([connection])).toEqual({
      passed: false,
      near: expect.stringMatching(/^아직 메아리를 받지 못한 길이: (125|65,536)바이트/),
    })
  })
})

describe('one broken rule', () => {
  const refused = (frame: AnyFrameFields, code = 1002): CapturedConnection =>
    talked(
      ['client', { maskingKey: freshKey(), ...frame }],
      ['server', { opcode: OPCODES.close, payload: encodeClosePayload(code) }],
    )

  test.each<[string, AnyFrameFields]>([
    ['a reserved bit', { ...text(6), rsv1: true }],
    ['a reserved opcode', { ...text(6), opcode: 3 }],
    ['a length longer than it need be', { ...text(6), lengthForm: 16 }],
    ['a long ping', { opcode: OPCODES.ping, payload: bytes(126) }],
    ['a continuation of nothing', { opcode: OPCODES.continuation, payload: bytes(6) }],
  ])('passes with %s, once the server has ended it with 1002', (_name, frame) => {
    expect(oneBrokenRule([echoed(text(6)), refused(frame)])).toEqual({ passed: true })
  })

  test('stays passed when the reader goes on', () => {
    expect(oneBrokenRule([refused({ ...text(6), rsv2: true }), echoed(text(6))])).toEqual({ passed: true })
  })

  test('does not pass with good frames alone', () => {
    expect(oneBrokenRule([openConnection(), echoed(text(6))])).toEqual({ passed: false })
  })

  test.each<[string, CapturedConnection, string]>([
    ['two rules', refused({ ...text(6), rsv1: true, lengthForm: 16 }), '규칙 2개'],
    ['a frame without a mask', refused({ ...text(6), maskingKey: undefined }), '마스킹을 하지 않았습니다'],
    ['another code', refused({ ...text(6), rsv1: true }, 1007), '1007'],
    [
      'no answer yet',
      talked(['client', { ...text(6), rsv1: true, maskingKey: freshKey() }]),
      '답을 기다립니다',
    ],
  ])('does not pass with %s, and the reader learns why', (_name, connection, near) => {
    expect(oneBrokenRule([connection])).toEqual({ passed: false, near: expect.stringContaining(near) })
  })
})
