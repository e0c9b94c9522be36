import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type WebSocket from 'ws'
import { BROADCAST_MOST } from '#contract/addresses.ts'
import { openLab } from '../support/page.ts'
import { eventually, runSandbox } from '../support/running-sandbox.ts'

const ROOM = 'abcdefgh12345678'

async function join(port: number, query: string): Promise<{ socket: WebSocket; heard: string[] }> {
  const socket = openLab(port, undefined, {}, [], `broadcast?${query}`)
  const heard: string[] = []
  socket.on('message', data => heard.push((data as Buffer).toString()))
  await once(socket, 'open')
  return { socket, heard }
}

/** A ping goes behind whatever was sent before it. */
async function heardAll(socket: WebSocket): Promise<void> {
  socket.ping()
  await once(socket, 'pong')
}

describe('a room', () => {
  test('says to all what one of them says, in order, or to the others only', async () => {
    const { port } = await runSandbox()
    for (const [to, own] of [
      ['all', ['하나', '둘']],
      ['others', []],
    ] as const) {
      const room = `room=${ROOM}${to}&to=${to}`
      const [first, second] = [await join(port, room), await join(port, room)]
      first.socket.send('하나')
      first.socket.send('둘')
      await eventually(() => second.heard.length === 2)
      await heardAll(first.socket)
      expect([to, second.heard, first.heard]).toEqual([to, ['하나', '둘'], own])
    }
  })

  test('says nothing to another room', async () => {
    const { port } = await runSandbox()
    const one = await join(port, `room=${ROOM}one&to=all`)
    const other = await join(port, `room=${ROOM}other&to=all`)
    one.socket.send('여기만')
    await eventually(() => one.heard.length === 1)
    await heardAll(other.socket)
    expect(other.heard).toEqual([])
  })

  test('passes bytes on as bytes', async () => {
    const { port } = await runSandbox()
    const { socket } = await join(port, `room=${ROOM}bytes&to=all`)
    const heard = once(socket, 'message')
    socket.send(Buffer.from([1, 2, 3]))
    expect(await heard).toEqual([Buffer.from([1, 2, 3]), true])
  })

  test('takes so many and no more, and takes the next when one has left', async () => {
    const { port } = await runSandbox()
    const room = `room=${ROOM}full&to=all`
    const members = []
    for (let count = 0; count < BROADCAST_MOST; count++) members.push(await join(port, room))
    const { socket: late } = await join(port, room)
    const [code] = (await once(late, 'close')) as [number]
    expect(code).toBe(1013)
    members[0]?.socket.close()
    await once(members[0]?.socket ?? late, 'close')
    const next = await join(port, room)
    await heardAll(next.socket)
    expect(next.socket.readyState).toBe(next.socket.OPEN)
  })

  test.each(['', 'short', 'UPPERCASE-AND-SIGNS', 'x'.repeat(33)])(
    'has to have a name that nobody guesses: %j',
    async name => {
      const { port } = await runSandbox()
      const { socket } = await join(port, `room=${name}`)
      const [code] = (await once(socket, 'close')) as [number]
      expect(code).toBe(1008)
    },
  )
})
