import { describe, expect, test } from 'vitest'
import { MAX_OVERHEARD_TEXT } from '#contract/addresses.ts'
import { ConnectionTrace } from '#protocol/trace.ts'
import { Page } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'

const SENTENCE = '오늘 밤 아홉 시, 역 앞에서'

let requests = 100

/** Listens to a conversation to its end and gives its connection's number. */
async function overheard(page: Page, secure: boolean, text = SENTENCE): Promise<number> {
  const request = ++requests
  page.say({ type: 'overhear', request, secure, text })
  const { connection } = await page.told('overhearing', event => event.request === request)
  await page.closed(connection)
  return connection
}

/** Both directions of a connection. */
function everything(page: Page, connection: number): Buffer {
  return Buffer.concat([page.bytes(connection, 'client'), page.bytes(connection, 'server')])
}

describe('a conversation that a page overhears', () => {
  test('over ws is a WebSocket connection like any other: handshake, message, echo, close', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const connection = await overheard(page, false)
    const trace = new ConnectionTrace()
    for (const { from, bytes, at } of page.chunks(connection)) trace.push(from, bytes, at)
    expect(trace.items.map(({ kind, from }) => `${kind} ${from}`)).toEqual([
      'request client',
      'response server',
      'frame client',
      'frame server',
      'frame client',
      'frame server',
    ])
    const texts = trace.items.flatMap(item =>
      item.kind === 'frame' && item.frame.opcode === 1 ? [Buffer.from(item.frame.payload).toString()] : [],
    )
    expect(texts).toEqual([SENTENCE, SENTENCE])
    expect(trace.items.every(item => item.kind !== 'frame' || item.violations.length === 0)).toBe(true)
  })

  test('shows the sentence and the cookie over ws, and over wss only the name of the host', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const open = everything(page, await overheard(page, false))
    const hidden = everything(page, await overheard(page, true))
    for (const secret of [SENTENCE, 'Cookie: session=', 'GET /room', 'Sec-WebSocket-Key'])
      expect([open.includes(secret), hidden.includes(secret)]).toEqual([true, false])
    expect([open.includes('chat.example'), hidden.includes('chat.example')]).toEqual([true, true])
    // A record of a handshake comes first, as TLS 1.3 writes it (RFC 8446 §5.1).
    expect(hidden.subarray(0, 3).toString('hex')).toBe('160301')
  })

  test.each([false, true])('ends with a FIN of each side (over TLS: %s)', async secure => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    await overheard(page, secure)
    const endings = page.events.flatMap(event => (event.type === 'ending' ? [event.how] : []))
    expect(endings).toEqual(['server-fin', 'client-fin', 'closed'])
  })

  test('has another cookie each time', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    const cookies = []
    for (let count = 0; count < 2; count++) {
      const [, cookie] = /Cookie: session=(\w+)/.exec(
        page.bytes(await overheard(page, false), 'client').toString('latin1'),
      ) ?? [undefined, '']
      cookies.push(cookie)
    }
    expect(new Set(cookies).size).toBe(2)
  })

  test('may be silent, and as long as the contract lets it', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    for (const text of ['', '가'.repeat(MAX_OVERHEARD_TEXT)]) {
      const bytes = page.bytes(await overheard(page, false, text), 'server')
      expect(bytes.includes(text)).toBe(true)
    }
    page.say({ type: 'overhear', request: 9, secure: false, text: '가'.repeat(MAX_OVERHEARD_TEXT + 1) })
    expect(await page.told('error')).toMatchObject({ code: 'malformed-command', field: 'text' })
  })

  test('counts among the connections of its session, and ends when its time is up', async () => {
    const { port, sandbox } = await runSandbox({ limits: { sessionConnections: 1, overheardMs: 0 } })
    const page = await Page.open(port)
    page.say({ type: 'overhear', request: 1, secure: true, text: SENTENCE })
    page.say({ type: 'overhear', request: 2, secure: true, text: SENTENCE })
    expect(await page.told('error')).toMatchObject({ code: 'too-many-connections', request: 2 })
    const { connection } = await page.told('overhearing')
    await page.closed(connection)
    await eventually(() => sandbox.holdings().connections === 1)
  })

  test('is nobody else’s', async () => {
    const { port } = await runSandbox()
    const [page, other] = [await Page.open(port), await Page.open(port)]
    await overheard(page, false)
    expect(other.events.filter(({ type }) => type !== 'welcome')).toEqual([])
  })
})
