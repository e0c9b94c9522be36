import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type WebSocket from 'ws'
import { PROXY_COLLECTS_BYTES, PROXY_IDLE_MS, type ProxyKind } from '#contract/proxies.ts'
import { ConnectionTrace } from '#protocol/trace.ts'
import { openLab, Page } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'

interface Through {
  readonly page: Page
  readonly client: WebSocket
  /** Numbers of the connections on both sides of the proxy. */
  readonly front: number
  readonly behind: number
}

async function openThrough(port: number, through: ProxyKind, lab = 'echo'): Promise<Through> {
  const page = await Page.open(port)
  const [name = ''] = lab.split('?')
  const { connection: front, behind = NaN, ticket } = await page.ticket(name, through)
  return { page, front, behind, client: openLab(port, ticket, {}, [], lab) }
}

/** The head that one side sent on a connection. */
const head = (page: Page, connection: number, from: 'client' | 'server') =>
  page.bytes(connection, from).toString('latin1').split('\r\n\r\n', 1)[0] ?? ''

const fieldNames = (text: string) =>
  text
    .split('\r\n')
    .slice(1)
    .map(line => line.slice(0, line.indexOf(':')))

function kinds(page: Page, connection: number): string[] {
  const trace = new ConnectionTrace()
  for (const { from, bytes, at } of page.chunks(connection)) trace.push(from, bytes, at)
  return trace.items.map(item => `${item.kind} ${item.from}`)
}

async function said(client: WebSocket, text: string): Promise<string> {
  client.send(text)
  const [data] = (await once(client, 'message')) as [Buffer]
  return data.toString()
}

describe('a proxy that passes everything', () => {
  test('carries the same messages over two connections, and signs both heads', async () => {
    const { port } = await runSandbox()
    const { page, client, front, behind } = await openThrough(port, 'passing')
    await once(client, 'open')
    expect(await said(client, '안녕')).toBe('안녕')
    client.close(1000)
    await Promise.all([page.closed(front), page.closed(behind)])
    const whole = [
      'request client',
      'response server',
      'frame client',
      'frame server',
      'frame client',
      'frame server',
    ]
    expect([kinds(page, front), kinds(page, behind)]).toEqual([whole, whole])
    const [asked, carried] = [head(page, front, 'client'), head(page, behind, 'client')]
    expect(carried).toBe(`${asked}\r\nVia: 1.1 passing`)
    expect(head(page, front, 'server')).toBe(`${head(page, behind, 'server')}\r\nVia: 1.1 passing`)
    // Behind the heads nothing is changed, masking keys neither.
    for (const from of ['client', 'server'] as const) {
      const frames = [front, behind].map(each => page.bytes(each, from))
      const [one, other] = frames.map(bytes => bytes.subarray(bytes.indexOf('\r\n\r\n')))
      expect(one).toEqual(other)
    }
  })

  test('passes on an end without a closing handshake, from either side', async () => {
    const { port } = await runSandbox()
    const gone = await openThrough(port, 'passing')
    await once(gone.client, 'open')
    gone.client.terminate()
    await gone.page.closed(gone.behind)
    const left = await openThrough(port, 'passing')
    await once(left.client, 'open')
    left.page.control.terminate()
    const [code] = (await once(left.client, 'close')) as [number]
    expect(code).toBe(1001)
  })

  test('is a way to labs only, and for as many connections as a session may have', async () => {
    const { port, sandbox } = await runSandbox({ limits: { sessionConnections: 1 } })
    const { client } = await openThrough(port, 'passing')
    const [, { statusCode }] = (await once(client, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ]
    expect(statusCode).toBe(502)
    const page = await Page.open(port)
    page.say({ type: 'ticket', request: 1, lab: 'echo', through: 'elsewhere' })
    expect(await page.told('error')).toMatchObject({ code: 'malformed-command', field: 'through' })
    client.terminate()
    await eventually(() => sandbox.holdings().connections === 2)
  })

  test('carries much, in order, as fast as it is taken', async () => {
    const { port } = await runSandbox()
    const { client } = await openThrough(port, 'passing')
    await once(client, 'open')
    const heard: number[] = []
    client.on('message', (data: Buffer) => heard.push(data.readUInt32BE()))
    for (let number = 0; number < 200; number++) {
      const message = Buffer.alloc(16 * 1024)
      message.writeUInt32BE(number)
      client.send(message)
    }
    await eventually(() => heard.length === 200)
    expect(heard).toEqual(Array.from({ length: 200 }, (_, number) => number))
  })
})

describe('a proxy that drops hop-by-hop fields', () => {
  test('asks the server without Upgrade, and the client is told 426', async () => {
    const { port } = await runSandbox()
    const { page, client, front, behind } = await openThrough(port, 'stripping')
    const [, { statusCode }] = (await once(client, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ]
    client.terminate()
    await Promise.all([page.closed(front), page.closed(behind)])
    expect(statusCode).toBe(426)
    const [asked, carried] = [head(page, front, 'client'), head(page, behind, 'client')]
    expect(fieldNames(asked)).toContain('Upgrade')
    expect(fieldNames(carried)).not.toContain('Upgrade')
    expect(fieldNames(carried)).toContain('Sec-WebSocket-Key')
    expect(carried).toMatch(/\r\nConnection: close\r\nVia: 1\.1 stripping$/)
    // The answer has lost the field too that would have said what is missing.
    expect(fieldNames(head(page, behind, 'server'))).toContain('Upgrade')
    expect(fieldNames(head(page, front, 'server'))).not.toContain('Upgrade')
  })
})

describe('a proxy that is impatient', () => {
  test('ends both connections without a Close when nothing crosses, and not while something does', async () => {
    const { port } = await runSandbox()
    const [silent, pinged] = await Promise.all([
      openThrough(port, 'impatient', 'ping?every=60000'),
      openThrough(port, 'impatient', 'ping?every=1000'),
    ])
    const [code] = (await once(silent.client, 'close')) as [number]
    expect(code).toBe(1006)
    await Promise.all([silent.page.closed(silent.front), silent.page.closed(silent.behind)])
    expect(kinds(silent.page, silent.front)).toEqual(['request client', 'response server'])
    const ended = silent.page.events.findLast(
      event => event.type === 'ending' && event.connection === silent.front && event.how === 'server-fin',
    )
    const answered = silent.page.chunks(silent.front).at(-1)
    expect(((ended as { at: number }).at - (answered?.at ?? 0)) / 1000).toBeCloseTo(PROXY_IDLE_MS, -3)
    expect(pinged.client.readyState).toBe(pinged.client.OPEN)
  })
})

describe('a proxy that collects', () => {
  test('gives nothing of the server until there is enough, and then all at once', async () => {
    const { port } = await runSandbox()
    const { page, client, front, behind } = await openThrough(port, 'collecting')
    await once(client, 'open')
    client.send('안녕')
    await eventually(() => kinds(page, behind).at(-1) === 'frame server')
    const given = () => page.chunks(front).filter(({ from }) => from === 'server').length
    expect(given()).toBe(1)
    client.send('가'.repeat(PROXY_COLLECTS_BYTES / 3))
    await once(client, 'message')
    await eventually(() => kinds(page, front).filter(kind => kind === 'frame server').length === 2)
    expect(given()).toBe(2)
  })

  test('gives what it has when the server ends', async () => {
    const { port } = await runSandbox()
    const { page, client, front, behind } = await openThrough(port, 'collecting')
    await once(client, 'open')
    client.send('안녕')
    await eventually(() => kinds(page, behind).at(-1) === 'frame server')
    client.close(1000)
    const [code] = (await once(client, 'close')) as [number]
    expect(code).toBe(1000)
    await page.closed(front)
    expect(kinds(page, front).slice(2)).toEqual([
      'frame client',
      'frame client',
      'frame server',
      'frame server',
    ])
  })
})
