import { once } from 'node:events'
import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { Limits } from '../../sandbox-server/limits.ts'
import { logTo } from '../../sandbox-server/operations.ts'
import { handshake, labPath, openLab, Page } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

/** Value of one metric, as the sandbox says it over HTTP. */
async function metric(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const line = text.split('\n').find(each => each.startsWith(`anatomy_${name} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}

async function open(port: number, ticket?: string) {
  const client = openLab(port, ticket)
  await once(client, 'open')
  return client
}

describe('a limit that is hit is counted', () => {
  const CASES: readonly [keyof Limits, Partial<Limits>, (port: number) => Promise<unknown>][] = [
    ['addressConnectionsPerMinute', { addressConnectionsPerMinute: 1 }, port => connectTwice(port)],
    ['addressConnections', { addressConnections: 1 }, port => connectTwice(port)],
    ['headBytes', {}, port => new TcpClient(port).write(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`).rest()],
    ['urlBytes', {}, port => new TcpClient(port).write(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\n`).rest()],
    [
      'headMs',
      { headMs: 30, requestMs: 30, checkingIntervalMs: 10, lingerMs: 10 },
      port => new TcpClient(port).write('GET / HTTP/1.1\r\n').rest(),
    ],
    [
      'pipelinedRequests',
      { pipelinedRequests: 1 },
      port => new TcpClient(port).write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(9)).rest(),
    ],
    ['memoryBytes', { memoryBytes: 1 }, port => new TcpClient(port).write(handshake(port)).rest()],
    [
      'sessionConnections',
      { sessionConnections: 1 },
      async port => {
        const page = await Page.open(port)
        await page.ticket()
        page.say({ type: 'ticket', request: 9, lab: 'echo' })
        await page.told('error')
      },
    ],
    [
      'ticketMs',
      { ticketMs: 0 },
      async port => {
        const page = await Page.open(port)
        const { ticket } = await page.ticket()
        const line = `GET ${labPath(ticket)} HTTP/1.1`
        await new TcpClient(port).write(handshake(port, { line })).rest()
      },
    ],
    ['messageBytes', { messageBytes: 10 }, port => say(port, client => client.send('x'.repeat(11)))],
    [
      'messageFragments',
      { messageFragments: 2 },
      port => say(port, client => ['a', 'b', 'c', 'd'].forEach(text => client.send(text, { fin: false }))),
    ],
    [
      'messagesPerSecond',
      { messageBurst: 1, messagesPerSecond: 1 },
      port => say(port, client => ['a', 'b', 'c'].forEach(text => client.send(text))),
    ],
    [
      'frameMs',
      { frameMs: 20 },
      async port => {
        const client = new TcpClient(port).write(handshake(port)).write('\x81')
        await client.until('takes too long')
      },
    ],
    ['idleMs', { idleMs: 20 }, port => say(port, () => {})],
    ['lifeMs', { lifeMs: 20 }, port => say(port, () => {})],
    [
      'pingIntervalMs',
      { pingIntervalMs: 20 },
      async port => {
        const client = openLab(port, undefined, { autoPong: false })
        await once(client, 'close')
      },
    ],
    [
      'controlMessageBytes',
      { controlMessageBytes: 100 },
      async port => {
        const page = await Page.open(port)
        page.say('x'.repeat(101))
        await once(page.control, 'close')
      },
    ],
  ]

  async function connectTwice(port: number): Promise<void> {
    const from = { headers: { 'X-Forwarded-For': '192.0.2.1' } }
    await once(openLab(port, undefined, from), 'open')
    await once(openLab(port, undefined, from), 'unexpected-response')
  }
  async function say(port: number, what: (client: Awaited<ReturnType<typeof open>>) => void): Promise<void> {
    const client = await open(port)
    what(client)
    await once(client, 'close')
  }

  test.each(CASES)('%s', async (name, limits, hit) => {
    const { port, sandbox } = await runSandbox({ limits, environment: { TRUSTED_PROXIES: '127.0.0.1' } })
    const counted = async () =>
      (await sandbox.operations.metrics()).text.includes(`anatomy_limit_hits_total{limit="${name}"} `)
    expect(await counted()).toBe(false)
    await hit(port)
    expect(await counted()).toBe(true)
  })
})

describe('the metrics', () => {
  test('say what is held, what was opened and how it ended', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const { ticket } = await page.ticket()
    const client = await open(port, ticket)
    expect(await metric(port, 'held{what="webSockets"}')).toBe(2)
    expect(await metric(port, 'web_sockets_opened_total{kind="lab"}')).toBe(1)
    client.close(4321)
    await once(client, 'close')
    await expect.poll(() => metric(port, 'web_sockets_closed_total{kind="lab",code="4321"}')).toBe(1)
    expect(await metric(port, 'held{what="sessions"}')).toBe(1)
    expect(await metric(port, 'web_socket_seconds_count{kind="lab"}')).toBe(1)
  })

  test('say what was refused, and which rules were broken', async () => {
    const { port } = await runSandbox()
    await new TcpClient(port).write(handshake(port, { 'Sec-WebSocket-Version': '8' })).rest()
    expect(await metric(port, 'refusals_total{status="426"}')).toBe(1)
    const client = new TcpClient(port).write(handshake(port)).write('\x81\x01a')
    await client.until('\x88')
    expect(await metric(port, 'violations_total{rule="1002"}')).toBe(1)
  })

  test.each([
    ['a proxy speaks for somebody', { 'X-Forwarded-For': '192.0.2.1' }, {}, 404],
    ['a proxy speaks for somebody, in the words of RFC 7239', { Forwarded: 'for=192.0.2.1' }, {}, 404],
    ['a page has been led here by its DNS', { Host: 'rebound.example' }, {}, 404],
    ['this machine asks', {}, {}, 200],
    [
      'somebody asks whom the operator has named',
      { 'X-Forwarded-For': 'x' },
      { METRICS_FROM: '127.0.0.0/8' },
      200,
    ],
  ])('when %s: are there for who may read them only', async (_what, headers, environment, status) => {
    const { port } = await runSandbox({
      environment,
      listener: (_request, response) => response.writeHead(404).end(),
    })
    const asked = request({ port, host: '127.0.0.1', path: '/metrics', headers }).end()
    const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }]
    response.resume()
    expect(response.statusCode).toBe(status)
  })

  test('can be asked for and nothing else', async () => {
    const { port } = await runSandbox()
    for (const path of ['/metrics', '/readyz', '/healthz']) {
      expect((await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST' })).status).toBe(405)
      expect((await fetch(`http://127.0.0.1:${port}${path}`, { method: 'HEAD' })).status).toBe(200)
    }
  })
})

test('who is full says that it is not ready, and that it is in good health', async () => {
  const { port, sandbox } = await runSandbox({ limits: { connections: 2 } })
  const status = async (path: string) => {
    const answered = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Connection: 'close' } })
    await answered.text()
    await eventually(() => sandbox.holdings().connections === sandbox.holdings().webSockets)
    return answered.status
  }
  expect([await status('/readyz'), await status('/healthz')]).toEqual([200, 200])
  await open(port)
  expect([await status('/readyz'), await status('/healthz')]).toEqual([503, 200])
})

describe('the log', () => {
  /** Runs a sandbox whose log is kept. */
  async function logged(level: 'debug' | 'info' | 'warn' = 'info') {
    const lines: Record<string, unknown>[] = []
    const log = logTo({ write: line => void lines.push(JSON.parse(line) as Record<string, unknown>) }, level)
    return { lines, ...(await runSandbox({ log, clock: () => 0 })) }
  }

  test('is a JSON object a line: what was opened, refused, broken, and how it ended', async () => {
    const { port, lines } = await logged()
    const client = await open(port)
    client.close(1000)
    await once(client, 'close')
    await new TcpClient(port).write(handshake(port, { Upgrade: undefined })).rest()
    await eventually(() => lines.length >= 3)
    expect(lines.map(({ event }) => event)).toEqual(['opened', 'closed', 'refused'])
    expect(lines[0]).toMatchObject({ kind: 'lab', lab: 'echo', time: expect.stringMatching(/^\d{4}-.*Z$/) })
    expect(lines[1]).toMatchObject({ kind: 'lab', code: 1000, milliseconds: expect.any(Number) })
  })

  test('has nothing of what a reader sends: no payload, cookie, ticket or address', async () => {
    const { port, lines } = await logged('debug')
    const page = await Page.open(port)
    const { ticket } = await page.ticket()
    const client = openLab(port, ticket, {
      headers: { Cookie: 'secret=cookie', 'User-Agent': 'secret-agent' },
    })
    await once(client, 'open')
    client.send('secret payload')
    await once(client, 'message')
    client.close(4000, 'secret reason')
    await once(client, 'close')
    await new TcpClient(port).write('secret nonsense\r\n\r\n').rest()
    await eventually(() => lines.length >= 4)
    const text = JSON.stringify(lines)
    for (const secret of ['secret', ticket, '127.0.0.1']) expect(text).not.toContain(secret)
  })

  test('is not flooded: what is too much is counted in its place', async () => {
    const { port, lines } = await logged()
    for (let count = 0; count < 250; count++)
      await new TcpClient(port).write(handshake(port, { Upgrade: undefined })).rest()
    expect(lines).toHaveLength(200)
  })

  test('of warnings has limits only', async () => {
    const { port, lines } = await logged('warn')
    const client = await open(port)
    client.send('x'.repeat(70_000))
    await once(client, 'close')
    expect(lines).toMatchObject([{ event: 'limit', limit: 'messageBytes' }])
  })
})
