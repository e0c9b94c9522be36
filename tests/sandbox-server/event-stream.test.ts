import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { EVENTS_PATH } from '#contract/addresses.ts'
import { Page } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'
import { TcpClient } from './support/tcp-client.ts'

const get = (port: number, fields: Readonly<Record<string, string>> = {}, query = '?every=50&count=3') =>
  `GET ${EVENTS_PATH}${query} HTTP/1.1\r\n${Object.entries({
    Host: `127.0.0.1:${port}`,
    Accept: 'text/event-stream',
    Connection: 'close',
    ...fields,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

/** Everything that is answered. */
async function answer(
  port: number,
  fields?: Readonly<Record<string, string>>,
  query?: string,
): Promise<string> {
  return new TcpClient(port).write(get(port, fields, query)).rest()
}
const eventsIn = (text: string) =>
  [...text.matchAll(/id: (\d+)\ndata: (.*)\n\n/g)].map(([, id, data]) => [id, data])
/** A text that crossed in ISO 8859-1. */
const utf8 = (text: string) => Buffer.from(text, 'latin1').toString()

describe('the stream of events', () => {
  test('tells as many as it was asked for, in the format of an EventSource, and ends', async () => {
    const { port } = await runSandbox()
    const text = utf8(await answer(port))
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream\r\n/)
    expect(text).toContain('retry: 1000\n\n')
    expect(eventsIn(text)).toEqual([1, 2, 3].map(id => [String(id), `서버의 소식 ${id}`]))
  })

  test.each([
    ['7', '8'],
    ['x', '1'],
    ['-1', '1'],
    ['999999999', '1'],
  ])('goes on behind the last event that the client has: %s', async (last, next) => {
    const { port } = await runSandbox()
    const text = await answer(port, { 'Last-Event-ID': last }, '?every=50&count=1')
    expect(/id: (\d+)/.exec(text)?.[1]).toBe(next)
  })

  test('is for an EventSource only, which no link is', async () => {
    const { port } = await runSandbox()
    for (const accept of ['text/html', '*/*'])
      expect(await answer(port, { Accept: accept })).toMatch(/^HTTP\/1\.1 400 /)
    const post = new TcpClient(port).write(get(port).replace('GET', 'POST'))
    expect(await post.rest()).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('is for pages that may use the sandbox, and says so to their browsers', async () => {
    const { port } = await runSandbox({ environment: { PUBLIC_ORIGINS: 'https://course.example' } })
    expect(await answer(port, { Origin: 'https://evil.example' })).toMatch(/^HTTP\/1\.1 403 /)
    expect(await answer(port, { Host: 'evil.example' })).toMatch(/^HTTP\/1\.1 403 /)
    const allowed = await answer(port, { Origin: 'https://course.example' })
    expect(allowed).toContain('Access-Control-Allow-Origin: https://course.example\r\n')
    expect(await answer(port)).not.toContain('Access-Control-Allow-Origin')
  })

  test('reached from elsewhere is for pages of its own that send no Origin', async () => {
    const { port } = await runSandbox({
      environment: { HOST: '0.0.0.0', PUBLIC_ORIGINS: 'https://course.example' },
    })
    const Host = 'course.example'
    expect(await answer(port, { Host })).toMatch(/^HTTP\/1\.1 403 /)
    expect(await answer(port, { Host, 'Sec-Fetch-Site': 'cross-site' })).toMatch(/^HTTP\/1\.1 403 /)
    expect(await answer(port, { Host, 'Sec-Fetch-Site': 'same-origin' })).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('is told to a client that a page plays too, and seen by it', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    page.say({ type: 'dial', request: 1 })
    const { connection } = await page.told('dialled')
    page.write(connection, get(port))
    while (!page.events.some(event => event.type === 'ending' && event.how === 'server-fin'))
      await once(page.control, 'told')
    expect(eventsIn(page.bytes(connection, 'server').toString())).toHaveLength(3)
  })

  test('ends when its client goes away', async () => {
    const { port, sandbox } = await runSandbox()
    const client = new TcpClient(port)
    client.write(get(port, {}, '?every=10000&count=100'))
    await client.until('retry')
    client.socket.destroy()
    await eventually(() => sandbox.holdings().connections === 0)
    expect(sandbox.holdings().connections).toBe(0)
  })
})
