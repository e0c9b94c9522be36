import { expect, test } from 'vitest'
import type { FrameFilter } from '../../../src/inspector/frame-filter.ts'
import { Matches } from '../../../src/inspector/matches.ts'
import { Search } from '../../../src/inspector/search.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'
import { matcherOf } from './matcher.ts'

function searched(text: string, filter: Partial<FrameFilter> = {}): Search {
  const connection = openConnection()
  for (const word of ['apple', 'pear', 'apple pie', 'plum']) {
    clientSays(connection, word)
    serverSays(connection, word)
  }
  const shown = new Matches(matcherOf(filter))
  const search = new Search(shown)
  search.set(text)
  const window = { first: 0, items: connection.items }
  shown.advance(window, () => false)
  search.advance(window, () => false)
  return search
}

test('finds a text wherever it is, and goes round', () => {
  const search = searched('apple')
  expect(search.countBefore(Infinity)).toBe(4)
  expect([search.next(-1, 1), search.next(2, 1), search.next(3, 1), search.next(7, 1)]).toEqual([2, 3, 6, 2])
  expect([search.next(6, -1), search.next(2, -1)]).toEqual([3, 7])
  expect([search.ordinalOf(6), search.ordinalOf(4)]).toEqual([3, undefined])
})

test('goes round what is before a number, from wherever', () => {
  const search = searched('apple')
  expect(search.countBefore(7)).toBe(3)
  expect([2, 3, 6, 7, 99].map(from => search.next(from, 1, 7))).toEqual([3, 6, 2, 2, 2])
  expect([99, 7, 6, 3, 2].map(from => search.next(from, -1, 7))).toEqual([6, 6, 3, 2, 6])
  expect([search.next(2, 1, 2), search.next(2, -1, 0)]).toEqual([undefined, undefined])
})

test('finds only among what the filter shows', () => {
  expect(searched('apple', { from: 'server' }).countBefore(Infinity)).toBe(2)
})

test('goes no further than the filter has come', () => {
  const connection = openConnection()
  for (let i = 0; i < 200; i++) serverSays(connection, 'apple')
  const shown = new Matches(() => true)
  const search = new Search(shown)
  search.set('apple')
  const window = { first: 0, items: connection.items }
  let slices = 0
  while (!shown.advance(window, () => true)) {
    slices++
    expect(search.advance(window, () => false)).toBe(true)
    expect(search.countBefore(Infinity)).toBe(shown.looked - 2)
  }
  expect(slices).toBeGreaterThan(1)
})

test('finds bytes, and says where these are none', () => {
  expect(searched('0x 70 6c').countBefore(Infinity)).toBe(6)
  const broken = searched('0x 7')
  expect([broken.isOn, broken.countBefore(Infinity)]).toEqual([false, 0])
  expect(broken.fault).toContain('16진수')
})

test('finds nothing of nothing', () => {
  expect([searched('').countBefore(Infinity), searched('').next(0, 1)]).toEqual([0, undefined])
})
