import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { Page, handshake, labPath, openLab } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

const maskedHello = Buffer.from([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
const maskedClose = Buffer.from([0x88, 0x82, 1, 2, 3, 4, 0x03 ^ 1, 0xe8 ^ 2])

function opening(port: number, ticket: string, changes: Record<string, string> = {}): string {
  return handshake(port, { line: `GET ${labPath(ticket)} HTTP/1.1`, ...changes })
}

describe('a page with a ticket', () => {
  test('is shown every byte of its connection, the handshake included', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const client = new TcpClient(port).write(opening(port, ticket))
    await client.until('\r\n\r\n')
    client.write(maskedHello)
    await client.until('Hello')
    client.write(maskedClose)
    await client.rest()
    await page.closed(connection)
    expect(page.bytes(connection, 'client').equals(client.written)).toBe(true)
    expect(page.bytes(connection, 'server').equals(client.read)).toBe(true)
  })

  test('is shown a head that comes byte by byte, each at its own time', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const client = new TcpClient(port)
    await once(client.socket, 'connect')
    for (const char of opening(port, ticket)) {
      client.write(char)
      await new Promise(resolve => setImmediate(resolve))
    }
    await client.until('101')
    await page.told('chunk', chunk => chunk.from === 'server')
    const opened = await page.told('opened')
    const times = [opened.at, ...page.chunks(connection).map(chunk => chunk.at)]
    expect(page.bytes(connection, 'client').equals(client.written)).toBe(true)
    expect(times.length).toBeGreaterThan(3)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  test('is shown frames pipelined behind the handshake', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const client = new TcpClient(port)
    client.write(Buffer.concat([Buffer.from(opening(port, ticket)), maskedHello, maskedClose]))
    expect(await client.rest()).toContain('Hello')
    await page.closed(connection)
    expect(page.bytes(connection, 'client').equals(client.written)).toBe(true)
    expect(page.bytes(connection, 'server').equals(client.read)).toBe(true)
  })

  test('hears opened first and closed last, once each', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const client = openLab(port, ticket)
    await once(client, 'open')
    client.close(1000)
    await page.closed(connection)
    const about = page.events.filter(event => 'connection' in event && event.type !== 'ticket')
    expect(about[0]).toMatchObject({ type: 'opened', connection, lab: 'echo' })
    expect(about.filter(event => event.type === 'ending').map(event => event.how)).toEqual([
      'server-fin',
      'client-fin',
      'closed',
    ])
    expect(about.at(-1)).toMatchObject({ type: 'ending', how: 'closed' })
  })

  test('is shown the refusal of a handshake that breaks the rules', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const client = new TcpClient(port).write(opening(port, ticket, { 'Sec-WebSocket-Version': '8' }))
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 426 /)
    await page.closed(connection)
    expect(page.bytes(connection, 'client').equals(client.written)).toBe(true)
    expect(page.bytes(connection, 'server').equals(client.read)).toBe(true)
  })

  test('is shown the refusal of a request that does not ask to upgrade', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const client = new TcpClient(port).write(
      `GET ${labPath(ticket)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    )
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 426 /)
    await page.closed(connection)
    expect(page.bytes(connection, 'server').equals(client.read)).toBe(true)
  })

  test.each([
    ['a header line without a name', (head: string) => head.replace('Upgrade:', ':')],
    ['a control character in a value', (head: string) => head.replace('Host: ', 'Host: \x01')],
    [
      'two lengths of a body',
      (head: string) => head.replace('Upgrade:', 'Content-Length: 1\r\nContent-Length: 2\r\nUpgrade:'),
    ],
    [
      'a head above the limit',
      (head: string) => head.replace('Upgrade:', `X: ${'x'.repeat(20_000)}\r\nUpgrade:`),
    ],
  ])('is shown the refusal of a head that cannot be read: %s', async (_what, spoil) => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const client = new TcpClient(port).write(spoil(opening(port, ticket)))
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 4(00|31) /)
    await page.closed(connection)
    expect(page.bytes(connection, 'client').equals(client.written)).toBe(true)
    expect(page.bytes(connection, 'server').equals(client.read)).toBe(true)
  })

  test('is shown the Close with which a sandbox that shuts down leaves', async () => {
    const { port, sandbox } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const client = openLab(port, ticket)
    await once(client, 'open')
    const closed = Promise.all([once(client, 'close'), once(page.control, 'close')])
    await sandbox.close()
    expect((await closed).map(([code]) => Number(code))).toEqual([1001, 1001])
    const close = Buffer.from([0x88, 30, 0x03, 0xe9, ...Buffer.from('the sandbox is shutting down')])
    expect(page.bytes(connection, 'server').includes(close)).toBe(true)
    const endings = page.events.flatMap(event => (event.type === 'ending' ? [event.how] : []))
    expect(endings.at(-1)).toBe('closed')
  })

  test('sees an RST as one', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { ticket } = await page.ticket()
    const client = new TcpClient(port).write(opening(port, ticket))
    await client.until('101')
    client.socket.resetAndDestroy()
    await page.told('ending', event => event.how === 'closed')
    const endings = page.events.flatMap(event => (event.type === 'ending' ? [event.how] : []))
    expect(endings).toEqual(['reset', 'closed'])
  })

  test('gets times that begin with its session, even for a socket that was there before it', async () => {
    const { port } = await runSandbox()
    const client = new TcpClient(port)
    await once(client.socket, 'connect')
    // Another connection's answer shows that the sandbox has accepted the one before it.
    await fetch(`http://127.0.0.1:${port}/healthz`)
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    client.write(opening(port, ticket))
    await client.until('101')
    await page.told('chunk', chunk => chunk.from === 'server')
    expect(await page.told('opened')).toMatchObject({ connection, at: 0 })
    expect(page.chunks(connection)[0]?.at).toBeGreaterThan(0)
  })
})

describe('what a page is not shown', () => {
  async function refusedWith(port: number, ticket: string): Promise<TcpClient> {
    const client = new TcpClient(port).write(opening(port, ticket))
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 403 /)
    return client
  }

  /** Everything said up to an answer that comes after all that could still be said. */
  async function allChunks(page: Page): Promise<number> {
    await page.ticket()
    return page.events.filter(event => event.type === 'chunk').length
  }

  test('a connection without a ticket', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    await page.ticket()
    const client = openLab(port)
    await once(client, 'open')
    client.send('hello')
    await once(client, 'message')
    expect(await allChunks(page)).toBe(0)
  })

  test.each(['', 'x', 'AAAAAAAAAAAAAAAAAAAAAA', '__proto__', '%00', 'a'.repeat(1000)])(
    'a connection with the made-up ticket "%s", which is refused',
    async ticket => {
      const { port } = await runSandbox()
      const page = await Page.open(port)
      await page.ticket()
      await refusedWith(port, ticket)
      expect(await allChunks(page)).toBe(0)
    },
  )

  test('a second connection with the same ticket, which is refused', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const first = openLab(port, ticket)
    await once(first, 'open')
    await page.told('chunk', chunk => chunk.from === 'server')
    const before = page.chunks(connection).length
    await refusedWith(port, ticket)
    expect(await allChunks(page)).toBe(before)
    first.send('still mine')
    await once(first, 'message')
  })

  test('a connection with an expired ticket, which is refused', async () => {
    let now = 0
    const { port } = await runSandbox({ clock: () => now })
    const page = await Page.open(port)
    const { ticket, expiresIn } = await page.ticket()
    now += expiresIn * 1000
    await refusedWith(port, ticket)
    expect(await allChunks(page)).toBe(0)
  })

  test('a ticket works until the moment it expires', async () => {
    let now = 0
    const { port } = await runSandbox({ clock: () => now })
    const page = await Page.open(port)
    const { ticket, expiresIn } = await page.ticket()
    now += expiresIn * 1000 - 1
    await once(openLab(port, ticket), 'open')
    expect(await page.told('opened')).toMatchObject({ lab: 'echo' })
  })

  test('a connection with the ticket of a page that is gone, which is refused', async () => {
    const { port, sandbox } = await runSandbox()
    const page = await Page.open(port)
    const { ticket } = await page.ticket()
    page.control.close()
    await eventually(() => sandbox.holdings().sessions === 0)
    await refusedWith(port, ticket)
  })

  test('a connection that carried an ordinary request before, which is refused', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { ticket } = await page.ticket()
    const client = new TcpClient(port).write(`GET /private HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
    await client.until('ordinary page')
    client.write(opening(port, ticket))
    expect(await client.rest()).toContain('HTTP/1.1 400 ')
    expect(await allChunks(page)).toBe(0)
  })

  test("an ordinary request and somebody's handshake in one packet: refused too", async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { ticket } = await page.ticket()
    const ordinary = `GET /private HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`
    const client = new TcpClient(port).write(ordinary + opening(port, ticket))
    expect(await client.rest()).toContain('HTTP/1.1 400 ')
    expect(await allChunks(page)).toBe(0)
  })

  test("another reader's bytes, when two use the sandbox at once", async () => {
    const { port } = await runSandbox()
    const readers = await Promise.all(
      ['alpha', 'beta'].map(async secret => {
        const page = await Page.open(port)
        const { connection, ticket } = await page.ticket()
        const client = openLab(port, ticket, { headers: { 'X-Secret': secret } })
        await once(client, 'open')
        return { secret, page, connection, client }
      }),
    )
    for (let i = 0; i < 50; i++) {
      await Promise.all(
        readers.map(async ({ secret, client }) => {
          client.send(`${secret} ${i}`)
          await once(client, 'message')
        }),
      )
    }
    for (const { secret, page, connection, client } of readers) {
      client.close()
      await page.closed(connection)
      const other = secret === 'alpha' ? 'beta' : 'alpha'
      // The client's frames are masked; its head and the server's frames are plain.
      const shown = Buffer.concat(page.events.flatMap(event => (event.type === 'chunk' ? [event.bytes] : [])))
      expect(shown.includes(`X-Secret: ${secret}`)).toBe(true)
      expect(shown.includes(`${secret} 49`)).toBe(true)
      expect(shown.includes(other)).toBe(false)
    }
  })
})

describe('what a session holds', () => {
  test('is freed when its reader vanishes: tickets void, labs closed with 1001', async () => {
    const { port, sandbox } = await runSandbox()
    const page = await Page.open(port)
    await page.ticket()
    const { ticket } = await page.ticket()
    const lab = openLab(port, ticket)
    const bystander = openLab(port)
    await Promise.all([once(lab, 'open'), once(bystander, 'open')])
    expect(sandbox.holdings()).toMatchObject({ sessions: 1, tickets: 1, webSockets: 3 })
    const closed = once(lab, 'close')
    page.control.terminate()
    expect(await closed).toMatchObject([1001, Buffer.from('the page that opened this is gone')])
    await eventually(() => sandbox.holdings().connections === 1)
    expect(sandbox.holdings()).toEqual({ connections: 1, sessions: 0, tickets: 0, webSockets: 1 })
    expect(bystander.readyState).toBe(WebSocket.OPEN)
  })

  test('is bounded: one connection too many is an error, not the end', async () => {
    const { port } = await runSandbox({ limits: { sessionConnections: 2 } })
    const page = await Page.open(port)
    await page.ticket()
    const { ticket, connection } = await page.ticket()
    page.say({ type: 'ticket', request: 99, lab: 'echo' })
    expect(await page.told('error')).toMatchObject({ code: 'too-many-connections', request: 99 })
    const lab = openLab(port, ticket)
    await once(lab, 'open')
    lab.close()
    await page.closed(connection)
    await page.ticket()
  })

  test('counts no ticket that has expired', async () => {
    let now = 0
    const { port, sandbox } = await runSandbox({ limits: { sessionConnections: 1 }, clock: () => now })
    const page = await Page.open(port)
    const { expiresIn } = await page.ticket()
    now += expiresIn * 1000
    await page.ticket()
    expect(sandbox.holdings().tickets).toBe(1)
  })

  test('tickets are 128 bits that no two share', async () => {
    const { port } = await runSandbox({ limits: { sessionConnections: 200 } })
    const page = await Page.open(port)
    const tickets = await Promise.all(Array.from({ length: 200 }, () => page.ticket()))
    expect(new Set(tickets.map(each => each.ticket)).size).toBe(200)
    for (const { ticket } of tickets) expect(ticket).toMatch(/^[\w-]{22}$/)
  })
})

describe('a page that is too slow', () => {
  test('is told how much it missed and where, and the lab does not wait for it', async () => {
    const { port } = await runSandbox({
      limits: { mirrorChunks: 50, mirrorBytes: 512 * 1024, messageBurst: 500 },
    })
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket()
    const lab = openLab(port, ticket)
    await once(lab, 'open')
    page.control.pause()
    const payload = Buffer.alloc(60_000, 'x')
    const rounds = 400
    for (let i = 0; i < rounds; i++) {
      lab.send(payload)
      await once(lab, 'message')
    }
    lab.close()
    await once(lab, 'close')
    page.control.resume()
    await page.closed(connection)
    const dropped = await page.told('dropped')
    expect(page.events.filter(event => event.type === 'dropped')).toHaveLength(1)
    const shown = page.chunks(connection).reduce((sum, chunk) => sum + chunk.bytes.length, 0)
    const frames = rounds * (60_000 + 8 + 60_000 + 4)
    expect(shown + dropped.bytes).toBeGreaterThan(frames)
    expect(shown + dropped.bytes).toBeLessThan(frames + 2000)
    // The gap is told in its place: the last chunks before it are older than the first after it, and none is lost later.
    const at = page.events.indexOf(dropped)
    const before = page.events.slice(0, at).filter(event => event.type === 'chunk')
    const after = page.events.slice(at).filter(event => event.type === 'chunk')
    expect(before.length).toBeGreaterThan(0)
    expect(after.length).toBeGreaterThan(0)
    expect(after.length).toBeLessThanOrEqual(50)
    expect(Math.max(...before.map(chunk => chunk.at))).toBeLessThan(Math.min(...after.map(chunk => chunk.at)))
    expect(page.events.at(-1)).toMatchObject({ type: 'ending', how: 'closed' })
  })
})
