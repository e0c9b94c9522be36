import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSE_CODES, closeCodeInfo } from '#protocol/close-codes.ts'
import { closeCodeRule } from '#protocol/close-payload.ts'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { layoutFrame } from '#protocol/frame-layout.ts'
import { layoutHead } from '#protocol/head-layout.ts'
import { parseRequestHead, parseResponseHead } from '#protocol/http-head.ts'
import { opcodeInfo, OPCODES } from '#protocol/opcodes.ts'
import type { Span } from '#protocol/span.ts'
import { head, hex, RFC_REQUEST, RFC_RESPONSE, utf8 } from './bytes.ts'

function spansOf(fields: AnyFrameFields): Span[] {
  return new FrameParser().push(encodeFrame(fields)).flatMap(layoutFrame)
}

/** Every bit of the first two bytes and every byte after them lies in one span, in order. */
function partitions(spans: readonly Span[], from: number, to: number): boolean {
  let at = from
  for (const { start, end } of spans) {
    if (start !== at || end <= start) return false
    at = end
  }
  return at === to
}

function wellWorded(spans: readonly Span[]): boolean {
  const ids = new Set(spans.map(span => span.id))
  return (
    ids.size === spans.length &&
    spans.every(span => /다\.$/.test(span.sentence) && /^RFC \d{4} §/.test(span.section) && span.label !== '')
  )
}

const anyFrame = fc.record({
  opcode: fc.nat({ max: 15 }),
  fin: fc.boolean(),
  rsv1: fc.boolean(),
  rsv2: fc.boolean(),
  rsv3: fc.boolean(),
  maskingKey: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
  payload: fc.uint8Array({ maxLength: 300 }),
})

describe('the layout of a frame', () => {
  it('partitions any frame down to the bits of its first two bytes', () => {
    fc.assert(
      fc.property(anyFrame, fc.boolean(), (fields, long) => {
        const spans = spansOf(long ? { ...fields, lengthForm: 64 } : fields)
        const head = spans.filter(span => span.bits).map(span => ({ ...span, ...span.bits }))
        expect(partitions(head, 0, 16)).toBe(true)
        expect(head.every((span, i) => spans[i]?.start === Math.floor(span.start / 8))).toBe(true)
        const wire = encodeFrame(long ? { ...fields, lengthForm: 64 } : fields)
        const rest = spans.filter(span => !span.bits)
        expect(partitions(rest, 2, wire.length)).toBe(true)
        expect(wellWorded(spans)).toBe(true)
      }),
    )
  })

  it('says what each part is', () => {
    const spans = spansOf({ opcode: 1, payload: utf8('안녕'), maskingKey: hex('37fa213d') })
    expect(spans.map(({ id, label, value }) => [id, label, value])).toEqual([
      ['fin', 'FIN 비트', '1'],
      ['rsv1', 'RSV1 비트', '0'],
      ['rsv2', 'RSV2 비트', '0'],
      ['rsv3', 'RSV3 비트', '0'],
      ['opcode', 'opcode', '0x1 (텍스트)'],
      ['mask', 'MASK 비트', '1'],
      ['payload-length', '페이로드 길이', '6'],
      ['masking-key', '마스킹 키', '37 fa 21 3d'],
      ['payload', '페이로드', '안녕'],
    ])
  })

  it('tells the extended length from the seven bits that announce it', () => {
    const spans = spansOf({ opcode: 2, payload: new Uint8Array(200) })
    expect(spans.slice(6, 8).map(({ id, value, start, end }) => [id, value, start, end])).toEqual([
      ['payload-length', '126', 1, 2],
      ['extended-length', '200', 2, 4],
    ])
  })

  it('tells the code of a Close frame from its reason', () => {
    const spans = spansOf({ opcode: 8, payload: hex('03e8 62 79 65') })
    expect(spans.slice(7).map(({ id, value, start, end }) => [id, value, start, end])).toEqual([
      ['close-code', '1000 (정상 종료)', 2, 4],
      ['close-reason', 'bye', 4, 7],
    ])
  })
})

describe('the layout of a head', () => {
  it.each([
    ['request', parseRequestHead(head(RFC_REQUEST))],
    ['response', parseResponseHead(head(RFC_RESPONSE))],
    ['response without a reason', parseResponseHead(head(['HTTP/1.1 101']))],
    ['response with an empty reason', parseResponseHead(head(['HTTP/1.1 101 ']))],
    ['head with odd spacing', parseRequestHead(utf8('GET / HTTP/1.1\r\na:b  \r\nA:\t\r\nc:\r\n\r\n'))],
  ])('partitions a %s', (_, parsed) => {
    const spans = layoutHead(parsed)
    expect(partitions(spans, 0, parsed.bytes.length)).toBe(true)
    expect(wellWorded(spans)).toBe(true)
  })

  it('names each part after its field, and a second field of a name after its number', () => {
    const spans = layoutHead(parseRequestHead(head(['GET /a HTTP/1.1', 'Host: b', 'X: 1', 'x: 2'])))
    expect(spans.map(({ id, value }) => `${id}=${value}`)).toEqual([
      'method=GET',
      'space-1= ',
      'target=/a',
      'space-2= ',
      'version=HTTP/1.1',
      'start-line:end=\\r\\n',
      'field:host:name=Host',
      'field:host:colon=: ',
      'field:host:value=b',
      'field:host:end=\\r\\n',
      'field:x:name=X',
      'field:x:colon=: ',
      'field:x:value=1',
      'field:x:end=\\r\\n',
      'field:x#2:name=x',
      'field:x#2:colon=: ',
      'field:x#2:value=2',
      'field:x#2:end=\\r\\n',
      'end=\\r\\n',
    ])
  })
})

describe('the tables', () => {
  it('know every opcode, reserved ones too', () => {
    const infos = Array.from({ length: 16 }, (_, code) => opcodeInfo(code))
    expect(infos.filter(info => !info.reserved).map(info => [info.name, info.code])).toEqual(
      Object.entries(OPCODES),
    )
    expect(infos.map(info => info.control)).toEqual(infos.map((_, code) => code >= 8))
  })

  it('say that a code may cross exactly when a Close frame with it breaks no rule', () => {
    for (let code = 0; code <= 0xffff; code++)
      if (closeCodeInfo(code).onWire !== (closeCodeRule(code) === undefined)) expect.unreachable(`${code}`)
    expect(CLOSE_CODES.map(info => info.code)).toEqual(Array.from({ length: 16 }, (_, i) => 1000 + i))
  })

  it.each([999, 1000, 1015, 2000, 3000, 4000, 5000])('have a Korean sentence for close code %i', code => {
    expect(closeCodeInfo(code).meaning).toMatch(/다\.$/)
    expect(closeCodeInfo(code).code).toBe(code)
  })
})
