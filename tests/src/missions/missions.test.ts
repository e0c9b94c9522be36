import { expect, test } from 'vitest'
import { isMissionId, MISSIONS } from '../../../src/missions/missions.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

const nineBytes = (text: string) => {
  const connection = openConnection()
  clientSays(connection, text)
  return MISSIONS['nine-bytes'](connection)
}

test('three composed syllables in nine bytes pass', () => {
  expect(nineBytes('고마워')).toEqual({ passed: true })
})

test.each([
  ['안'.normalize('NFD'), '코드 포인트로는 3개'],
  ['abcdefghi', '코드 포인트로는 9개'],
  ['안녕', '6바이트'],
  ['고마워요', '12바이트'],
])('%j does not pass, and the reader learns why', (text, near) => {
  expect(nineBytes(text)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
})

test('what the server says does not count', () => {
  const connection = openConnection()
  serverSays(connection, '고마워')
  expect(MISSIONS['nine-bytes'](connection)).toEqual({ passed: false })
})

const subprotocol = (offered?: string, chosen?: string) =>
  MISSIONS['second-subprotocol'](openConnection(offered, chosen))

test('two subprotocols offered and the second chosen pass', () => {
  expect(subprotocol('anatomy.v1, anatomy.v2', 'anatomy.v2')).toEqual({ passed: true })
})

test.each([
  ['the first chosen', 'anatomy.v2, anatomy.v1', 'anatomy.v2'],
  ['none chosen', 'unknown.v1, other.v1', undefined],
  ['only one offered', 'anatomy.v2', 'anatomy.v2'],
  ['three offered', 'unknown.v1, anatomy.v2, anatomy.v1', 'anatomy.v2'],
  ['none offered', undefined, undefined],
])('%s does not pass', (_name, offered, chosen) => {
  expect(subprotocol(offered, chosen).passed).toBe(false)
})

test('an unknown mission is no mission, not even a name every object has', () => {
  expect(isMissionId('nine-bytes')).toBe(true)
  expect(isMissionId('toString')).toBe(false)
})
