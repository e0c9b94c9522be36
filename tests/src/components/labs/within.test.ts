import { describe, expect, test } from 'vitest'
import { within } from '../../../../src/components/labs/within.ts'

describe('a field for whole numbers', () => {
  test.each([
    [7, 7],
    [7.4, 7],
    [-3, 1],
    [1e9, 50],
    [0, 1],
    [Number.NaN, 1],
  ])('that says %d is taken as %d', (says, taken) => {
    expect(within(says, 1, 50)).toBe(taken)
  })

  test('that says nothing may stand for something else than the least', () => {
    // What Svelte binds to a field that is empty.
    const nothing = null as unknown as number
    expect([within(nothing, 0, 50), within(nothing, 1, 50, 5), within(3, 1, 50, 5)]).toEqual([0, 5, 3])
  })
})
