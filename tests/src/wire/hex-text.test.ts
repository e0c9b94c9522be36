import { expect, test } from 'vitest'
import { bytesFromHex } from '../../../src/wire/hex-text.ts'

test.each([
  ['', []],
  ['00ff2a', [0, 255, 42]],
  ['00 FF\n2a', [0, 255, 42]],
])('%j is the bytes %j', (text, bytes) => {
  expect(bytesFromHex(text)).toEqual(Uint8Array.from(bytes))
})

test.each(['0', '0g', '00 f', '한글'])('%j is not bytes', text => {
  expect(bytesFromHex(text)).toBeUndefined()
})
