import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fieldValues,
  HeadError,
  headLength,
  listTokens,
  parseRequestHead,
  parseResponseHead,
} from '#protocol/http-head.ts'
import { head, RFC_REQUEST, RFC_RESPONSE, utf8 } from './bytes.ts'

describe('a head', () => {
  it('of a request keeps order, case and spacing', () => {
    const bytes = utf8('GET /chat?a=1 HTTP/1.1\r\nhOsT:a.example \r\nX-Empty:\r\nCookie: \t b \r\n\r\n')
    const { method, target, version, fields } = parseRequestHead(bytes)
    expect([method, target, version]).toEqual(['GET', '/chat?a=1', 'HTTP/1.1'])
    expect(fields.map(({ name, value }) => [name, value])).toEqual([
      ['hOsT', 'a.example'],
      ['X-Empty', ''],
      ['Cookie', 'b'],
    ])
    const at = ({ start, end }: { start: number; end: number }) =>
      Buffer.from(bytes.subarray(start, end)).toString()
    expect(fields.map(field => [at(field.line), at(field.nameRange), at(field.valueRange)])).toEqual([
      ['hOsT:a.example \r\n', 'hOsT', 'a.example'],
      ['X-Empty:\r\n', 'X-Empty', ''],
      ['Cookie: \t b \r\n', 'Cookie', 'b'],
    ])
  })

  it('of a response has status and reason, and the reason may be missing', () => {
    expect(parseResponseHead(head(RFC_RESPONSE))).toMatchObject({
      kind: 'response',
      version: 'HTTP/1.1',
      status: 101,
      reason: 'Switching Protocols',
    })
    expect(parseResponseHead(head(['HTTP/1.1 101'])).reason).toBe('')
    expect(parseResponseHead(head(['HTTP/1.1 101 '])).reason).toBe('')
  })

  it('gives the values of a field by any case of its name, and the elements of lists over several fields', () => {
    const parsed = parseRequestHead(head([...RFC_REQUEST, 'sec-websocket-protocol: ,x ,, y']))
    expect(fieldValues(parsed, 'SEC-WEBSOCKET-PROTOCOL')).toEqual(['chat, superchat', ',x ,, y'])
    expect(listTokens(parsed, 'Sec-WebSocket-Protocol')).toEqual(['chat', 'superchat', 'x', 'y'])
  })

  it('ends behind its empty line, wherever it is looked for from', () => {
    const bytes = head(RFC_REQUEST)
    const whole = Uint8Array.of(...bytes, 0x81, 0x0d, 0x0a)
    for (let known = 0; known < bytes.length; known++) {
      expect(headLength(bytes.subarray(0, known))).toBeUndefined()
      expect(headLength(whole, known)).toBe(bytes.length)
    }
  })

  it('ends at bare line feeds too, so that a malformed one does not wait for ever', () => {
    expect(headLength(utf8('GET / HTTP/1.1\nHost: a\n\nrest'))).toBe(24)
    expect(headLength(utf8('\r\nGET'))).toBe(2)
  })

  it.each([
    ['head-start-line', 0, 'GET /'],
    ['head-start-line', 0, 'GET  / HTTP/1.1'],
    ['head-start-line', 0, 'G@T / HTTP/1.1'],
    ['head-start-line', 0, 'GET /가 HTTP/1.1'],
    ['head-field-name', 20, 'GET / HTTP/1.1\r\nHost : a'],
    ['head-field-name', 16, 'GET / HTTP/1.1\r\n: a'],
    ['head-field-name', 20, 'GET / HTTP/1.1\r\nHost'],
    ['head-folding', 25, 'GET / HTTP/1.1\r\nHost: a\r\n b'],
    ['head-field-value', 23, 'GET / HTTP/1.1\r\nHost: a\0b'],
    ['head-line-ending', 14, 'GET / HTTP/1.1\nHost: a'],
    ['head-line-ending', 23, 'GET / HTTP/1.1\r\nHost: a\rb'],
    ['head-line-ending', 27, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ] as const)('that breaks %s at byte %i is refused there', (rule, offset, text) => {
    const error = catchHeadError(() => parseRequestHead(utf8(`${text}\r\n\r\n`)))
    expect([error.rule, error.offset]).toEqual([rule, offset])
  })

  it.each(['HTTP/1.1', 'HTTP/1.1 99 x', 'HTTP/1.1 1010 x', 'HTTP 101 x'])('of a response is not %j', line => {
    expect(catchHeadError(() => parseResponseHead(head([line]))).rule).toBe('head-start-line')
  })

  it('is read in time however many spaces are inside a value', () => {
    const spaces = ' \t'.repeat(500_000)
    const { fields } = parseRequestHead(utf8(`GET / HTTP/1.1\r\nA:${spaces}b${spaces}c${spaces}\r\n\r\n`))
    expect(fields[0]?.value).toBe(`b${spaces}c`)
    expect(fields[0]?.valueRange).toEqual({ start: 1_000_018, end: 2_000_020 })
    const lists = parseRequestHead(utf8(`GET / HTTP/1.1\r\nA: b${spaces}c${spaces},${spaces}d\r\n\r\n`))
    expect(listTokens(lists, 'a')).toEqual([`b${spaces}c`, 'd'])
  })

  it('of any bytes is read or refused with a HeadError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        for (const parse of [parseRequestHead, parseResponseHead]) {
          try {
            expect(parse(bytes).bytes).toBe(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(HeadError)
          }
        }
      }),
    )
  })
})

function catchHeadError(run: () => unknown): HeadError {
  try {
    run()
  } catch (error) {
    if (error instanceof HeadError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
