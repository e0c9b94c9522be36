import { describe, expect, test } from 'vitest'
import type { Role } from '#protocol/role.ts'
import { spokeUnasked, threeBetween } from '../../../src/missions/why-websocket.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'

/** A connection on which these spoke in that order. */
function spoken(order: string) {
  const connection = openConnection()
  for (const [index, from] of (order.split(' ').filter(Boolean) as Role[]).entries())
    (from === 'server' ? serverSays : clientSays)(connection, `말 ${index}`, 3000 + index)
  return [connection]
}

describe('a server that speaks unasked', () => {
  test('passes with three messages and nothing said before them', () => {
    expect(spokeUnasked(spoken('server server server client'))).toEqual({ passed: true })
  })

  test.each([
    ['two messages', 'server server', '2번'],
    ['a client that spoke first', 'client server server server', '듣기 전에 브라우저가 말했습니다'],
    ['a client that spoke in between', 'server client server server', '듣기 전에 브라우저가 말했습니다'],
  ])('%s do not pass', (_name, order, near) => {
    expect(spokeUnasked(spoken(order))).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('a connection on which nobody has spoken does not pass', () => {
    expect(spokeUnasked(spoken(''))).toEqual({ passed: false })
  })
})

describe('three messages between two of the server', () => {
  test('pass wherever they stand', () => {
    expect(threeBetween(spoken('client server client client client server'))).toEqual({ passed: true })
  })

  test.each([
    ['two', 'server client client server client', '2개'],
    ['three before the server has spoken', 'client client client server server', '0개'],
    ['three after its last word', 'server server client client client', '0개'],
    ['one for each answer', 'server client server client server client server', '1개'],
  ])('%s do not pass', (_name, order, near) => {
    expect(threeBetween(spoken(order))).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('a client that only listens does not pass', () => {
    expect(threeBetween(spoken('server server server'))).toEqual({ passed: false })
  })
})
