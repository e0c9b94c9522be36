import { describe, expect, test } from 'vitest'
import {
  anchorOf,
  contentHeight,
  endOf,
  scrollTopFor,
  scrollTopToShow,
  steppedHeight,
  windowOf,
} from '../../../src/inspector/viewport.ts'

const box = (count: number, scrollTop: number) => ({ count, rowHeight: 28, height: 280, scrollTop })

describe.each([100, 10_000, 2_000_000])('a list of %i rows', count => {
  const places = [0, 1, Math.floor(count / 3), count - 11, count - 10]

  test('draws the rows in sight and a few beside them, and no others', () => {
    for (const place of places) {
      const { start, end } = windowOf(box(count, scrollTopFor(box(count, 0), place)))
      expect(start).toBeLessThanOrEqual(place)
      expect(end).toBeGreaterThanOrEqual(Math.min(place + 10, count))
      expect(end - start).toBeLessThanOrEqual(20)
    }
  })

  test('puts the first row it draws where it belongs', () => {
    for (const place of places) {
      const viewport = box(count, scrollTopFor(box(count, 0), place))
      const { start, top } = windowOf(viewport)
      // The wanted row is drawn at the top edge of the box.
      expect(top + (place - start) * 28 - viewport.scrollTop).toBeCloseTo(0, 3)
    }
  })

  test('finds the row at the top again', () => {
    for (const place of places) {
      const { place: found, offset } = anchorOf(box(count, scrollTopFor(box(count, 0), place, 7)))
      if (place <= count - 11) expect(found * 28 + offset).toBeCloseTo(place * 28 + 7, 3)
    }
  })

  test('scrolls to its end and not further', () => {
    const end = scrollTopFor(box(count, 0), count)
    expect(end).toBe(contentHeight(box(count, 0)) - 280)
    expect(windowOf(box(count, end)).end).toBe(count)
  })
})

test('content is never taller than browsers can place', () => {
  expect(contentHeight(box(2_000_000, 0))).toBe(8_000_000)
})

test('a row in sight is left where it is, another is brought in by the shorter way', () => {
  expect(scrollTopToShow(box(100, 280), 12)).toBe(280)
  expect(scrollTopToShow(box(100, 280), 9)).toBe(252)
  expect(scrollTopToShow(box(100, 280), 20)).toBe(308)
})

test('a short list fills its box', () => {
  expect(contentHeight(box(3, 0))).toBe(280)
  expect(windowOf(box(3, 0))).toEqual({ start: 0, end: 3, top: 0 })
  expect(windowOf(box(0, 0))).toEqual({ start: 0, end: 0, top: 0 })
})

describe('a list that is followed as it grows', () => {
  test('has its last row at the end of its content', () => {
    for (const count of [11, 100, 5_000, 2_000_000]) {
      const tall = steppedHeight(box(count, 0))
      const { start, end, top } = endOf(box(count, 0), tall)
      expect([end, top + (end - start) * 28]).toEqual([count, tall])
      expect(end - start).toBeLessThanOrEqual(20)
    }
  })

  test('begins at the top while it is short', () => {
    expect(endOf(box(3, 0), steppedHeight(box(3, 0)))).toEqual({ start: 0, end: 3, top: 0 })
  })

  test('seldom changes its height', () => {
    const heights = Array.from({ length: 10_000 }, (_, count) => steppedHeight(box(count, 0)))
    expect(new Set(heights).size).toBeLessThanOrEqual(12)
    for (const [count, height] of heights.entries()) expect(height).toBeGreaterThanOrEqual(count * 28)
  })
})
