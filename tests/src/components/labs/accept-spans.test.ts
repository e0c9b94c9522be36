import { expect, test } from 'vitest'
import { acceptSteps } from '#protocol/accept.ts'
import { hexOf } from '#protocol/hex.ts'
import {
  base64Groups,
  concatenatedSpans,
  digestSpans,
} from '../../../../src/components/labs/accept-key/accept-spans.ts'

const places = (key: string) =>
  concatenatedSpans(acceptSteps(key)).map(({ id, start, end }) => [id, start, end])

test('every byte that is hashed belongs to the key or to the GUID', () => {
  expect(places('dGhlIHNhbXBsZSBub25jZQ==')).toEqual([
    ['request-key', 0, 24],
    ['guid', 24, 60],
  ])
  expect(places('')).toEqual([['guid', 0, 36]])
  // A key that is typed may be anything; places are in bytes.
  expect(places('안녕')).toEqual([
    ['request-key', 0, 6],
    ['guid', 6, 42],
  ])
})

test('the digest is one part, and three bytes of it are four digits of the answer', () => {
  const steps = acceptSteps('dGhlIHNhbXBsZSBub25jZQ==')
  expect(digestSpans(steps).map(({ start, end }) => [start, end])).toEqual([[0, 20]])
  const groups = base64Groups(steps).map(({ bytes, digits }) => `${hexOf(bytes)} ${digits}`)
  expect(groups).toHaveLength(7)
  expect(groups[0]).toBe('b3 7a 4f s3pP')
  expect(groups[6]).toBe('c4 ea xOo=')
})
