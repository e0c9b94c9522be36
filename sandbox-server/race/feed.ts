import type { Clock } from '../clock.ts'

/** Something that every subscriber is to hear of. */
export interface FeedEvent {
  /** From 1. */
  readonly number: number
  /** Microseconds of the clock. */
  readonly at: number
  /** What is sent of it, the same over every way. */
  readonly text: string
}

/** Events at a steady rate, all of them kept: a race is short. */
export class Feed {
  readonly #log: FeedEvent[] = []
  readonly #listeners = new Set<(event: FeedEvent) => void>()
  readonly #clock: Clock
  readonly #body: string
  #timer: NodeJS.Timeout | undefined

  /** @param size characters of text in each event */
  constructor(clock: Clock, size: number) {
    this.#clock = clock
    this.#body = 'x'.repeat(size)
  }

  /** @param rate events a second */
  start(rate: number): void {
    this.#timer = setInterval(() => this.#happen(), 1000 / rate)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#listeners.clear()
  }

  /** Events behind that number, oldest first. */
  since(number: number): readonly FeedEvent[] {
    return this.#log.slice(number)
  }

  /** Calls back at every event from now on. Returns how to stop. */
  listen(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #happen(): void {
    const event = { number: this.#log.length + 1, at: Math.round(this.#clock()) }
    const told = { ...event, text: JSON.stringify({ ...event, text: this.#body }) }
    this.#log.push(told)
    for (const listener of this.#listeners) listener(told)
  }
}
