import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** One connection, both ends of it in this process. */
export interface Dialled {
  readonly client: Socket
  readonly server: Socket
}

export const LOOPBACK = '127.0.0.1'

/**
 * Opens TCP connections from the sandbox to itself, and to nothing else: what a page writes into one reaches no other
 * machine and no other program.
 */
export class Dialler {
  readonly #timeoutMs: number
  #listener: Server | undefined
  /** One at a time: the next connection that comes is the one being dialled, or a stranger's. */
  #turn: Promise<unknown> = Promise.resolve()

  /** @param timeoutMs longest that a connection to oneself may take */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** @throws Error when this machine gives no connection */
  dial(): Promise<Dialled> {
    const dialled = this.#turn.then(() => this.#dialNow())
    this.#turn = dialled.catch(() => {})
    return dialled
  }

  close(): void {
    this.#listener?.close()
    this.#listener = undefined
  }

  async #dialNow(): Promise<Dialled> {
    const listener = await this.#listening()
    const address = listener.address()
    if (address === null || typeof address === 'string') throw new Error('not listening')
    const signal = AbortSignal.timeout(this.#timeoutMs)
    const accepted = once(listener, 'connection', { signal })
    const client = connect({ port: address.port, host: LOOPBACK, allowHalfOpen: true, noDelay: true })
    client.on('error', () => {})
    try {
      const [[server]] = (await Promise.all([accepted, once(client, 'connect', { signal })])) as [
        [Socket],
        unknown,
      ]
      if (server.remotePort === client.localPort) return { client, server }
      server.destroy()
      throw new Error('another program of this machine was quicker')
    } catch (error) {
      client.destroy()
      throw error
    }
  }

  async #listening(): Promise<Server> {
    if (this.#listener) return this.#listener
    const listener = createServer({ allowHalfOpen: true, noDelay: true })
    listener.listen(0, LOOPBACK)
    await once(listener, 'listening')
    // Whoever holds the sandbox open is its own server.
    listener.unref()
    listener.on('error', () => {})
    this.#listener = listener
    return listener
  }
}
