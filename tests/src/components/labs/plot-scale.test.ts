import { describe, expect, test } from 'vitest'
import { scaleAround, scaleOver } from '../../../../src/components/labs/plot-scale.ts'

describe('a scale over a range', () => {
  test('is that range, with marks at round numbers inside', () => {
    expect(scaleOver(0.4, 10, 6)).toEqual({ from: 0.4, to: 10, marks: [2, 4, 6, 8, 10] })
    expect(scaleOver(0, 0.6, 3)).toEqual({ from: 0, to: 0.6, marks: [0, 0.2, 0.4, 0.6] })
  })

  test('is one long when there is one value or none', () => {
    expect(scaleOver(3, 3, 2)).toEqual({ from: 3, to: 4, marks: [3, 3.5, 4] })
  })
})

describe('a scale around values', () => {
  test('holds them and zero, and ends with marks', () => {
    expect(scaleAround(120, 4321, 5)).toEqual({ from: 0, to: 5000, marks: [0, 1000, 2000, 3000, 4000, 5000] })
    expect(scaleAround(-0.31, 0.12, 3)).toEqual({ from: -0.4, to: 0.2, marks: [-0.4, -0.2, 0, 0.2] })
    expect(scaleAround(-8, -3, 2)).toEqual({ from: -10, to: 0, marks: [-10, -5, 0] })
  })

  test('is one long when all are zero', () => {
    expect(scaleAround(0, 0, 2)).toEqual({ from: 0, to: 1, marks: [0, 0.5, 1] })
  })
})
