import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { readConfig } from '../../sandbox-server/config.ts'
import { createSandbox } from '../../sandbox-server/sandbox.ts'
import { Page, openLab } from './support/page.ts'

/** A server that has pages and a WebSocket of its own, like a dev server with hot reload. */
async function runGuest(): Promise<number> {
  const server = createServer((_request, response) => response.end('the other server'))
  const ownWebSockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/hot-reload') return
    ownWebSockets.handleUpgrade(request, socket, head, webSocket => webSocket.send('reload'))
  })
  const sandbox = createSandbox(readConfig({}))
  sandbox.attach(server, { owned: false })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    await sandbox.close()
  })
  return (server.address() as AddressInfo).port
}

test("on another's server, a captured lab works as on its own", async () => {
  const port = await runGuest()
  const page = await Page.open(port)
  const { connection, ticket } = await page.ticket()
  const client = openLab(port, ticket, { origin: `http://localhost:${port}` })
  await once(client, 'open')
  client.send('hello')
  await once(client, 'message')
  client.close()
  await page.closed(connection)
  expect(page.bytes(connection, 'client').toString()).toMatch(/^GET \/lab\/echo\?/)
  expect(page.bytes(connection, 'server').toString('latin1')).toContain('hello')
})

test("on another's server, what is not the sandbox's stays the other's", async () => {
  const port = await runGuest()
  const page = await fetch(`http://127.0.0.1:${port}/lessons/`)
  expect(await page.text()).toBe('the other server')
  const hotReload = new WebSocket(`ws://127.0.0.1:${port}/hot-reload`)
  const [message] = await once(hotReload, 'message')
  expect(String(message)).toBe('reload')
  hotReload.terminate()
})

test("on another's server, /healthz and the labs' paths are the sandbox's", async () => {
  const port = await runGuest()
  const health = await fetch(`http://127.0.0.1:${port}/healthz`)
  expect([health.status, await health.text()]).toEqual([200, 'ok\n'])
  const lab = await fetch(`http://127.0.0.1:${port}/lab/echo`)
  expect([lab.status, lab.headers.get('upgrade'), lab.headers.get('sec-websocket-version')]).toEqual([
    426,
    'websocket',
    '13',
  ])
})
