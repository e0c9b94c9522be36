import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { handshake, labPath, openLab, Page } from '../support/page.ts'
import { eventually, runSandbox } from '../support/running-sandbox.ts'
import { TcpClient } from '../support/tcp-client.ts'

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

describe('a page that sits at an instance', () => {
  const LAB = 'instances?room=captured12345678'

  async function sitDown(port: number, page: Page) {
    const { ticket, connection } = await page.ticket('instances')
    const socket = openLab(port, ticket, {}, [], LAB)
    await once(socket, 'open')
    return { socket, connection }
  }

  test('is shown what crossed its own connection: its ticket, and who answered', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { socket, connection } = await sitDown(port, page)
    socket.send('들립니까')
    await once(socket, 'message')
    socket.close(1000)
    await page.closed(connection)
    expect(page.bytes(connection, 'client').toString('latin1')).toContain('&ticket=')
    const answered = page.bytes(connection, 'server').toString('latin1')
    expect(answered).toMatch(/^HTTP\/1\.1 101 .*\r\nX-Served-By: instance-1\r\n/s)
    // A balancer is a gateway: it need not say in a response that it was there (RFC 9110 §7.6.3).
    expect(answered).not.toContain('Via:')
  })

  test('holds one WebSocket there, and none any more when the page has gone', async () => {
    const { port, sandbox } = await runSandbox()
    const page = await Page.open(port)
    const { socket } = await sitDown(port, page)
    expect(sandbox.holdings().webSockets).toBe(2)
    page.control.terminate()
    await once(socket, 'close')
    await eventually(() => sandbox.holdings().webSockets === 0)
  })

  test('is told 1001 when the sandbox stops, and sees it on the wire', async () => {
    const { port, sandbox } = await runSandbox()
    const page = await Page.open(port)
    const { socket, connection } = await sitDown(port, page)
    const [[code]] = await Promise.all([once(socket, 'close') as Promise<[number]>, sandbox.close()])
    expect(code).toBe(1001)
    expect(page.bytes(connection, 'server').includes(Buffer.from([0x03, 0xe9]))).toBe(true)
  })

  test('is judged by the instance when it breaks a rule', async () => {
    const { port } = await runSandbox()
    const client = new TcpClient(port)
    client.write(handshake(port, { line: `GET ${labPath(undefined, LAB)} HTTP/1.1` }))
    // Not masked (RFC 6455 §5.1).
    client.write(Buffer.from([0x81, 0x01, 0x61]))
    const answered = Buffer.from(await client.rest(), 'latin1')
    expect(answered.includes(Buffer.from([0x88]))).toBe(true)
    expect(answered.includes(Buffer.from([0x03, 0xea]))).toBe(true)
  })
})

test('an instance has its own sessions and rooms: what is said to the sandbox itself is not heard there', async () => {
  const { port } = await runSandbox()
  const seat = await sit(port, 'elsewhere1234567')
  const outside = openLab(port, undefined, {}, [], 'broadcast?room=elsewhere1234567&to=all')
  await once(outside, 'open')
  outside.send('밖에서')
  await once(outside, 'message')
  seat.socket.send('안에서')
  await eventually(() => seat.heard.length === 1)
  expect(seat.heard).toEqual(['안에서'])
})
