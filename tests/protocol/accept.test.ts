import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acceptFor, acceptSteps } from '#protocol/accept.ts'
import { base64Length, encodeBase64 } from '#protocol/base64.ts'
import { sha1 } from '#protocol/sha1.ts'
import { hex } from './bytes.ts'

describe('the accept value', () => {
  it('is the one of RFC 6455 §1.3, through the digest of §4.2.2', () => {
    const key = 'dGhlIHNhbXBsZSBub25jZQ=='
    expect(acceptSteps(key)).toEqual({
      key,
      concatenated: 'dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11',
      digest: hex('b37a4f2cc0624f1690f64606cf385945b2bec4ea'),
      accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    })
  })

  it('is what node:crypto computes, for any key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), key => {
        const expected = createHash('sha1')
          .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
          .digest('base64')
        expect(acceptFor(key)).toBe(expected)
      }),
    )
  })
})

describe('SHA-1', () => {
  it('agrees with node:crypto at every length over three blocks', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = new Uint8Array(length).map((_, i) => i * 7 + length)
      expect(Buffer.from(sha1(bytes)).toString('hex')).toBe(createHash('sha1').update(bytes).digest('hex'))
    }
  })
})

describe('base64', () => {
  it('encodes as Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        const text = Buffer.from(bytes).toString('base64')
        expect(encodeBase64(bytes)).toBe(text)
        expect(base64Length(text)).toBe(bytes.length)
      }),
    )
  })

  it.each(['a', 'ab', 'abc', 'a===', '====', 'ab=c', 'ab c', 'ab-_', 'abcd='])('is not %j', text => {
    expect(base64Length(text)).toBeUndefined()
  })

  it('forgives spare bits as the example key of §4.1 needs', () => {
    expect(base64Length('AQIDBAUGBwgJCgsMDQ4PEC==')).toBe(16)
  })
})
