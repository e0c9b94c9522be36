import { expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { maskedBytes, twiceMasked } from '../../../../src/components/labs/masking/twice-masked.ts'
import { openConnection, serverSays } from '../../wire/captured.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

function said(...messages: readonly (readonly [text: string, key: number[] | undefined])[]) {
  const connection = openConnection()
  for (const [text, key] of messages)
    connection.addChunk(
      'client',
      encodeFrame({ opcode: 1, payload: utf8(text), maskingKey: key && Uint8Array.from(key) }),
      3000,
    )
  serverSays(connection, '안녕')
  return connection.items
}

test('the latest two frames with the same payload are set beside each other, byte by byte', () => {
  const pair = twiceMasked(
    said(
      ['안녕', [1, 2, 3, 4]],
      ['가', [9, 9, 9, 9]],
      ['안녕', [0x37, 0xfa, 0x21, 0x3d]],
      ['나', [5, 5, 5, 5]],
    ),
  )
  if (!pair) throw new Error('there are two')
  const bytes = maskedBytes(pair, 5)
  expect(bytes).toHaveLength(5)
  expect(bytes[0]).toEqual({
    payload: 0xec,
    times: [
      { key: 1, wire: 0xed },
      { key: 0x37, wire: 0xdb },
    ],
  })
  // The key begins again with the fifth byte.
  expect(bytes[4]?.times.map(({ key }) => key)).toEqual([1, 0x37])
})

test('there is no pair when nothing was said twice, or without a mask', () => {
  expect(twiceMasked(said(['안녕', [1, 2, 3, 4]], ['가', [9, 9, 9, 9]]))).toBeUndefined()
  expect(twiceMasked(said(['안녕', [1, 2, 3, 4]], ['안녕', undefined]))).toBeUndefined()
  expect(twiceMasked([])).toBeUndefined()
})
