import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, firstBadUtf8, Utf8Validator } from '#protocol/utf8.ts'
import { cutAt, hex, utf8 } from './bytes.ts'

describe('UTF-8', () => {
  it('of every character is valid, in one piece or in single bytes', () => {
    const text = Array.from({ length: 0x110000 }, (_, code) => code)
      .filter(code => code < 0xd800 || code > 0xdfff)
      .map(code => String.fromCodePoint(code))
      .join('')
    const bytes = utf8(text)
    expect(firstBadUtf8(bytes)).toBe(-1)
    const validator = new Utf8Validator()
    const sample = bytes.subarray(0, 20_000)
    const verdicts = new Set(Array.from(sample, byte => validator.push(Uint8Array.of(byte))))
    expect([...verdicts]).toEqual([-1])
  })

  it.each([
    ['80', 0, 'a continuation byte alone'],
    ['c0 80', 0, 'an overlong NUL'],
    ['c1 bf', 0, 'an overlong form of two'],
    ['e0 9f bf', 1, 'an overlong form of three'],
    ['f0 8f bf bf', 1, 'an overlong form of four'],
    ['ed a0 80', 1, 'a surrogate'],
    ['f4 90 80 80', 1, 'a code point above U+10FFFF'],
    ['f5 80 80 80', 0, 'a first byte that is never used'],
    ['61 ec 95 61', 3, 'a character cut short by another'],
    ['61 ec 95', 3, 'a character cut short by the end'],
    ['ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65 64 69 74 65 64', 12, "the Autobahn suite's surrogate"],
  ])('%s is bad at byte %i: %s', (bytes, bad) => {
    expect(firstBadUtf8(hex(bytes))).toBe(bad)
  })

  it('is judged as TextDecoder judges it, and at the same byte however it is cut', () => {
    const strict = new TextDecoder('utf-8', { fatal: true })
    const nearly = fc.array(
      fc.oneof(
        fc.constantFrom(0x61, 0x80, 0x8f, 0x90, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xf0, 0xf4),
        fc.nat({ max: 255 }),
      ),
    )
    fc.assert(
      fc.property(nearly, fc.array(fc.nat({ max: 10 })), (numbers, cuts) => {
        const bytes = Uint8Array.from(numbers)
        const bad = firstBadUtf8(bytes)
        let valid = true
        try {
          strict.decode(bytes)
        } catch {
          valid = false
        }
        expect(bad < 0).toBe(valid)
        const validator = new Utf8Validator()
        let before = 0
        let found = -1
        for (const chunk of cutAt(
          bytes,
          cuts.filter(cut => cut <= bytes.length),
        )) {
          const at = validator.push(chunk)
          if (at >= 0) {
            found = before + at
            break
          }
          before += chunk.length
        }
        expect(found).toBe(bad === bytes.length ? -1 : bad)
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps a byte order mark, which is a character of the message', () => {
    expect(decodeUtf8(hex('ef bb bf 61'))).toBe('\ufeffa')
  })
})
