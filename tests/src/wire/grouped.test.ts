import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grouped } from '../../../src/wire/grouped.ts'

test('groups digits as Korean does', () => {
  fc.assert(fc.property(fc.maxSafeNat(), count => grouped(count) === count.toLocaleString('ko')))
  expect(grouped(999)).toBe('999')
  expect(grouped(65_536)).toBe('65,536')
})
