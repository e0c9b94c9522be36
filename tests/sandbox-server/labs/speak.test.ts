import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openLab, Page } from '../support/page.ts'
import { runSandbox } from '../support/running-sandbox.ts'
import { TcpClient } from '../support/tcp-client.ts'

test('the speaking lab speaks unasked, as often as it was told, and then no more', async () => {
  const { port } = await runSandbox()
  const client = openLab(port, undefined, {}, [], 'speak?every=20&count=3')
  const said: string[] = []
  client.on('message', data => said.push((data as Buffer).toString()))
  await once(client, 'open')
  while (said.length < 3) await once(client, 'message')
  // A ping goes behind whatever was sent before it.
  client.ping()
  await once(client, 'pong')
  expect(said).toEqual(['서버의 말 1', '서버의 말 2', '서버의 말 3'])
})

const plainGet = (port: number, target: string) =>
  `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`

/** What a client that a page plays is answered. */
async function answerTo(target: string): Promise<string> {
  const { port } = await runSandbox()
  const page = await Page.open(port)
  page.say({ type: 'dial', request: 1 })
  const { connection } = await page.told('dialled')
  page.write(connection, plainGet(port, target))
  while (!page.events.some(event => event.type === 'ending' && event.how === 'server-fin'))
    await once(page.control, 'told')
  return page.bytes(connection, 'server').toString()
}

test('over plain HTTP the speaking lab answers a client that a page plays with its latest word', async () => {
  const answer = await answerTo('/lab/speak?every=60000')
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answer).toMatch(/\r\n\r\n서버의 말 \d+$/)
})

test.each(['/lab/echo', '/lab/speak?ticket=x', '/healthz'])('and %s answers no such client', async target => {
  expect(await answerTo(target)).toMatch(/^HTTP\/1\.1 4\d\d /)
})

test('no browser is given a page of what a lab says', async () => {
  const { port } = await runSandbox()
  const client = new TcpClient(port).write(plainGet(port, '/lab/speak'))
  await client.rest()
  expect(client.read.toString()).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(client.read.toString()).not.toContain('서버의 말')
})
