import { expect, test } from 'vitest'
import { readNumber } from '../../../sandbox-server/labs/parameters.ts'

const every = { name: 'every', least: 50, most: 1_000, usual: 200 }

test.each([
  ['every=300', 300],
  ['every=50', 50],
  ['every=1', 50],
  ['every=99999', 1_000],
  ['', 200],
  ['every=', 200],
  ['every=fast', 200],
  ['every=-1', 200],
  ['every=1e3', 200],
  ['every=99999999999999999999', 200],
])('of the query %j the lab takes %i', (query, value) => {
  expect(readNumber(new URLSearchParams(query), every)).toBe(value)
})
