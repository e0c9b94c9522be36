import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type WebSocket from 'ws'
import {
  ARENA_MOST,
  ARENA_SIDE,
  ARENA_STEP,
  decodeSnapshot,
  encodeHeading,
  encodeSnapshot,
} from '#contract/arena.ts'
import { openLab } from '../support/page.ts'
import { runSandbox } from '../support/running-sandbox.ts'

const LAB = 'arena?room=room0123456789abcdef'

async function join(port: number): Promise<WebSocket> {
  const client = openLab(port, undefined, {}, [], LAB)
  await once(client, 'open')
  return client
}

async function snapshot(client: WebSocket) {
  const [data] = (await once(client, 'message')) as [Buffer]
  const told = decodeSnapshot(data)
  if (!told) throw new Error('no snapshot')
  return told
}

describe('a game', () => {
  test('is told to every player alike, with a number for each', async () => {
    const { port } = await runSandbox()
    const [one, other] = [await join(port), await join(port)]
    let [mine, theirs] = [await snapshot(one), await snapshot(other)]
    while (mine.tick < theirs.tick) mine = await snapshot(one)
    while (theirs.tick < mine.tick) theirs = await snapshot(other)
    expect([mine.you, theirs.you]).toEqual([1, 2])
    expect(mine.players).toEqual(theirs.players)
    expect([...mine.players.keys()]).toEqual([1, 2])
  })

  test('moves whoever says a heading, a step a tick, and nobody else', async () => {
    const { port } = await runSandbox()
    const [one, other] = [await join(port), await join(port)]
    const before = await snapshot(other)
    one.send(encodeHeading({ dx: 1, dy: -1 }))
    let now = await snapshot(other)
    while (now.players.get(1)?.x === before.players.get(1)?.x) now = await snapshot(other)
    const next = await snapshot(other)
    const [from, to] = [now.players.get(1), next.players.get(1)]
    expect({ dx: (to?.x ?? 0) - (from?.x ?? 0), dy: (to?.y ?? 0) - (from?.y ?? 0) }).toEqual({
      dx: ARENA_STEP,
      dy: -ARENA_STEP,
    })
    expect(next.players.get(2)).toEqual(before.players.get(2))
  })

  test('ends at the walls, whatever a player says', async () => {
    const { port } = await runSandbox()
    const client = await join(port)
    client.send(encodeHeading({ dx: -1, dy: 0 }))
    let now = await snapshot(client)
    while ((now.players.get(1)?.x ?? 0) > 0) now = await snapshot(client)
    expect((await snapshot(client)).players.get(1)?.x).toBe(0)
  })

  test.each([
    ['a text', 'left'],
    ['too few bytes', Buffer.of(1)],
    ['too far', Buffer.of(2, 0)],
    ['nothing', Buffer.of()],
  ])('is over for who sends %s', async (_what, message) => {
    const { port } = await runSandbox()
    const client = await join(port)
    client.send(message)
    const [code, reason] = (await once(client, 'close')) as [number, Buffer]
    expect([code, reason.toString()]).toEqual([1008, 'a heading is two bytes, each -1, 0 or 1'])
  })

  test('takes so many, and gives a number that has become free to the next', async () => {
    const { port } = await runSandbox()
    const players = await Promise.all(Array.from({ length: ARENA_MOST }, () => join(port)))
    const [code] = (await once(openLab(port, undefined, {}, [], LAB), 'close')) as [number]
    expect(code).toBe(1013)
    const numbers = await Promise.all(players.map(async each => (await snapshot(each)).you))
    expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const third = players[numbers.indexOf(3)]
    third?.terminate()
    const watching = players[numbers.indexOf(1)]
    if (!watching) throw new Error('nobody')
    while ((await snapshot(watching)).players.has(3)) continue
    expect((await snapshot(await join(port))).you).toBe(3)
  })
})

test('a snapshot is the same after it crossed, up to the walls', () => {
  const players = new Map([
    [1, { x: 0, y: ARENA_SIDE }],
    [8, { x: ARENA_SIDE, y: 1 }],
  ])
  expect(decodeSnapshot(encodeSnapshot({ tick: 70_000, players }, 8))).toEqual({
    tick: 70_000,
    you: 8,
    players,
  })
  for (const length of [0, 4, 6, 9]) expect(decodeSnapshot(new Uint8Array(length))).toBeUndefined()
})
