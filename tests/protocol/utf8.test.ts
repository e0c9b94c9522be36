import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, firstBadUtf8, Utf8Validator } from '#protocol/utf8.ts'
import { concat, cutAt, hex, utf8 } from './bytes.ts'

/** Rows of the Unicode Standard's table of well-formed sequences: ranges of first and second bytes, bytes in all. */
const WELL_FORMED = [
  [0x00, 0x7f, 0, 0, 1],
  [0xc2, 0xdf, 0x80, 0xbf, 2],
  [0xe0, 0xe0, 0xa0, 0xbf, 3],
  [0xe1, 0xec, 0x80, 0xbf, 3],
  [0xed, 0xed, 0x80, 0x9f, 3],
  [0xee, 0xef, 0x80, 0xbf, 3],
  [0xf0, 0xf0, 0x90, 0xbf, 4],
  [0xf1, 0xf3, 0x80, 0xbf, 4],
  [0xf4, 0xf4, 0x80, 0x8f, 4],
] as const

/** The same as `firstBadUtf8`, byte by byte from the table. */
function plainFirstBad(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i] ?? 0
    const row = WELL_FORMED.find(([from, to]) => lead >= from && lead <= to)
    if (!row) return i
    const [, , low, high, size] = row
    for (let k = 1; k < size; k++) {
      const byte = bytes[i + k]
      if (byte === undefined) return bytes.length
      if (k === 1 ? byte < low || byte > high : byte < 0x80 || byte > 0xbf) return i + k
    }
    i += size
  }
  return -1
}

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

  it('is bad at the same byte for every two bytes a character may begin with, whatever stands around it', () => {
    const around = utf8('안녕하세요, 웹소켓 프레임입니다.')
    for (let first = 0x80; first < 0x100; first++)
      for (let second = 0; second < 0x100; second++) {
        const bytes = concat(around, Uint8Array.of(first, second, 0x80, 0x80), around)
        const bad = firstBadUtf8(bytes)
        if (bad !== plainFirstBad(bytes)) expect.unreachable(`${first} ${second}: ${bad}`)
      }
    expect(plainFirstBad(around)).toBe(-1)
  })

  it('is bad at the first byte that was damaged in a long text, in one piece or in several', () => {
    const words = fc.constantFrom('안녕하세요', ' ', 'frame', 'привет', '😀', '프레임(frame)', 'a'.repeat(40))
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(fc.nat({ max: 2000 }), fc.nat({ max: 255 })), { maxLength: 3 }),
        fc.nat({ max: 2000 }),
        fc.nat({ max: 7 }),
        (parts, damages, cut, offset) => {
          const text = utf8(parts.join(''))
          for (const [at, byte] of damages) if (at < text.length) text[at] = byte
          const bytes = new Uint8Array(new ArrayBuffer(offset + text.length), offset)
          bytes.set(text)
          const bad = firstBadUtf8(bytes)
          expect(bad).toBe(plainFirstBad(bytes))
          const validator = new Utf8Validator()
          const at = Math.min(cut, bytes.length)
          const first = validator.push(bytes.subarray(0, at))
          const second = first < 0 ? validator.push(bytes.subarray(at)) : -1
          const found = first >= 0 ? first : second >= 0 ? at + second : -1
          expect(found).toBe(bad === bytes.length ? -1 : bad)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('decodes as the platform does, however short the text', () => {
    const platform = new TextDecoder('utf-8', { ignoreBOM: true })
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.string({ maxLength: 70 }).map(utf8)),
        bytes => {
          expect(decodeUtf8(bytes)).toBe(platform.decode(bytes))
        },
      ),
    )
  })

  it('keeps a byte order mark, which is a character of the message', () => {
    expect(decodeUtf8(hex('ef bb bf 61'))).toBe('\ufeffa')
  })
})
