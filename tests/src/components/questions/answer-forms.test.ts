import { describe, expect, test } from 'vitest'
import { formsOf, isOneOf, numberIn } from '../../../../src/components/questions/answer-forms.ts'

describe('an answer in words', () => {
  test.each([
    ['Sec-WebSocket-Accept', 'sec-websocket-accept'],
    ['서브프로토콜', '서브 프로토콜'],
    ['마스킹 키', ' 마스킹키 '],
    ['핸드셰이크', '핸드셰이크'.normalize('NFD')],
    ['GET | get 요청', 'GET  요청'],
  ])('%s is %j', (is, answer) => {
    expect(isOneOf(formsOf(is), answer, false)).toBe(true)
  })

  test.each([
    ['Sec-WebSocket-Accept', 'Sec-WebSocket-Key'],
    ['101', '0x65'],
    ['마스킹 키', '마스킹'],
    ['마스킹 키', ''],
  ])('%s is not %j', (is, answer) => {
    expect(isOneOf(formsOf(is), answer, false)).toBe(false)
  })
})

describe('a number', () => {
  test.each([
    ['12', 12],
    [' 1,024 ', 1024],
    ['1 024', 1024],
    ['12바이트', 12],
    ['12 바이트', 12],
    ['0x81', 129],
    ['0b101', 5],
    ['-1', -1],
    ['1.5', 1.5],
    ['１２', 12],
    ['012', 12],
  ])('%j is %d', (text, value) => {
    expect(numberIn(text, '바이트')).toBe(value)
  })

  test.each(['', '바이트', '열둘', '12개', '1.', '0x', '1e3', '12바이트바이트', 'Infinity', '--1'])(
    '%j is none',
    text => {
      expect(numberIn(text, '바이트')).toBeUndefined()
    },
  )

  test('that is none is no accepted answer, whatever the forms', () => {
    expect(isOneOf(['열둘'], '스물', true)).toBe(false)
  })
})

test('forms stand between bars, and empty ones count for nothing', () => {
  expect(formsOf(' 101 | 101 Switching Protocols || ')).toEqual(['101', '101 Switching Protocols'])
})
