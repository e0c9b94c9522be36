// Echo through the sandbox's tap against a plain `ws` server, each server in a process of its own, in turns.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import WebSocket, { WebSocketServer } from 'ws'
import { CONTROL_PATH, LAB_PATH_PREFIX, TICKET_PARAMETER } from '#contract/addresses.ts'
import { parseEvent } from '#contract/events.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { headLength } from '#protocol/http-head.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { readConfig } from '../sandbox-server/config.ts'
import { createHttpServer } from '../sandbox-server/http-server.ts'
import { createSandbox } from '../sandbox-server/sandbox.ts'

const ROUNDS = 7
const ROUND_MS = 700
const CONNECTIONS = 4
const SIZES = [
  { label: '64 B', bytes: 64, inFlight: 64 },
  { label: '64 KiB', bytes: 64 * 1024, inFlight: 4 },
]

type ServerKind = 'plain' | 'sandbox'

function serve(kind: ServerKind): void {
  const server = kind === 'plain' ? plainServer() : sandboxServer()
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.on('disconnect', () => process.exit())
}

function plainServer(): Server {
  const config = readConfig({})
  const server = createHttpServer(config.limits, (_request, response) => response.end())
  const webSockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    maxPayload: config.limits.messageBytes,
  })
  webSockets.on('connection', client =>
    client.on('message', (data, isBinary) => client.send(data, { binary: isBinary })),
  )
  return server
}

function sandboxServer(): Server {
  // As fast as it can, which no reader may be.
  const most = '2000000000'
  const config = readConfig({
    LIMIT_MESSAGES_PER_SECOND: most,
    LIMIT_MESSAGE_BURST: most,
    LIMIT_FLOOD_MESSAGES_PER_SECOND: most,
    LIMIT_FLOOD_MESSAGE_BURST: most,
  })
  const server = createHttpServer(config.limits, (_request, response) => response.end())
  createSandbox(config).attach(server, { owned: true })
  return server
}

async function start(kind: ServerKind): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(fileURLToPath(import.meta.url), [kind])
  const [port] = (await once(child, 'message')) as [number]
  return { child, port }
}

/** A page that reads what it is shown and counts what it is not. */
async function openPage(port: number) {
  const control = new WebSocket(`ws://127.0.0.1:${port}${CONTROL_PATH}`)
  const tickets: string[] = []
  const missed = { chunks: 0 }
  control.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return
    const event = parseEvent(data.toString())
    if (event.type === 'dropped') missed.chunks += event.chunks
    if (event.type !== 'ticket') return
    tickets.push(event.ticket)
    control.emit('ticket')
  })
  await once(control, 'open')
  control.send(JSON.stringify({ type: 'hello', version: CONTRACT_VERSION }))
  let request = 0
  const ticket = async () => {
    control.send(JSON.stringify({ type: 'ticket', request: request++, lab: 'echo' }))
    while (tickets.length === 0) await once(control, 'ticket')
    return tickets.shift() ?? ''
  }
  return { control, missed, ticket }
}

/** Opens a connection with a client that costs next to nothing: frames are made before, answers only counted. */
async function openClient(port: number, path: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  let head = Buffer.alloc(0)
  while (headLength(head) === undefined) {
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    head = Buffer.concat([head, bytes])
  }
  if (!head.toString().startsWith('HTTP/1.1 101')) throw new Error(head.toString())
  return socket
}

/** Messages echoed on one connection in a round, always `inFlight` of them on the way. */
function pump(socket: Socket, size: (typeof SIZES)[number], until: number): Promise<number> {
  const payload = new Uint8Array(size.bytes).fill(0x61)
  const frame = Buffer.from(
    encodeFrame({ opcode: OPCODES.binary, payload, maskingKey: Uint8Array.of(1, 2, 3, 4) }),
  )
  const answerLength = encodeFrame({ opcode: OPCODES.binary, payload }).length
  const frames = Array.from({ length: size.inFlight + 1 }, (_, count) =>
    Buffer.concat(Array.from({ length: count }, () => frame)),
  )
  return new Promise(resolve => {
    let [sent, received, bytes] = [0, 0, 0]
    const send = () => {
      const count = performance.now() < until ? size.inFlight - (sent - received) : 0
      const batch = frames[count]
      if (count > 0 && batch) socket.write(batch)
      sent += count
      if (sent > received) return
      socket.off('data', read)
      resolve(received)
    }
    const read = (chunk: Buffer) => {
      bytes += chunk.length
      const complete = Math.floor(bytes / answerLength)
      if (complete === received) return
      received = complete
      send()
    }
    socket.on('data', read)
    send()
  })
}

async function round(sockets: readonly Socket[], size: (typeof SIZES)[number]): Promise<number> {
  const begin = performance.now()
  const counts = await Promise.all(sockets.map(socket => pump(socket, size, begin + ROUND_MS)))
  return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - begin) / 1000)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}

async function measure(): Promise<void> {
  const plain = await start('plain')
  const sandbox = await start('sandbox')
  const page = await openPage(sandbox.port)
  const open = (port: number, path: () => Promise<string>) =>
    Promise.all(Array.from({ length: CONNECTIONS }, async () => openClient(port, await path())))
  const lab = `${LAB_PATH_PREFIX}echo`
  const ways = [
    { label: 'plain ws', sockets: await open(plain.port, () => Promise.resolve('/')), rates: [0] },
    { label: 'tapped', sockets: await open(sandbox.port, () => Promise.resolve(lab)), rates: [0] },
    {
      label: 'tapped and mirrored',
      sockets: await open(sandbox.port, async () => `${lab}?${TICKET_PARAMETER}=${await page.ticket()}`),
      rates: [0],
    },
  ]
  console.log(`echo, ${CONNECTIONS} connections, messages a second, median of ${ROUNDS} rounds in turns\n`)
  console.log('size     way                  messages/s   of plain ws')
  for (const size of SIZES) {
    for (const way of ways) way.rates = []
    for (const way of ways) await round(way.sockets, size)
    for (let i = 0; i < ROUNDS; i++) for (const way of ways) way.rates.push(await round(way.sockets, size))
    const base = median(ways[0]?.rates ?? [])
    for (const { label, rates } of ways) {
      const rate = median(rates)
      console.log(
        `${size.label.padEnd(8)} ${label.padEnd(20)} ${rate.toFixed(0).padStart(10)}   ${(rate / base).toFixed(2)}×`,
      )
    }
  }
  console.log(`\nchunks the page was too slow for, told as dropped: ${page.missed.chunks}`)
  for (const { sockets } of ways) for (const socket of sockets) socket.destroy()
  page.control.terminate()
  for (const { child } of [plain, sandbox]) child.disconnect()
}

const [kind] = process.argv.slice(2)
if (kind === 'plain' || kind === 'sandbox') serve(kind)
else await measure()
