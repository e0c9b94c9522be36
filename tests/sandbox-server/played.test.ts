import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { encodeWrite, MAX_WRITE_BYTES, WRITE_HEAD_BYTES } from '#contract/write.ts'
import { PLAYED_LAB } from '#contract/addresses.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { handshake, labPath, Page } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

const KEY = Uint8Array.of(1, 2, 3, 4)

const text = (payload: string) =>
  encodeFrame({ opcode: OPCODES.text, payload: Buffer.from(payload), maskingKey: KEY })

/** Waits until the page was shown a text from one side of a connection. */
async function shown(
  page: Page,
  connection: number,
  from: 'client' | 'server',
  part: string,
): Promise<string> {
  for (;;) {
    const bytes = page.bytes(connection, from).toString('latin1')
    if (bytes.includes(part)) return bytes
    await once(page.control, 'told')
  }
}

async function dialled(
  port: number,
): Promise<{ page: Page; connection: number; write: (bytes: string | Uint8Array) => void }> {
  const page = await Page.open(port)
  page.say({ type: 'dial', request: 1 })
  const { connection } = await page.told('dialled')
  return { page, connection, write: bytes => page.write(connection, bytes) }
}

describe('a connection the sandbox opens to itself, whose client a page plays', () => {
  test('is captured from its first byte, and served like any other', async () => {
    const { port } = await runSandbox()
    const { page, connection, write } = await dialled(port)
    const request = handshake(port)
    write(request)
    await shown(page, connection, 'server', '\r\n\r\n')
    write(text('hello'))
    expect(await shown(page, connection, 'server', 'hello')).toMatch(/^HTTP\/1\.1 101 /)
    expect(
      page.bytes(connection, 'client').equals(Buffer.concat([Buffer.from(request), text('hello')])),
    ).toBe(true)
    expect(page.events.find(event => event.type === 'opened')).toMatchObject({ connection, lab: 'dialled' })
  })

  test('may break every rule, and is shown what that brings', async () => {
    const { port } = await runSandbox()
    const { page, connection, write } = await dialled(port)
    write(handshake(port))
    await shown(page, connection, 'server', '\r\n\r\n')
    write(encodeFrame({ opcode: OPCODES.text, payload: Buffer.from('bare') }))
    await shown(page, connection, 'server', '\x88')
    const close = page.bytes(connection, 'server')
    expect(close.subarray(close.indexOf(0x88) + 2).readUInt16BE()).toBe(1002)
  })

  test.each([
    ['that is no HTTP', 'hello there\r\n\r\n', '400'],
    ['for a page of the course', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', '404'],
    ['for the health of the sandbox', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', '404'],
  ])('gets an answer to a request %s, and sees it', async (_what, request, status) => {
    const { port } = await runSandbox()
    const { page, connection, write } = await dialled(port)
    write(request)
    expect(await shown(page, connection, 'server', '\n\r\n')).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  test("reaches no control channel and nobody else's ticket", async () => {
    const { port, sandbox } = await runSandbox()
    const other = await Page.open(port)
    const { ticket } = await other.ticket()
    for (const target of ['/control', labPath(ticket)]) {
      const { page, connection, write } = await dialled(port)
      write(handshake(port, { line: `GET ${target} HTTP/1.1` }))
      expect(await shown(page, connection, 'server', '\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 /)
    }
    expect(sandbox.holdings()).toMatchObject({ sessions: 3, tickets: 1 })
    expect(other.events.filter(event => event.type === 'chunk')).toEqual([])
  })

  test('ends as the page wants: with a FIN, and with an RST', async () => {
    const { port } = await runSandbox()
    for (const [how, seen] of [
      ['fin', 'client-fin'],
      ['reset', 'reset'],
    ] as const) {
      const { page, connection, write } = await dialled(port)
      write(handshake(port))
      await shown(page, connection, 'server', '\r\n\r\n')
      page.say({ type: 'end', request: 2, connection, how })
      await page.closed(connection)
      const endings = page.events.flatMap(event => (event.type === 'ending' ? [event.how] : []))
      expect(endings[0]).toBe(seen)
      // Then it is nobody's any more.
      page.say({ type: 'end', request: 3, connection, how })
      expect(await page.told('error')).toMatchObject({
        code: 'unknown-connection',
        field: 'connection',
        request: 3,
      })
    }
  })

  test('counts among the connections of its session, and goes with it', async () => {
    const { port, sandbox } = await runSandbox({ limits: { sessionConnections: 2 } })
    const page = await Page.open(port)
    for (const request of [1, 2, 3]) page.say({ type: 'dial', request })
    expect(await page.told('error')).toMatchObject({ code: 'too-many-connections', request: 3 })
    await page.told('dialled', event => event.request === 2)
    await eventually(() => sandbox.holdings().connections === 3)
    page.control.close()
    await eventually(() => sandbox.holdings().connections === 0)
    expect(sandbox.holdings()).toMatchObject({ sessions: 0 })
  })

  test('dialled by two pages at once belongs to each its own', async () => {
    const { port } = await runSandbox()
    const pages = await Promise.all([Page.open(port), Page.open(port)])
    for (const page of pages) for (const request of [1, 2, 3]) page.say({ type: 'dial', request })
    for (const [index, page] of pages.entries()) {
      const { connection } = await page.told('dialled', event => event.request === 3)
      page.write(connection, `GET /page-${index} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
      await shown(page, connection, 'client', '\r\n\r\n')
    }
    for (const [index, page] of pages.entries()) {
      const all = Buffer.concat(
        page.events.flatMap(event => (event.type === 'chunk' ? [event.bytes] : [])),
      ).toString()
      expect(all).toContain(`/page-${index}`)
      expect(all).not.toContain(`/page-${1 - index}`)
    }
  })
})

describe('the lab whose server a page plays', () => {
  const opening = (port: number, ticket: string, changes: Record<string, string> = {}) =>
    handshake(port, { line: `GET ${labPath(ticket, PLAYED_LAB)} HTTP/1.1`, ...changes })

  test('answers a good handshake with whatever the page writes, and with nothing else', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket(PLAYED_LAB)
    const client = new TcpClient(port).write(opening(port, ticket))
    await shown(page, connection, 'client', '\r\n\r\n')
    page.write(connection, 'HTTP/1.1 101 Whatever\r\n\r\n')
    page.write(connection, Uint8Array.of(0x81, 0x01, 0x41, 0xff))
    await client.until('\xff')
    expect(client.text).toBe('HTTP/1.1 101 Whatever\r\n\r\n\x81\x01A\xff')
    client.write('anything')
    await shown(page, connection, 'client', 'anything')
    page.say({ type: 'end', request: 9, connection, how: 'fin' })
    await client.rest()
    await page.closed(connection)
    expect(page.bytes(connection, 'server').equals(client.read)).toBe(true)
    expect(page.bytes(connection, 'client').equals(client.written)).toBe(true)
  })

  test('is not there for a request that is no good handshake: nothing the page writes comes of it', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket(PLAYED_LAB)
    page.write(connection, 'HTTP/1.1 200 OK\r\n\r\n<script>')
    expect(await page.told('error')).toMatchObject({ code: 'unknown-connection' })
    const client = new TcpClient(port).write(
      `GET ${labPath(ticket, PLAYED_LAB)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    )
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 426 /)
    page.write(connection, '<script>')
    await page.ticket()
    expect(page.events.filter(event => event.type === 'error')).toHaveLength(2)
    expect(client.text).not.toContain('<script>')
  })

  test('without a ticket is refused', async () => {
    const { port } = await runSandbox()
    const client = new TcpClient(port).write(
      handshake(port, { line: `GET ${labPath(undefined, PLAYED_LAB)} HTTP/1.1` }),
    )
    expect(await client.rest()).toMatch(/^HTTP\/1\.1 403 /)
  })

  test("takes no byte from another session's page", async () => {
    const { port } = await runSandbox()
    const [owner, stranger] = await Promise.all([Page.open(port), Page.open(port)])
    const { connection, ticket } = await owner.ticket(PLAYED_LAB)
    const client = new TcpClient(port).write(opening(port, ticket))
    await shown(owner, connection, 'client', '\r\n\r\n')
    stranger.write(connection, 'forged')
    stranger.say({ type: 'end', request: 5, connection, how: 'reset' })
    await stranger.told('error', event => event.request === 5)
    owner.write(connection, 'own')
    await client.until('own')
    expect(client.text).toBe('own')
  })

  test('resets its client when the page is gone, and is freed', async () => {
    const { port, sandbox } = await runSandbox()
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket(PLAYED_LAB)
    const client = new TcpClient(port).write(opening(port, ticket))
    await shown(page, connection, 'client', '\r\n\r\n')
    page.control.terminate()
    await client.rest()
    await eventually(() => sandbox.holdings().connections === 0)
    expect(client.text).toBe('')
  })

  test('ends a client that does not read what the page writes', async () => {
    const { port, sandbox } = await runSandbox({ limits: { outgoingEndBytes: 100_000 } })
    const page = await Page.open(port)
    const { connection, ticket } = await page.ticket(PLAYED_LAB)
    const client = new TcpClient(port).write(opening(port, ticket))
    await shown(page, connection, 'client', '\r\n\r\n')
    client.socket.pause()
    while (sandbox.holdings().connections > 1) {
      page.write(connection, new Uint8Array(60_000))
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(sandbox.holdings().connections).toBe(1)
  })
})

test('a write beyond what a command may carry is refused, and the session goes on', async () => {
  const { port } = await runSandbox()
  const { page, connection } = await dialled(port)
  page.control.send(encodeWrite({ request: 1, connection, bytes: new Uint8Array(MAX_WRITE_BYTES + 1) }))
  const { message } = await page.told('error')
  expect(message).toContain(String(MAX_WRITE_BYTES + WRITE_HEAD_BYTES))
  expect(await page.ticket()).toMatchObject({ connection: 2 })
})
