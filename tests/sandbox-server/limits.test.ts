import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { handshake, openLab, Page } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

const NOTHING = { connections: 0, sessions: 0, tickets: 0, webSockets: 0 }

describe('a request', () => {
  const hurry = { headMs: 100, requestMs: 200, checkingIntervalMs: 20, lingerMs: 100 }

  test('whose head never ends is answered 408, and freed', async () => {
    const { port, sandbox } = await runSandbox({ limits: hurry })
    const client = new TcpClient(port).write('GET / HTTP/1.1\r\nHost: a\r\nX: ')
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    await eventually(() => sandbox.holdings().connections === 0)
  })

  test('that trickles in a byte at a time does not live longer by that', async () => {
    const { port, sandbox } = await runSandbox({ limits: hurry })
    const client = new TcpClient(port).write('GET / HTTP/1.1\r\nX: ')
    const drip = setInterval(() => client.write('x'), 10)
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 408 /)
    clearInterval(drip)
    await eventually(() => sandbox.holdings().connections === 0)
  })

  test('whose head never ends is freed when the client never closes either', async () => {
    const { port, sandbox } = await runSandbox({ limits: hurry })
    const client = new TcpClient(port).write('GET / HTTP/1.1\r\n')
    await once(client.socket, 'end')
    expect(client.text).toMatch(/^HTTP\/1\.1 408 /)
    await eventually(() => sandbox.holdings().connections === 0)
  })

  test('that never begins is closed without a word', async () => {
    const { port, sandbox } = await runSandbox({ limits: hurry })
    expect(await new TcpClient(port).rest()).toBe('')
    await eventually(() => sandbox.holdings().connections === 0)
  })

  test('that does not follow another on its connection ends that', async () => {
    const { port } = await runSandbox({ limits: { ...hurry, keepAliveMs: 50 } })
    const client = new TcpClient(port).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.rest()).toContain('ordinary page')
  })

  test.each([
    ['that is no HTTP is answered 400', 'hello there\r\n\r\n', 400],
    ['with a head of 100 KB is answered 431', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100_000)}`, 431],
    [
      'with a target above 2 KiB is answered 414',
      `GET /${'x'.repeat(3000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      414,
    ],
    [
      'with a target of 100 KB is answered 414',
      `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      414,
    ],
  ])('%s', async (_label, request, status) => {
    const { port, sandbox } = await runSandbox()
    const client = new TcpClient(port).write(request)
    expect(await client.rest()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    await eventually(() => sandbox.holdings().connections === 0)
  })

  test('for a lab with a target above 2 KiB is answered 414', async () => {
    const { port } = await runSandbox()
    const line = `GET /lab/echo?x=${'x'.repeat(3000)} HTTP/1.1`
    expect(await new TcpClient(port).write(handshake(port, { line })).rest()).toMatch(/^HTTP\/1\.1 414 /)
  })
})

test('a connection too many is answered 503, and one more fits when another ends', async () => {
  const { port, sandbox } = await runSandbox({ limits: { connections: 2 } })
  const [first, second] = [openLab(port), openLab(port)]
  await Promise.all([once(first, 'open'), once(second, 'open')])
  expect(await new TcpClient(port).rest()).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 5\r\n/s)
  first.close()
  await eventually(() => sandbox.holdings().connections === 1)
  await once(openLab(port), 'open')
})

describe('an address behind a trusted proxy', () => {
  const proxied = { TRUSTED_PROXIES: '127.0.0.1' }
  const open = (port: number, address: string) =>
    openLab(port, undefined, { headers: { 'X-Forwarded-For': `203.0.113.99, ${address}` } })

  test('has so many connections at once: one more is answered 429, those of others are let in', async () => {
    const { port } = await runSandbox({ environment: proxied, limits: { addressConnections: 1 } })
    const first = open(port, '192.0.2.1')
    await once(first, 'open')
    const [, { statusCode, headers }] = (await once(open(port, '192.0.2.1'), 'unexpected-response')) as [
      unknown,
      IncomingMessage,
    ]
    expect([statusCode, headers['retry-after']]).toEqual([429, '60'])
    await once(open(port, '192.0.2.2'), 'open')
    first.close()
    await once(first, 'close')
    await once(open(port, '192.0.2.1'), 'open')
  })

  test('without the proxy being trusted, what it says counts for nothing', async () => {
    const { port } = await runSandbox({ limits: { addressConnections: 1 } })
    const both = [open(port, '192.0.2.1'), open(port, '192.0.2.1')]
    await Promise.all(both.map(client => once(client, 'open')))
    expect(both.every(client => client.readyState === client.OPEN)).toBe(true)
  })
})

test('above its memory the sandbox opens no lab, and what is open goes on', async () => {
  const { port } = await runSandbox({ limits: { memoryBytes: 1 } })
  const page = await Page.open(port)
  const [, { statusCode }] = (await once(openLab(port), 'unexpected-response')) as [unknown, IncomingMessage]
  expect(statusCode).toBe(503)
  expect(await page.ticket()).toMatchObject({ connection: 1 })
})

test('a sandbox that cannot know its memory, as one without a file descriptor, opens no lab and goes on', async () => {
  const { port } = await runSandbox()
  const before = openLab(port)
  await once(before, 'open')
  const rss = vi.spyOn(process.memoryUsage, 'rss').mockImplementation(() => {
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
  })
  onTestFinished(() => rss.mockRestore())
  const [, { statusCode }] = (await once(openLab(port), 'unexpected-response')) as [unknown, IncomingMessage]
  expect(statusCode).toBe(503)
  before.send('still there?')
  expect(String((await once(before, 'message'))[0])).toBe('still there?')
})

describe('a lab connection', () => {
  test('may say so much at once, and is closed with 1008 when it says more', async () => {
    const { port } = await runSandbox({ clock: () => 0, limits: { messageBurst: 3 } })
    const client = openLab(port)
    await once(client, 'open')
    const heard: string[] = []
    client.on('message', (data: Buffer) => heard.push(data.toString()))
    client.send('one')
    client.ping()
    client.send('two')
    client.send('three')
    const [code, reason] = (await once(client, 'close')) as [number, Buffer]
    expect([heard, code, reason.toString()]).toEqual([['one', 'two'], 1008, 'too many messages'])
  })

  test('may say as much again after a rest', async () => {
    let now = 0
    const { port } = await runSandbox({ clock: () => now, limits: { messageBurst: 2, messagesPerSecond: 1 } })
    const client = openLab(port)
    await once(client, 'open')
    for (let count = 0; count < 5; count++) {
      now += 1e6
      client.send(`${count}`)
      expect(String((await once(client, 'message'))[0])).toBe(`${count}`)
    }
  })

  test('that a page sees may be flooded, where the lab is for that, up to a limit of its own', async () => {
    const { port } = await runSandbox({
      clock: () => 0,
      limits: { messageBurst: 1, floodMessageBurst: 5, ticketMs: 1e6 },
    })
    const page = await Page.open(port)
    const [echo, ping] = [await page.ticket('echo'), await page.ticket('ping')]
    const flooded = openLab(port, echo.ticket)
    const bounded = openLab(port, ping.ticket, {}, [], 'ping')
    const heard = { flooded: 0, bounded: 0 }
    flooded.on('message', () => heard.flooded++)
    bounded.on('message', () => heard.bounded++)
    await Promise.all([once(flooded, 'open'), once(bounded, 'open')])
    for (const client of [flooded, bounded]) for (let count = 0; count < 9; count++) client.send(`${count}`)
    const codes = await Promise.all([once(flooded, 'close'), once(bounded, 'close')])
    expect(codes.map(([code]) => code as number)).toEqual([1008, 1008])
    expect(heard).toEqual({ flooded: 5, bounded: 1 })
  })

  test('may send a message in many fragments, which count as one', async () => {
    const { port } = await runSandbox({ clock: () => 0, limits: { messageBurst: 1 } })
    const client = openLab(port)
    await once(client, 'open')
    for (let count = 0; count < 100; count++) client.send('a', { fin: count === 99 })
    expect(String((await once(client, 'message'))[0])).toBe('a'.repeat(100))
  })

  test.each([
    ['in its head', '\x81'],
    ['in its payload', '\x81\x85\x00\x00\x00\x00ab'],
  ])('that stops in the middle of a frame, %s, is closed with 1008', async (_where, bytes) => {
    const { port } = await runSandbox({ limits: { frameMs: 50 } })
    const client = new TcpClient(port).write(handshake(port))
    await client.until('\r\n\r\n')
    client.write('\x81\x81\x00\x00\x00\x00a').write(bytes)
    await client.until('a frame takes too long')
    expect(client.text).toContain('\x88\x18\x03\xf0a frame takes too long')
  })

  test('whose client answers no ping is ended when the next one is due', async () => {
    const { port, sandbox } = await runSandbox({ limits: { pingIntervalMs: 30 } })
    const client = openLab(port, undefined, { autoPong: false })
    let pings = 0
    client.on('ping', () => pings++)
    await once(client, 'close')
    expect(pings).toBe(1)
    await eventually(() => sandbox.holdings().connections === 0)
  })

  test('whose client answers pings lives', async () => {
    const { port } = await runSandbox({ limits: { pingIntervalMs: 400 } })
    const client = openLab(port)
    let pings = 0
    client.on('ping', () => pings++)
    await eventually(() => pings > 2)
    expect(client.readyState).toBe(client.OPEN)
  })

  test('on which nothing is said is closed with 1001', async () => {
    const { port } = await runSandbox({ limits: { idleMs: 50 } })
    expect(await once(openLab(port), 'close')).toMatchObject([1001, Buffer.from('idle for too long')])
  })

  test('that is old is closed with 1001, however busy', async () => {
    const { port } = await runSandbox({ limits: { idleMs: 10_000, lifeMs: 250 } })
    const client = openLab(port)
    client.on('open', () => client.send('x'))
    client.on('message', () => setTimeout(() => client.send('x'), 10))
    expect(await once(client, 'close')).toMatchObject([1001, Buffer.from('open for too long')])
  })

  test('whose client never answers a Close is ended when the closing handshake is overdue', async () => {
    const { port, sandbox } = await runSandbox({ limits: { idleMs: 20, closingHandshakeMs: 60 } })
    const client = new TcpClient(port).write(handshake(port))
    await client.rest()
    expect(client.text).toContain('idle for too long')
    await eventually(() => sandbox.holdings().connections === 0)
    expect(sandbox.holdings()).toEqual(NOTHING)
  })

  test('whose client closes but never ends its half is ended too', async () => {
    const { port, sandbox } = await runSandbox({ limits: { closingHandshakeMs: 60 } })
    const client = new TcpClient(port).write(handshake(port))
    await client.until('\r\n\r\n')
    client.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]))
    await once(client.socket, 'end')
    await eventually(() => sandbox.holdings().connections === 0)
    expect(sandbox.holdings()).toEqual(NOTHING)
  })

  test('whose client ends without a Close is freed', async () => {
    const { port, sandbox } = await runSandbox()
    const client = new TcpClient(port).write(handshake(port))
    await client.until('\r\n\r\n')
    client.end()
    await eventually(() => sandbox.holdings().connections === 0)
    expect(sandbox.holdings()).toEqual(NOTHING)
  })
})

describe('a client that never reads', () => {
  const maskedBinary = (size: number) => {
    const head = Buffer.from([0x82, 0xfe, size >> 8, size & 0xff, 0, 0, 0, 0])
    return Buffer.concat([head, Buffer.alloc(size, 'x')])
  }
  const maskedPing = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125, 'p')])

  test.each([
    ['messages', maskedBinary(60_000)],
    ['small messages', Buffer.concat(Array.from({ length: 100 }, () => maskedBinary(300)))],
    ['pings', Buffer.concat(Array.from({ length: 100 }, () => maskedPing))],
  ])('of the answers to its %s is not read from, and ended after a while', async (_label, frames) => {
    const { port, sandbox, server } = await runSandbox({ limits: { stallMs: 150, messageBurst: 1_000_000 } })
    const accepted = once(server, 'connection')
    const client = new TcpClient(port).write(handshake(port))
    await client.until('\r\n\r\n')
    client.socket.pause()
    const total = 64 * 1024 * 1024
    for (let sent = 0; sent < total; sent += frames.length) client.socket.write(frames)
    await eventually(() => sandbox.holdings().connections === 0)
    expect(sandbox.holdings()).toEqual(NOTHING)
    // What goes beyond the kernel's buffers of the answers was never taken from the client.
    const [raw] = await accepted
    expect(raw.bytesRead).toBeLessThan(total / 2)
  })

  test('of the answers is not told that a frame takes too long, of which the rest was not read', async () => {
    const { port, sandbox } = await runSandbox({
      limits: { frameMs: 20, stallMs: 400, messageBurst: 1_000_000 },
    })
    const client = new TcpClient(port).write(handshake(port))
    await client.until('\r\n\r\n')
    client.socket.pause()
    const frame = maskedBinary(60_000)
    for (let sent = 0; sent < 64 * 1024 * 1024; sent += frame.length) client.socket.write(frame)
    await eventually(() => sandbox.holdings().connections === 0)
    const { text } = await sandbox.operations.metrics()
    expect(text).toContain('limit_hits_total{limit="stallMs"} 1')
    expect(text).not.toContain('limit="frameMs"')
  })

  test('of the answers to its ordinary requests is ended after a while', async () => {
    const { port, sandbox } = await runSandbox({ limits: { stallMs: 150 } })
    const client = new TcpClient(port)
    client.socket.pause()
    const requests = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1_000))
    for (let sent = 0; sent < 64 * 1024 * 1024; sent += requests.length) client.socket.write(requests)
    await once(client.socket, 'connect')
    await eventually(() => sandbox.holdings().connections === 1)
    await eventually(() => sandbox.holdings().connections === 0)
    expect(sandbox.holdings()).toEqual(NOTHING)
  })

  test('for a moment only is served on', async () => {
    const { port } = await runSandbox({ limits: { messageBurst: 500 } })
    const client = openLab(port)
    await once(client, 'open')
    client.pause()
    let received = 0
    client.on('message', () => received++)
    for (let i = 0; i < 400; i++) client.send(Buffer.alloc(60_000))
    await fetch(`http://127.0.0.1:${port}/healthz`)
    client.resume()
    await eventually(() => received === 400)
    expect(client.readyState).toBe(client.OPEN)
  })
})
