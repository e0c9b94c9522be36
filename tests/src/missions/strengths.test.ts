import { describe, expect, test } from 'vitest'
import { inFlight, lightLoad } from '../../../src/missions/strengths.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

/** A client that says so many messages of that length, each answered when so many are on their way. */
function spoken(count: number, length: number, ahead = 1) {
  const connection = openConnection()
  const text = 'a'.repeat(length)
  let unanswered = 0
  for (let said = 0; said < count; said++) {
    clientSays(connection, text)
    connection.addScript({ at: said, what: 'send', detail: '' })
    if (++unanswered < ahead) continue
    for (; unanswered > 0; unanswered--) {
      serverSays(connection, text)
      connection.addScript({ at: said, what: 'message', detail: '' })
    }
  }
  return [connection]
}

describe('a light load', () => {
  test.each([125, 160, 1000])('passes with messages of %d letters', length => {
    expect(lightLoad(spoken(10, length))).toEqual({ passed: true })
  })

  test.each([
    ['messages that are too short', spoken(10, 119), '5.0%'],
    ['a head that has just grown', spoken(10, 126), '6.3%'],
    ['too few of them', spoken(9, 125), '9개뿐'],
  ])('%s do not pass', (_name, connections, near) => {
    expect(lightLoad(connections)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('nothing said does not pass', () => {
    expect(lightLoad([openConnection()])).toEqual({ passed: false })
    expect(lightLoad(spoken(10, 0))).toEqual({ passed: false })
  })
})

describe('messages in flight', () => {
  test('pass when five are on their way at once', () => {
    expect(inFlight(spoken(20, 5, 5))).toEqual({ passed: true })
  })

  test.each([1, 2, 4])('do not pass with %d', ahead => {
    expect(inFlight(spoken(20, 5, ahead))).toMatchObject({
      passed: false,
      near: expect.stringContaining(`${ahead}개`),
    })
  })

  test('nothing said does not pass', () => {
    expect(inFlight([openConnection()])).toEqual({ passed: false })
  })
})
