import { expect, test } from 'vitest'
import { MessageIndex } from '../../../src/inspector/message-index.ts'
import { traced, utf8, type Said } from './traced.ts'

function indexOf(...frames: readonly Said[]): MessageIndex {
  const index = new MessageIndex()
  for (const [number, item] of traced(...frames).entries()) index.add(number, item)
  return index
}

const part = (opcode: number, fin: boolean, from: 'client' | 'server' = 'client'): Said => ({
  from,
  opcode,
  fin,
  payload: utf8('x'),
})

test('a frame with FIN is a message of its own', () => {
  const index = indexOf(part(1, true), part(2, true, 'server'))
  expect(index.of(2)).toMatchObject({ from: 'client', first: 2, last: 2, complete: true })
  expect(index.of(3)).toMatchObject({ from: 'server', first: 3, last: 3, complete: true })
})

test('fragments are one message, whatever comes between them', () => {
  const index = indexOf(
    part(1, false),
    part(9, true),
    part(1, true, 'server'),
    part(0, false),
    part(0xa, true, 'server'),
    part(0, true),
  )
  const message = index.of(2)
  expect(message).toMatchObject({ from: 'client', first: 2, last: 7, complete: true })
  expect([index.of(5), index.of(7)]).toEqual([message, message])
  expect([index.of(3), index.of(6)]).toEqual([undefined, undefined])
  expect(index.of(4)).toMatchObject({ from: 'server', first: 4, last: 4 })
})

test('heads are part of no message', () => {
  const index = indexOf()
  expect([index.of(0), index.of(1)]).toEqual([undefined, undefined])
})

test('a message that goes on is told to be unfinished', () => {
  const index = indexOf(part(1, false), part(0, false))
  expect(index.unfinished).toEqual([{ from: 'client', first: 2, last: 3, complete: false }])
})

test('a continuation of nothing is nobody’s, and a data frame inside a message begins another', () => {
  const index = indexOf(part(0, true), part(1, false), part(2, true))
  expect(index.of(2)).toBeUndefined()
  expect(index.of(3)).toMatchObject({ first: 3, last: 3, complete: false })
  expect(index.of(4)).toMatchObject({ first: 4, last: 4, complete: true })
})

test('what is forgotten is gone, what is kept keeps its numbers', () => {
  const index = new MessageIndex()
  const [, , frame] = traced(part(1, true))
  if (!frame) throw new Error('no frame')
  for (let number = 0; number < 5_000; number++) index.add(number, frame)
  index.forgetBefore(3_000)
  expect(index.of(2_999)).toBeUndefined()
  expect(index.of(3_000)).toMatchObject({ first: 3_000 })
  index.forgetBefore(5_000)
  index.add(5_000, frame)
  expect(index.of(5_000)).toMatchObject({ first: 5_000 })
})
