import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Case } from './case.ts'
import { sameEvent } from './judge.ts'
import { outcomeOf, type Outcome } from './outcome.ts'
import { PROBE } from './probe.ts'

export interface Server {
  readonly port: number
  /** Path of a plain echo, and of one that agrees on permessage-deflate. */
  readonly paths: { readonly plain: string; readonly deflate: string }
  /** How long a case may take, in milliseconds, before its connection counts as left open. */
  readonly patience: number
}

/** Plays a case over a TCP connection of its own. */
export async function play(server: Server, each: Case): Promise<Outcome> {
  const socket = connect({ port: server.port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  const read: Buffer[] = []
  let tcp: Outcome['tcp'] = 'open'
  socket.on('data', (bytes: Buffer) => read.push(bytes))
  socket.on('end', () => {
    tcp = 'fin'
    socket.end()
  })
  socket.on('error', () => {
    if (tcp === 'open') tcp = 'reset'
  })
  const timer = setTimeout(() => socket.destroy(), server.patience)
  const soFar = () => outcomeOf(Buffer.concat(read), tcp)
  const until = async (holds: () => boolean) => {
    while (!socket.closed && !holds()) await happens(socket, 'data', 'close')
  }

  socket.write(Buffer.concat([requestOf(server, each), each.early ?? Buffer.alloc(0)]))
  await until(() => soFar().status !== 0)
  for (const step of [...each.steps, ...(each.last ? [] : PROBE)]) {
    if (step instanceof Uint8Array) await write(socket, step)
    else await until(() => soFar().events.some(event => sameEvent(event, step.until)))
  }
  if (each.last === 'fin') socket.end()
  while (!socket.closed) await happens(socket, 'close')
  clearTimeout(timer)
  return soFar()
}

function requestOf({ port, paths }: Server, { offer }: Case): Buffer {
  const lines = [
    `GET ${offer === undefined ? paths.plain : paths.deflate} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...(offer === undefined ? [] : [`Sec-WebSocket-Extensions: ${offer}`]),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)
}

/** Writes, and lets a turn of the loop pass, so that the next write is another segment. */
function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise(resolve => socket.write(bytes, () => setImmediate(resolve)))
}

function happens(socket: Socket, ...names: readonly string[]): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      for (const name of names) socket.off(name, done)
      resolve()
    }
    for (const name of names) socket.on(name, done)
  })
}

/** Plays cases, several at once, and gives what came of each. */
export async function playAll(server: Server, cases: readonly Case[]): Promise<(readonly [Case, Outcome])[]> {
  const waiting = [...cases.entries()]
  const outcomes: (readonly [Case, Outcome])[] = []
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, each] = next
      outcomes[index] = [each, await play(server, each)]
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return outcomes
}

const AT_ONCE = 24

/** Port of a server that listens on TCP. */
export function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP')
  return address.port
}
