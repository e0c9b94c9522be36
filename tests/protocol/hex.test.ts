import { expect, test } from 'vitest'
import { hexByte, hexOf, hexStart } from '#protocol/hex.ts'

test('bytes are two digits each, with a space between', () => {
  expect([hexByte(0), hexByte(0x0a), hexByte(255)]).toEqual(['00', '0a', 'ff'])
  expect([hexOf(Uint8Array.of()), hexOf(Uint8Array.of(0, 10, 255))]).toEqual(['', '00 0a ff'])
})

test('of many bytes the beginning is shown, and that there are more', () => {
  const bytes = Uint8Array.of(1, 2, 3)
  expect([hexStart(bytes, 3), hexStart(bytes, 2), hexStart(bytes, 0)]).toEqual(['01 02 03', '01 02 …', ' …'])
})
