import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8Characters } from '../../../src/wire/utf8-characters.ts'

const told = (...bytes: readonly number[]) =>
  utf8Characters(Uint8Array.from(bytes), 0, 100).map(({ start, bytes: own, codePoint, fault }) => [
    start,
    own.length,
    codePoint === undefined ? fault : String.fromCodePoint(codePoint),
  ])

describe('the characters of a text', () => {
  test('have one to four bytes each', () => {
    expect(told(...new TextEncoder().encode('aé한👋'))).toEqual([
      [0, 1, 'a'],
      [1, 2, 'é'],
      [3, 3, '한'],
      [6, 4, '👋'],
    ])
  })

  test.each<[string, number[], unknown[]]>([
    [
      'cut at the end',
      [0x61, 0xed, 0x95],
      [
        [0, 1, 'a'],
        [1, 2, 'cut'],
      ],
    ],
    [
      'a continuation of nothing',
      [0x80, 0x61],
      [
        [0, 1, 'stray'],
        [1, 1, 'a'],
      ],
    ],
    [
      'a surrogate',
      [0xed, 0xa0, 0x80],
      [
        [0, 1, 'wrong'],
        [1, 1, 'stray'],
        [2, 1, 'stray'],
      ],
    ],
    [
      'overlong',
      [0xc0, 0xaf],
      [
        [0, 1, 'wrong'],
        [1, 1, 'stray'],
      ],
    ],
    [
      'overlong of three',
      [0xe0, 0x80, 0xaf],
      [
        [0, 1, 'wrong'],
        [1, 1, 'stray'],
        [2, 1, 'stray'],
      ],
    ],
    [
      'above U+10FFFF',
      [0xf4, 0x90, 0x80, 0x80],
      [
        [0, 1, 'wrong'],
        [1, 1, 'stray'],
        [2, 1, 'stray'],
        [3, 1, 'stray'],
      ],
    ],
    [
      'broken off in the middle',
      [0xed, 0x95, 0x61],
      [
        [0, 2, 'wrong'],
        [2, 1, 'a'],
      ],
    ],
  ])('that are %s are told as such', (_, bytes, characters) => {
    expect(told(...bytes)).toEqual(characters)
  })

  test('are those of the platform, with one replacement for each that is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        const text = utf8Characters(bytes, 0, 1000)
          .map(({ codePoint }) => String.fromCodePoint(codePoint ?? 0xfffd))
          .join('')
        expect(text).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
      }),
      { numRuns: 2000 },
    )
  })

  test('can be asked for from any of them on, a few at a time', () => {
    const bytes = new TextEncoder().encode('가나다라')
    expect(utf8Characters(bytes, 3, 2).map(({ start }) => start)).toEqual([3, 6])
  })
})
