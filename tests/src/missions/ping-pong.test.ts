import { expect, test } from 'vitest'
import { foundSilence } from '../../../src/missions/ping-pong.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

const SECOND = 1_000_000

/** Beats each second, so many of them answered; the page gives up that many seconds after the last answer. */
function beaten({ answered, unanswered, after }: { answered: number; unanswered: number; after?: number }) {
  const connection = openConnection()
  let at = SECOND
  for (let beat = 0; beat < answered + unanswered; beat++, at += SECOND) {
    clientSays(connection, `${beat}`, at)
    if (beat < answered) serverSays(connection, `${beat}`, at + 1000)
  }
  if (after !== undefined)
    connection.addScript({
      at: answered * SECOND + 1000 + after * SECOND,
      what: 'close()',
      detail: '4000',
    })
  return [connection]
}

test('a page that gives up in time because a beat was not answered passes', () => {
  expect(foundSilence(beaten({ answered: 3, unanswered: 2, after: 3 }))).toEqual({ passed: true })
})

test.each([
  ['giving up after seven seconds', { answered: 3, unanswered: 6, after: 7 }, '7.0초'],
  ['closing while every beat is answered', { answered: 3, unanswered: 0, after: 0.5 }, '끊은 것입니다'],
  ['a connection that was hardly used before', { answered: 1, unanswered: 2, after: 3 }, '두 번은'],
])('%s does not pass, and the reader learns why', (_name, beats, near) => {
  expect(foundSilence(beaten(beats))).toMatchObject({ passed: false, near: expect.stringContaining(near) })
})

test('a page that has not noticed yet does not pass', () => {
  expect(foundSilence(beaten({ answered: 3, unanswered: 9 }))).toEqual({ passed: false })
})
