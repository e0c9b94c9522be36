import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSE_CODES, closeCodeInfo } from '#words/close-codes.ts'
import { closeCodeRule } from '#protocol/close-payload.ts'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { layoutFrame } from '#words/frame-layout.ts'
import { layoutHead } from '#words/head-layout.ts'
import { parseRequestHead, parseResponseHead } from '#protocol/http-head.ts'
import { opcodeInfo, OPCODES } from '#protocol/opcodes.ts'
import type { Span } from '#words/span.ts'
import rfcSections from '../../src/content/rfc-sections.json' with { type: 'json' }
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

/** Each span has an id of its own, a name, and a section there is. */
function wellNamed(spans: readonly Span[]): boolean {
  const ids = new Set(spans.map(span => span.id))
  return (
    ids.size === spans.length &&
    spans.every(span => {
      const [, rfc, section = ''] = /^RFC (\d{4}) §(\d[\d.]*)$/.exec(span.section) ?? []
      return span.name !== '' && section !== '' && (rfc !== '6455' || section in rfcSections['6455'])
    })
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
        expect(wellNamed(spans)).toBe(true)
      }),
    )
  })

  it('says what each part is', () => {
    const spans = spansOf({ opcode: 1, payload: utf8('안녕'), maskingKey: hex('37fa213d') })
    expect(spans.map(({ id, name, value }) => [id, name, value])).toEqual([
      ['fin', 'FIN', '1'],
      ['rsv1', 'RSV1', '0'],
      ['rsv2', 'RSV2', '0'],
      ['rsv3', 'RSV3', '0'],
      ['opcode', 'opcode', '0x1'],
      ['mask', 'MASK', '1'],
      ['payload-length', 'Payload len', '6'],
      ['masking-key', 'Masking-key', '37 fa 21 3d'],
      ['payload', 'Payload Data', '안녕'],
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
      ['close-code', '1000', 2, 4],
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
    [
      'head whose fields are named as what every object has',
      parseRequestHead(utf8('GET / HTTP/1.1\r\nconstructor: a\r\n__proto__: b\r\n\r\n')),
    ],
    ['head with odd spacing', parseRequestHead(utf8('GET / HTTP/1.1\r\na:b  \r\nA:\t\r\nc:\r\n\r\n'))],
  ])('partitions a %s', (_, parsed) => {
    const spans = layoutHead(parsed)
    expect(partitions(spans, 0, parsed.bytes.length)).toBe(true)
    expect(wellNamed(spans)).toBe(true)
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

  it('say that nobody sends a code exactly when a Close frame with it breaks a rule', () => {
    for (let code = 0; code <= 0xffff; code++)
      if ((closeCodeInfo(code).sentBy === 'nobody') !== (closeCodeRule(code) !== undefined))
        expect.unreachable(`${code}`)
    expect(CLOSE_CODES.map(info => info.code)).toEqual(Array.from({ length: 16 }, (_, i) => 1000 + i))
  })

  it.each([
    [999, 'Unused', 'nobody', 'RFC 6455 §7.4.2'],
    [1000, 'Normal Closure', 'either', 'RFC 6455 §7.4.1'],
    [1006, 'Abnormal Closure', 'nobody', 'RFC 6455 §7.4.1'],
    [1010, 'Mandatory Ext.', 'client', 'RFC 6455 §7.4.1'],
    [1012, 'Service Restart', 'server', 'IANA'],
    [1015, 'TLS handshake', 'nobody', 'RFC 6455 §7.4.1'],
    [2000, 'Unassigned', 'nobody', 'RFC 6455 §7.4.2'],
    [3000, 'Registered use', 'either', 'RFC 6455 §7.4.2'],
    [4999, 'Private use', 'either', 'RFC 6455 §7.4.2'],
  ])('know close code %i', (code, name, sentBy, section) => {
    expect(closeCodeInfo(code)).toEqual({ code, name, sentBy, section })
  })
})
