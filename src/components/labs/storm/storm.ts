/** How clients come back that have all been cut off at once. */
export const STRATEGIES = ['at-once', 'backoff', 'jitter'] as const
export type Strategy = (typeof STRATEGIES)[number]

/** Clients that are cut off, and how long it is looked at, in slots. */
export const CLIENTS = 200
export const SLOTS = 120
export const SLOT_MS = 100

/** Connections that the server takes in one slot; to the others it says no. */
const CAPACITY = 10
/** How soon those come back that do not wait, and the bounds of those that wait longer each time, in slots. */
const IMPATIENT = 5
const FIRST_WAIT = 5
const LONGEST_WAIT = 80

export interface Storm {
  /** Attempts in each slot. */
  readonly attempts: readonly number[]
  /** All of them together. */
  readonly total: number
  /** The slot in which the last client was back; undefined: some are still out. */
  readonly over: number | undefined
  /** Attempts in the slot that had most. */
  readonly peak: number
}

/**
 * Plays what happens when a server with so many clients was started again.
 * @param random numbers from 0 to 1, without 1
 */
export function storm(strategy: Strategy, random: () => number): Storm {
  const attempts = new Array<number>(SLOTS).fill(0)
  let waiting = Array.from({ length: CLIENTS }, () => ({ next: 0, tried: 0 }))
  let over: number | undefined
  for (let slot = 0; slot < SLOTS && waiting.length > 0; slot++) {
    const trying = waiting.filter(({ next }) => next <= slot)
    attempts[slot] = trying.length
    const back = new Set(trying.slice(0, CAPACITY))
    for (const client of trying) client.next = slot + waitAfter(strategy, ++client.tried, random)
    waiting = waiting.filter(client => !back.has(client))
    if (waiting.length === 0) over = slot
  }
  return {
    attempts,
    total: attempts.reduce((sum, count) => sum + count, 0),
    over,
    peak: Math.max(...attempts),
  }
}

/** Slots until the next attempt. @param tried how often it was tried, from 1 */
function waitAfter(strategy: Strategy, tried: number, random: () => number): number {
  if (strategy === 'at-once') return IMPATIENT
  const bound = Math.min(FIRST_WAIT * 2 ** (tried - 1), LONGEST_WAIT)
  return strategy === 'backoff' ? bound : 1 + Math.floor(random() * bound)
}

/** Numbers that look random and are the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
