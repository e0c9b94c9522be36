import { expect, test } from 'vitest'
import { nineBytes } from '../../../src/missions/first-connection.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

const judged = (text: string) => {
  const connection = openConnection()
  clientSays(connection, text)
  return nineBytes([connection])
}

test('three composed syllables in nine bytes pass', () => {
  expect(judged('고마워')).toEqual({ passed: true })
})

test.each([
  ['안'.normalize('NFD'), '코드 포인트로는 3개'],
  ['abcdefghi', '코드 포인트로는 9개'],
  ['안녕', '6바이트'],
  ['고마워요', '12바이트'],
])('%j does not pass, and the reader learns why', (text, near) => {
  expect(judged(text)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
})

test('what the server says does not count', () => {
  const connection = openConnection()
  serverSays(connection, '고마워')
  expect(nineBytes([connection])).toEqual({ passed: false })
})
