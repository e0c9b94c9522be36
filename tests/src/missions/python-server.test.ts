import { describe, expect, test } from 'vitest'
import { aloneAndTold, leftOut } from '../../../src/missions/python-server.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

/** A person who said this, and was told that. */
function person(said: readonly string[], told: readonly string[]): CapturedConnection {
  const connection = openConnection()
  for (const text of said) clientSays(connection, text)
  for (const text of told) serverSays(connection, text)
  return connection
}

describe('whoever speaks is left out', () => {
  test('passes when two others hear it, and not who said it', () => {
    const others = [person([], ['안녕']), person([], ['안녕', '둘'])]
    expect(leftOut([person(['안녕'], []), ...others])).toEqual({ passed: true })
    expect(leftOut([...others, person(['하나', '안녕'], ['다른 말'])])).toEqual({ passed: true })
  })

  test.each([
    ['one other', [person(['안녕'], []), person([], ['안녕'])], '두 사람이'],
    [
      'others who heard something else',
      [person(['안녕'], []), person([], ['예']), person([], ['예'])],
      '두 사람이',
    ],
    [
      'a server that tells everybody',
      [person(['안녕'], ['안녕']), person([], ['안녕']), person([], ['안녕'])],
      '제 말을',
    ],
  ])('%s do not pass', (_name, connections, near) => {
    expect(leftOut(connections)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('before anybody spoke does not pass', () => {
    expect(leftOut([])).toEqual({ passed: false })
    expect(leftOut([person([], []), person([], [])])).toEqual({ passed: false })
  })
})

describe('one who is alone', () => {
  test('passes when told what they said, whoever was there before', () => {
    expect(aloneAndTold([person(['안녕'], ['안녕'])])).toEqual({ passed: true })
    expect(aloneAndTold([person(['먼저'], []), person([], ['먼저']), person(['안녕'], ['안녕'])])).toEqual({
      passed: true,
    })
  })

  test.each([
    ['and told nothing', [person(['안녕'], [])], '아무것도'],
    ['and told something else', [person(['안녕'], ['예'])], '아무것도'],
    ['no more', [person([], ['안녕']), person(['안녕'], ['안녕'])], '혼자가'],
  ])('%s does not pass', (_name, connections, near) => {
    expect(aloneAndTold(connections)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('and silent does not pass', () => {
    expect(aloneAndTold([])).toEqual({ passed: false })
    expect(aloneAndTold([person([], [])])).toEqual({ passed: false })
  })
})
