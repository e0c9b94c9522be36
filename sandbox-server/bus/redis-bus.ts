import { createClient } from '@redis/client'
import type { BusState } from '#contract/events.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import type { Limits } from '../limits.ts'
import type { Random } from '../sessions.ts'
import type { Watch } from '../watch.ts'
import { Subscriptions, type Bus, type Subscription } from './bus.ts'

/** Instances that speak another version do not hear each other. */
const PREFIX = `anatomy:${CONTRACT_VERSION}:`

/** Before what is published: the instance, and the number of its subscription that does not hear it (0: none). */
const INSTANCE_BYTES = 12
const HEAD_BYTES = INSTANCE_BYTES + 4

/** Milliseconds to the next attempt to connect: longer each time, and not the same on every instance. */
const RETRY_MS = { first: 50, most: 2_000 }

/** A timer that has taken so many times what it was to take has waited for a busy process. */
const LATE = 1.25

type BusLimits = Pick<Limits, 'busBytes' | 'busSilenceMs'>
type BusWatch = Pick<Watch, 'limit' | 'bus'>
type Client = ReturnType<typeof connectionTo>

/**
 * The bus over Redis: one connection, on which is published and heard (RESP3). When it breaks there is a new one, with
 * every subscription on it before the bus says that it is connected.
 */
export class RedisBus implements Bus {
  readonly instance: string
  readonly #url: string
  readonly #limits: BusLimits
  readonly #watch: BusWatch
  readonly #instance: Buffer
  readonly #subscriptions = new Subscriptions()
  readonly #listeners = new Set<() => void>()
  #state: BusState = 'lost'
  #client: Client | undefined
  /** Channels that Redis knows we listen on. */
  #subscribed = new Set<string>()
  #settling: Promise<void> | undefined
  #waitingBytes = 0
  #attempts = 0
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(url: string, limits: BusLimits, random: Random, watch: BusWatch) {
    this.#url = url
    this.#limits = limits
    this.#watch = watch
    this.#instance = Buffer.from(random(INSTANCE_BYTES))
    this.instance = this.#instance.toString('base64url')
    this.#connect()
  }

  get state(): BusState {
    return this.#state
  }

  get isFull(): boolean {
    return this.#state !== 'connected' || this.#waitingBytes > this.#limits.busBytes / 2
  }

  publish(channel: string, bytes: Uint8Array, by?: Subscription): void {
    const client = this.#client
    if (!client || this.#state !== 'connected') return
    const message = Buffer.alloc(HEAD_BYTES + bytes.length)
    message.set(this.#instance)
    message.writeUInt32BE(by?.number ?? 0, INSTANCE_BYTES)
    message.set(bytes, HEAD_BYTES)
    if (this.#waitingBytes + message.length > this.#limits.busBytes) {
      this.#watch.limit('busBytes')
      return
    }
    this.#count(message.length)
    const taken = () => this.#count(-message.length)
    client.publish(PREFIX + channel, message).then(taken, taken)
  }

  subscribe(channel: string, listener: (bytes: Buffer) => void): Subscription {
    const { number, end } = this.#subscriptions.add(PREFIX + channel, listener)
    return {
      number,
      active: this.#settle(),
      end: () => {
        end()
        void this.#settle()
      },
    }
  }

  async audience(channel: string): Promise<number> {
    const name = PREFIX + channel
    const counts = this.#state === 'connected' ? this.#client?.pubSubNumSub([name]) : undefined
    return (await counts?.catch(() => undefined))?.[name] ?? 0
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    const client = this.#client
    if (!client) return
    const silent = setTimeout(() => end(client), this.#limits.busSilenceMs)
    if (this.#state === 'connected') await client.close().catch(() => {})
    else end(client)
    clearTimeout(silent)
  }

  #count(bytes: number): void {
    const wasFull = this.isFull
    this.#waitingBytes += bytes
    if (wasFull !== this.isFull) this.#changed()
  }

  readonly #hear = (message: Buffer, channel: Buffer): void => {
    if (message.length < HEAD_BYTES) return
    const isOurs = this.#instance.equals(message.subarray(0, INSTANCE_BYTES))
    const by = isOurs ? message.readUInt32BE(INSTANCE_BYTES) : undefined
    this.#subscriptions.hear(channel.toString(), message.subarray(HEAD_BYTES), by)
  }

  #connect(): void {
    const client = connectionTo(this.#url, this.#limits.busSilenceMs)
    this.#client = client
    this.#subscribed = new Set()
    this.#settling = undefined
    const lose = () => this.#lose(client)
    client.on('error', lose).on('end', lose)
    this.#open(client).catch(lose)
  }

  async #open(client: Client): Promise<void> {
    await this.#inTime(
      client,
      client.connect().then(() => this.#settle()),
    )
    if (this.#client !== client) return
    this.#attempts = 0
    this.#become('connected')
    while (this.#client === client && !this.#closed) {
      await this.#inTime(client, client.ping())
      await new Promise<void>(resolve => setTimeout(resolve, this.#limits.busSilenceMs / 2).unref())
    }
  }

  /** A Redis that hangs keeps its connections open: only its silence tells. */
  async #inTime(client: Client, answer: Promise<unknown>): Promise<void> {
    const { busSilenceMs } = this.#limits
    let silent: NodeJS.Timeout
    const listen = () => {
      const since = performance.now()
      silent = setTimeout(() => {
        // Silence that this process was too busy to hear is none.
        if (performance.now() - since > busSilenceMs * LATE) {
          listen()
          return
        }
        this.#watch.limit('busSilenceMs')
        this.#lose(client)
      }, busSilenceMs)
    }
    listen()
    await answer.finally(() => clearTimeout(silent))
  }

  /** Has Redis know what we listen on, one command after the other; settles when it does, or is gone. */
  #settle(): Promise<void> {
    const client = this.#client
    if (!client?.isReady) return Promise.resolve()
    this.#settling ??= this.#settleWith(client).catch(() => this.#lose(client))
    return this.#settling
  }

  async #settleWith(client: Client): Promise<void> {
    while (this.#client === client) {
      const missing = [...this.#subscriptions.channels].filter(channel => !this.#subscribed.has(channel))
      const left = [...this.#subscribed].filter(channel => !this.#subscriptions.has(channel))
      if (missing.length > 0) await client.subscribe(missing, this.#hear, true)
      if (left.length > 0) await client.unsubscribe(left, this.#hear, true)
      if (missing.length + left.length === 0) {
        this.#settling = undefined
        return
      }
      if (this.#client !== client) return
      for (const channel of missing) this.#subscribed.add(channel)
      for (const channel of left) this.#subscribed.delete(channel)
    }
  }

  #lose(client: Client): void {
    if (this.#client !== client || this.#closed) return
    this.#client = undefined
    end(client)
    this.#become('lost')
    const most = Math.min(RETRY_MS.first * 2 ** this.#attempts++, RETRY_MS.most)
    this.#retry = setTimeout(() => this.#connect(), most * (0.5 + Math.random() / 2)).unref()
  }

  #become(state: BusState): void {
    if (state === this.#state) return
    this.#state = state
    this.#watch.bus(state)
    this.#changed()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

function end(client: Client): void {
  // There is none yet, or none any more, whenever its own end has come first.
  if (client.isOpen) client.destroy()
}

function connectionTo(url: string, timeoutMs: number) {
  return createClient({
    url,
    RESP: 3,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    socket: { connectTimeout: timeoutMs, reconnectStrategy: false, noDelay: true },
  })
}
