import { describe, expect, test } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { knownKey, unmaskedFate } from '../../../src/missions/masking.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { openConnection } from '../wire/captured.ts'

const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)
const utf8 = (text: string) => new TextEncoder().encode(text)
const CRAFTED = Uint8Array.of(0x70, 0xbf, 0x75, 0x1d, 0x18)

function sent(frame: AnyFrameFields, code?: number): CapturedConnection {
  const connection = openConnection()
  connection.addChunk('client', encodeFrame(frame), 3000)
  if (code !== undefined)
    connection.addChunk(
      'server',
      encodeFrame({ opcode: OPCODES.close, payload: encodeClosePayload(code) }),
      4000,
    )
  return connection
}

describe('a key that is known', () => {
  test('lets the wire read as a request, and passes', () => {
    const crafted = { opcode: OPCODES.binary, payload: CRAFTED, maskingKey: KEY }
    expect(knownKey([sent(crafted)])).toEqual({ passed: true })
    // As text it is not UTF-8, but it has crossed.
    expect(knownKey([sent({ ...crafted, opcode: OPCODES.text }, 1007), openConnection()])).toEqual({
      passed: true,
    })
  })

  test.each<[string, AnyFrameFields, string]>([
    [
      'the request itself',
      { opcode: OPCODES.text, payload: utf8('GET /'), maskingKey: KEY },
      '70 bf 75 1d 18',
    ],
    ['no mask', { opcode: OPCODES.text, payload: utf8('GET /') }, '마스킹하지 않은'],
    [
      'a key of zeros',
      { opcode: OPCODES.text, payload: utf8('GET /'), maskingKey: new Uint8Array(4) },
      '00 00 00 00',
    ],
    [
      'four of the five bytes',
      { opcode: OPCODES.binary, payload: CRAFTED.subarray(0, 4), maskingKey: KEY },
      '47 45 54 20로',
    ],
  ])('does not pass with %s, and the reader learns why', (_name, frame, near) => {
    expect(knownKey([sent(frame)])).toEqual({ passed: false, near: expect.stringContaining(near) })
  })

  test('does not pass before anything was sent', () => {
    expect(knownKey([openConnection()])).toEqual({ passed: false })
  })
})

describe('an unmasked frame', () => {
  const bare = { opcode: OPCODES.text, payload: utf8('안녕') }

  test('passes once the server has ended it with 1002', () => {
    expect(unmaskedFate([sent(bare, 1002)])).toEqual({ passed: true })
  })

  test.each<[string, CapturedConnection, string]>([
    ['no answer yet', sent(bare), '기다립니다'],
    ['another code', sent(bare, 1007), '기다립니다'],
    ['another rule broken too', sent({ ...bare, rsv1: true }, 1002), '말고도'],
  ])('does not pass with %s, and the reader learns why', (_name, connection, near) => {
    expect(unmaskedFate([connection])).toEqual({ passed: false, near: expect.stringContaining(near) })
  })

  test('is none when all were masked', () => {
    expect(unmaskedFate([openConnection(), sent({ ...bare, maskingKey: KEY }, 1002)])).toEqual({
      passed: false,
    })
  })
})
