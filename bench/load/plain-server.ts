/** What the sandbox is compared with: an echo of `ws` and nothing else, with none of the sandbox's limits and pings. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

const server = createServer()
const webSockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false })
webSockets.on('connection', client => {
  client.on('error', () => {})
  client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }))
})
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/\n`),
)
