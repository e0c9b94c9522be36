import { expect, test } from 'vitest'
import { createHash } from 'node:crypto'
import { acceptFor } from '#protocol/accept.ts'
import { acceptBy, type AcceptRecipe } from '../../../../src/components/labs/wrong-accept/accept-recipe.ts'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const RIGHT: AcceptRecipe = { key: 'as-is', guid: 'after', digest: 'bytes', spelling: 'base64' }
const sha1 = (...parts: readonly (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha1'))

test('the right way leads to the answer of RFC 6455 §1.3', () => {
  expect(acceptBy(RIGHT, KEY)).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
})

test.each<[Partial<AcceptRecipe>, string]>([
  [{ key: 'decoded' }, sha1(Buffer.from(KEY, 'base64'), GUID).digest('base64')],
  [{ guid: 'before' }, sha1(GUID, KEY).digest('base64')],
  [{ guid: 'none' }, sha1(KEY).digest('base64')],
  [{ digest: 'hex' }, Buffer.from(sha1(KEY, GUID).digest('hex')).toString('base64')],
  [{ spelling: 'hex' }, sha1(KEY, GUID).digest('hex')],
])('%j leads where node:crypto leads, and to another answer', (changes, expected) => {
  const answer = acceptBy({ ...RIGHT, ...changes }, KEY)
  expect(answer).toBe(expected)
  expect(answer).not.toBe(acceptFor(KEY))
})
