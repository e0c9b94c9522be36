import type { Socket } from 'node:net'
import { setMaxListeners } from 'node:events'
import { RACE_WAYS, type RaceWay } from '#contract/race-ways.ts'
import type { RaceSettings, RaceTally } from '#contract/race.ts'
import type { Clock } from '../clock.ts'
import type { Dialled } from '../dialler.ts'
import { Feed } from './feed.ts'
import { Meter } from './meter.ts'
import { RACERS } from './racers.ts'
import { raceServers } from './servers.ts'

export interface RaceOptions {
  readonly settings: RaceSettings
  /** Header fields that the reader's own browser sends with every request. */
  readonly headers: Readonly<Record<string, string>>
  /** Opens a connection of the sandbox to itself. */
  readonly dial: () => Promise<Dialled>
  readonly clock: Clock
}

/**
 * The same events over every way at once, to real clients over real TCP connections inside the sandbox. Each subscriber of
 * each way has connections of its own, and what they carry is counted on their sockets.
 */
export class Race {
  readonly #options: RaceOptions
  readonly #feed: Feed
  readonly #meters: ReadonlyMap<RaceWay, Meter>
  readonly #over = new AbortController()
  readonly #servers: ReturnType<typeof raceServers>
  readonly #sockets = new Set<Socket>()

  constructor(options: RaceOptions) {
    const { settings, clock } = options
    this.#options = options
    this.#feed = new Feed(clock, settings.size)
    this.#meters = new Map(RACE_WAYS.map(way => [way, new Meter(way, clock)]))
    this.#servers = raceServers(this.#feed, settings.batching)
    // One for each subscriber of each way, and one for each of its pauses.
    setMaxListeners(0, this.#over.signal)
  }

  /** Runs to its end, or until `stop`. */
  async run(): Promise<void> {
    const { settings, headers } = this.#options
    const { signal } = this.#over
    for (const [way, meter] of this.#meters)
      for (let subscriber = 0; subscriber < settings.subscribers; subscriber++) {
        const dial = () => this.#dial(way, meter)
        // What was under way when the race ended has not failed.
        void RACERS[way]({ settings, meter, headers, dial, signal }).catch(() => {})
      }
    this.#feed.start(settings.rate)
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, settings.seconds * 1000)
    signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
    clearTimeout(timer)
    this.stop()
  }

  /** What each way has cost so far. */
  tallies(): RaceTally[] {
    return [...this.#meters.values()].map(meter => meter.tally())
  }

  stop(): void {
    if (this.#over.signal.aborted) return
    this.#over.abort()
    this.#feed.stop()
    for (const socket of this.#sockets) socket.destroy()
  }

  async #dial(way: RaceWay, meter: Meter): Promise<Socket> {
    const { client, server } = await this.#options.dial()
    for (const socket of [client, server]) {
      socket.on('error', () => {})
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    }
    if (this.#over.signal.aborted) {
      client.destroy()
      server.destroy()
      throw new Error('the race is over')
    }
    meter.count(client)
    this.#servers[way === 'poll-h2' ? 'http2' : 'http'].emit('connection', server)
    return client
  }
}
