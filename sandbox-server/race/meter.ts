import type { Socket } from 'node:net'
import type { RaceWay } from '#contract/race-ways.ts'
import type { RaceTally } from '#contract/race.ts'
import type { Clock } from '../clock.ts'

/** What one way costs, counted where its clients meet the kernel: `bytesRead` and `bytesWritten` of their sockets. */
export class Meter {
  readonly way: RaceWay
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #sockets: Socket[] = []
  readonly #delays: number[] = []
  requests = 0

  constructor(way: RaceWay, clock: Clock) {
    this.way = way
    this.#clock = clock
    this.#startedAt = clock()
  }

  /** Counts a client's end of a connection from now on, and all that it has carried. */
  count(socket: Socket): void {
    this.#sockets.push(socket)
  }

  /** A subscriber has heard of an event. @param at when it happened, in microseconds of the clock */
  heard(at: number): void {
    this.#delays.push((this.#clock() - at) / 1000)
  }

  tally(): RaceTally {
    const sum = (bytes: (socket: Socket) => number) =>
      this.#sockets.reduce((total, socket) => total + bytes(socket), 0)
    const delays = this.#delays.toSorted((a, b) => a - b)
    const share = (part: number) => delays[Math.max(Math.ceil(delays.length * part) - 1, 0)] ?? 0
    return {
      way: this.way,
      at: (this.#clock() - this.#startedAt) / 1000,
      connections: this.#sockets.length,
      requests: this.requests,
      up: sum(socket => socket.bytesWritten),
      down: sum(socket => socket.bytesRead),
      events: delays.length,
      p50: share(0.5),
      p95: share(0.95),
      max: share(1),
    }
  }
}
