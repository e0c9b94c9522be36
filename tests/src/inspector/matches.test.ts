import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OPCODES } from '#protocol/opcodes.ts'
import { Matches } from '../../../src/inspector/matches.ts'
import { traced } from './traced.ts'

const [even, odd] = traced(
  { from: 'client', opcode: OPCODES.binary, payload: new Uint8Array(2) },
  { from: 'client', opcode: OPCODES.binary, payload: new Uint8Array(1) },
).slice(2)
if (!even || !odd) throw new Error('two frames')
const isEven = (item: unknown) => item === even
const never = () => false

const windowOf = (first: number, end: number) => ({
  first,
  items: Array.from({ length: end - first }, (_, i) => ((first + i) % 2 === 0 ? even : odd)),
})

const numbers = (matches: Matches) => Array.from({ length: matches.count }, (_, place) => matches.at(place))

describe('the matches of a filter', () => {
  test('grow with the list, and forget with it', () => {
    const matches = new Matches(isEven)
    expect(matches.advance(windowOf(0, 5), never)).toBe(true)
    expect(numbers(matches)).toEqual([0, 2, 4])
    matches.advance(windowOf(3, 9), never)
    expect(numbers(matches)).toEqual([4, 6, 8])
    expect(matches.at(3)).toBeUndefined()
  })

  test('begin anew with another filter', () => {
    const matches = new Matches(isEven)
    matches.advance(windowOf(0, 6), never)
    matches.reset(item => !isEven(item))
    matches.advance(windowOf(2, 6), never)
    expect(numbers(matches)).toEqual([3, 5])
  })

  test('tell the place of an item, or of the next that passes', () => {
    const matches = new Matches(isEven)
    matches.advance(windowOf(10, 20), never)
    expect([10, 11, 12, 19, 100].map(number => matches.placeOf(number))).toEqual([0, 1, 1, 5, 5])
  })

  test('are looked for in slices that end when told to', () => {
    const matches = new Matches(isEven)
    let slices = 1
    while (!matches.advance(windowOf(0, 1_000), () => true)) slices++
    expect(slices).toBe(Math.ceil(1_000 / 64))
    expect(matches.count).toBe(500)
  })

  test('are the same as filtering the window, however it moves', () => {
    const moves = fc.array(fc.tuple(fc.nat(5_000), fc.nat(5_000)), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(moves, steps => {
        const matches = new Matches(isEven)
        let first = 0
        let end = 0
        for (const [forgotten, added] of steps) {
          end += added
          first = Math.min(first + forgotten, end)
          matches.advance(windowOf(first, end), never)
        }
        const wanted = Array.from({ length: end - first }, (_, i) => first + i).filter(n => n % 2 === 0)
        expect(numbers(matches)).toEqual(wanted)
      }),
      { numRuns: 50 },
    )
  })
})
