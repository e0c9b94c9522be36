import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { openLab } from '../support/page.ts'
import { eventually, runSandbox } from '../support/running-sandbox.ts'

/** Sits down in a room, and says which server answered. */
async function sit(port: number, room: string, query = '') {
  const socket = openLab(port, undefined, {}, [], `instances?room=${room}${query}`)
  const heard: string[] = []
  socket.on('message', data => heard.push((data as Buffer).toString()))
  const [[response]] = await Promise.all([
    once(socket, 'upgrade') as Promise<[{ headers: Record<string, string> }]>,
    once(socket, 'open'),
  ])
  return { socket, heard, server: response.headers['x-served-by'] }
}

async function serversOf(port: number, room: string, queries: readonly string[]) {
  const names = []
  for (const query of queries) names.push((await sit(port, room, query)).server)
  return names
}

describe('the balancer', () => {
  test('gives connections to the two in turn', async () => {
    const { port } = await runSandbox()
    expect(await serversOf(port, 'inturn1234567890', ['', '', ''])).toEqual([
      'instance-1',
      'instance-2',
      'instance-1',
    ])
  })

  test('gives a seat to the server that it had before, when it is sticky', async () => {
    const { port } = await runSandbox()
    const queries = ['1', '2', '1', '2', '3'].map(seat => `&balance=sticky&seat=${seat}`)
    const [first, second, ...again] = await serversOf(port, 'sticky1234567890', queries)
    expect([first, second]).toEqual(['instance-1', 'instance-2'])
    expect(again).toEqual([first, second, 'instance-1'])
  })

  test('gives a room to one server', async () => {
    const { port } = await runSandbox()
    const all = await serversOf(
      port,
      'oneroom123456789',
      ['1', '2', '3'].map(seat => `&balance=room&seat=${seat}`),
    )
    expect(new Set(all).size).toBe(1)
    const some = await Promise.all(
      Array.from({ length: 8 }, (_, number) =>
        serversOf(port, `oneroom12345678${number}`, ['&balance=room']),
      ),
    )
    expect(new Set(some.flat()).size).toBe(2)
  })
})

describe('what is said in a room', () => {
  test.each([
    ['', [true, false, true]],
    ['&balance=sticky', [true, false, true]],
    ['&balance=room', [true, true, true]],
    ['&bus', [true, true, true]],
  ])('with %j is heard by those', async (query, heardBy) => {
    const { port } = await runSandbox()
    const seats: Awaited<ReturnType<typeof sit>>[] = []
    for (const seat of [1, 2, 3])
      seats.push(await sit(port, `heard${query.length}12345678901`, `${query}&seat=${seat}`))
    seats[0]?.socket.send('모두에게')
    await eventually(() => seats[0]?.heard.length === 1)
    // A ping goes behind whatever was sent before it.
    for (const { socket } of seats) {
      socket.ping()
      await once(socket, 'pong')
    }
    expect(seats.map(({ heard }) => heard.includes('모두에게'))).toEqual(heardBy)
    expect(seats.flatMap(({ heard }) => heard)).toHaveLength(heardBy.filter(Boolean).length)
  })
})
