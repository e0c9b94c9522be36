import { describe, expect, test } from 'vitest'
import { cameLate, thinnedOut } from '../../../src/missions/use-cases.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

const say = (text: string) => JSON.stringify({ kind: 'say', text })
const told = (number: number, text: string) => JSON.stringify({ kind: 'say', number, from: '가영', text })

/** One who said so many before 2,000 µs, which is when the other comes. */
function speaker(words: number, at = 1500): CapturedConnection {
  const connection = openConnection()
  // As in a session whose clock began later for the other.
  for (let number = 1; number <= words; number++) clientSays(connection, say(`말 ${number}`), at)
  return connection
}
function listener(words: number): CapturedConnection {
  const connection = openConnection()
  for (let number = 1; number <= words; number++) serverSays(connection, told(number, `말 ${number}`))
  return connection
}

describe('somebody who comes late', () => {
  test('passes when they hear three words that were said before they came', () => {
    expect(cameLate([speaker(3), listener(3)])).toEqual({ passed: true })
    expect(cameLate([listener(4), speaker(4)])).toEqual({ passed: true })
  })

  test('who missed too little does not pass, and is told how much', () => {
    expect(cameLate([speaker(2), listener(2)])).toMatchObject({
      passed: false,
      near: expect.stringContaining('2개'),
    })
  })

  test.each([
    ['nobody', []],
    ['who heard only what was said while they were there', [speaker(3, 9000), listener(3)]],
    ['who heard what nobody here said', [speaker(0), listener(3)]],
    ['who heard nothing', [speaker(3), listener(0)]],
  ])('%s does not pass', (_who, connections) => {
    expect(cameLate(connections)).toEqual({ passed: false })
  })
})

describe('a market that is thinned out', () => {
  const trades = (...numbers: number[]) =>
    JSON.stringify(numbers.map(number => ({ stock: '가나전자', price: 1, number })))
  function heard(messages: number, step: number): CapturedConnection {
    const connection = openConnection()
    for (let index = 0; index < messages; index++) serverSays(connection, trades(1 + index * step))
    return connection
  }

  test('passes when a message stands for ten trades', () => {
    expect(thinnedOut([heard(11, 25)])).toEqual({ passed: true })
    expect(thinnedOut([heard(200, 1), heard(11, 25)])).toEqual({ passed: true })
  })

  test('of which every trade is heard does not pass', () => {
    expect(thinnedOut([heard(200, 1)])).toMatchObject({
      passed: false,
      near: expect.stringContaining('1.0번'),
    })
  })

  test.each([
    ['nobody hears of', []],
    ['of which too little was traded', [heard(3, 25)]],
    ['that is a chat', [listener(5)]],
  ])('%s does not pass', (_what, connections) => {
    expect(thinnedOut(connections)).toEqual({ passed: false })
  })
})
