import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'

/** Everything that crossed one connection, by direction, as a third party on the way saw it. */
export interface RelayedConnection {
  readonly client: Buffer
  readonly server: Buffer
}

/** A TCP relay in front of a server: a second tap that knows nothing of the first. */
export interface WireRelay {
  /** Where browsers reach the server through it, with a trailing slash. */
  readonly url: string
  /** The connections whose first line asks for that path, oldest first. */
  connections(path: string): readonly RelayedConnection[]
  stop(): Promise<void>
}

/** @param target URL of the server */
export async function relayTo(target: string): Promise<WireRelay> {
  const { port } = new URL(target)
  const all: { client: Buffer[]; server: Buffer[] }[] = []
  const open = new Set<Socket>()
  const relay = createServer({ allowHalfOpen: true, noDelay: true }, client => {
    const seen: { client: Buffer[]; server: Buffer[] } = { client: [], server: [] }
    all.push(seen)
    const server = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    for (const [from, to, bytes] of [
      [client, server, seen.client],
      [server, client, seen.server],
    ] as const) {
      open.add(from)
      from.on('data', (chunk: Buffer) => {
        bytes.push(chunk)
        to.write(chunk)
      })
      from.on('end', () => to.end())
      from.on('error', () => to.resetAndDestroy())
      from.on('close', () => {
        open.delete(from)
        if (!to.writableEnded) to.destroy()
      })
    }
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const address = relay.address()
  if (address === null || typeof address === 'string') throw new Error('the relay does not listen')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    connections: path =>
      all
        .map(({ client, server }) => ({ client: Buffer.concat(client), server: Buffer.concat(server) }))
        .filter(({ client }) => client.toString('latin1', 0, 5 + path.length).startsWith(`GET ${path}`)),
    async stop() {
      for (const socket of open) socket.destroy()
      relay.close()
      await once(relay, 'close')
    },
  }
}
