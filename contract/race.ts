import type { RaceWay } from './race-ways.ts'

/** Bounds of what a reader sets, inclusive; `usual` is what a page begins with. */
export const RACE_BOUNDS = {
  /** Events a second. */
  rate: { least: 1, most: 50, usual: 5 },
  /** Characters of text in each event, one byte each. */
  size: { least: 0, most: 1000, usual: 40 },
  /** Who hears every event, each over connections of its own. */
  subscribers: { least: 1, most: 10, usual: 1 },
  /** Milliseconds from one poll to the next. */
  pollMs: { least: 100, most: 10_000, usual: 1000 },
  /** Seconds that it takes. */
  seconds: { least: 2, most: 20, usual: 8 },
} as const

/** What a reader sets. */
export type RaceSettings = Record<keyof typeof RACE_BOUNDS, number> & {
  /** A poll is answered with all that is new; without, with one event, and whoever polls asks again at once. */
  readonly batching: boolean
  /** HTTP/1.1 connections of polls are used again. */
  readonly keepAlive: boolean
}

/** What one way has cost so far, counted on the sockets of its clients. */
export interface RaceTally {
  readonly way: RaceWay
  /** Milliseconds since the race began. */
  readonly at: number
  /** TCP connections opened. */
  readonly connections: number
  /** HTTP requests made, handshakes of WebSocket among them. */
  readonly requests: number
  /** Bytes of TCP payload that clients wrote, and that they read. */
  readonly up: number
  readonly down: number
  /** Events that reached subscribers. */
  readonly events: number
  /** From the event to the subscriber that knows of it, in milliseconds: half, 95 % and all of them took at most that. */
  readonly p50: number
  readonly p95: number
  readonly max: number
}
