import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prettyJson } from '../../../src/wire/json-text.ts'

test('a member to a line, its tokens as they were', () => {
  expect(prettyJson('{"a":1,"b":[true,null],"c":{}, "d":[ ],"e":"x, [y]: {z} \\" \\\\"}')).toBe(
    [
      '{',
      '  "a": 1,',
      '  "b": [',
      '    true,',
      '    null',
      '  ],',
      '  "c": {},',
      '  "d": [],',
      '  "e": "x, [y]: {z} \\" \\\\"',
      '}',
    ].join('\n'),
  )
})

test('no number is rounded and no doubled key lost', () => {
  expect(prettyJson('{"id":12345678901234567890,"x":1e400,"x":1.0}')).toBe(
    '{\n  "id": 12345678901234567890,\n  "x": 1e400,\n  "x": 1.0\n}',
  )
})

test.each([
  '',
  'hello',
  '3',
  '"text"',
  '{"a":',
  '[1,]',
  `[${'1,'.repeat(300_000)}1]`,
  '['.repeat(200_000) + ']'.repeat(200_000),
])('what is no object or array, too long or too deep, stays as it is', text => {
  expect(prettyJson(text)).toBeUndefined()
})

test('means what it meant', () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), value => {
      const text = JSON.stringify(value)
      expect(JSON.parse(prettyJson(text) ?? '')).toEqual(JSON.parse(text))
    }),
  )
})

test('takes a long string in its stride', () => {
  const text = JSON.stringify({ long: 'x\\"'.repeat(100_000) })
  expect(JSON.parse(prettyJson(text) ?? '')).toEqual(JSON.parse(text))
})
