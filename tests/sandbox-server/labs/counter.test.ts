import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type WebSocket from 'ws'
import { openLab } from '../support/page.ts'
import { runSandbox } from '../support/running-sandbox.ts'

const ROOM = 'room=abcdefgh12345678'

async function join(port: number, query = ROOM): Promise<WebSocket> {
  const socket = openLab(port, undefined, {}, [], `counter?${query}`)
  await once(socket, 'open')
  return socket
}

async function answerTo(socket: WebSocket, text = '말'): Promise<string> {
  const heard = once(socket, 'message') as Promise<[Buffer]>
  socket.send(text)
  return (await heard)[0].toString()
}

describe('a server that counts', () => {
  test('remembers each connection by itself', async () => {
    const { port } = await runSandbox()
    const [one, other] = [await join(port), await join(port)]
    expect([await answerTo(one), await answerTo(one), await answerTo(other)]).toEqual([
      '1번째 말입니다',
      '2번째 말입니다',
      '1번째 말입니다',
    ])
  })

  test('says 1012 to all of its own when it is started again, and has forgotten them', async () => {
    const { port } = await runSandbox()
    const [one, other] = [await join(port), await join(port)]
    const stranger = await join(port, 'room=zyxwvuts87654321')
    await answerTo(one)
    const closed = [one, other].map(socket => once(socket, 'close') as Promise<[number]>)
    one.send('restart')
    expect((await Promise.all(closed)).map(([code]) => code)).toEqual([1012, 1012])
    expect(await answerTo(stranger)).toBe('1번째 말입니다')
    expect(await answerTo(await join(port))).toBe('1번째 말입니다')
  })

  test('goes on from what a client says it had', async () => {
    const { port } = await runSandbox()
    expect(await answerTo(await join(port, `${ROOM}&from=41`))).toBe('42번째 말입니다')
  })

  test.each(['', 'short', 'x'.repeat(33)])('has to have a name that nobody guesses: %j', async name => {
    const { port } = await runSandbox()
    const socket = openLab(port, undefined, {}, [], `counter?room=${name}`)
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1008)
  })
})
