import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { INSTANCES } from '#contract/addresses.ts'
import { Balancer } from './balancer.ts'
import type { Dialled } from './dialler.ts'

/** Rooms that the balancer remembers; a page has one. */
const REMEMBERED_ROOMS = 2000

/** A sandbox on an HTTP server of its own. */
export interface Instance {
  readonly server: Server
  /** WebSockets that are open. */
  size(): number
  close(): Promise<void>
}

/**
 * The instances behind the balancer of the lab `instances`: sandboxes of their own, which have nothing in common but the
 * bus. They are started when the first reader comes, and reached by nobody but their balancer: they listen nowhere.
 */
export class BalancedPair {
  readonly #start: (name: string) => Instance
  readonly #balancer = new Balancer(INSTANCES.length, REMEMBERED_ROOMS)
  readonly #dial: () => Promise<Dialled>
  #instances: readonly Instance[] = []

  /** @param dial opens a connection of which both ends are ours */
  constructor(dial: () => Promise<Dialled>, start: (name: string) => Instance) {
    this.#dial = dial
    this.#start = start
  }

  /** WebSockets that are open on either. */
  get size(): number {
    return this.#instances.reduce((sum, instance) => sum + instance.size(), 0)
  }

  /**
   * The balancer's own connection to the instance that it chooses for a query.
   * @throws Error when this machine gives no connection
   */
  async connect(query: URLSearchParams): Promise<Socket> {
    if (this.#instances.length === 0) this.#instances = INSTANCES.map(this.#start)
    const chosen = this.#instances[this.#balancer.choose(query)]
    const { client, server: raw } = await this.#dial()
    chosen?.server.emit('connection', raw)
    return client
  }

  /** Says 1001 to whoever is connected to either, and ends both. */
  async close(): Promise<void> {
    await Promise.all(this.#instances.map(instance => instance.close()))
  }
}
