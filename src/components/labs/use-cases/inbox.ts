import { readTold } from '#contract/gathering.ts'
import type { Words } from './demos.ts'

/** Brings what a server says to the seat that it is meant for. */
export class Inbox {
  readonly #listeners = new Map<number, Set<(words: Words) => void>>()
  readonly #lasts = new Map<number, number>()

  /** @returns how to listen no more */
  listen(seat: number, listener: (words: Words) => void): () => void {
    const all = this.#listeners.get(seat) ?? new Set()
    this.#listeners.set(seat, all.add(listener))
    return () => void all.delete(listener)
  }

  hear(seat: number, words: Words): void {
    const told = typeof words === 'string' ? readTold(words) : undefined
    if (told && 'number' in told) this.#lasts.set(seat, Math.max(this.last(seat), told.number))
    for (const listener of this.#listeners.get(seat) ?? []) listener(words)
  }

  /** Number of the last that a seat was told in a room, 0 before. */
  last(seat: number): number {
    return this.#lasts.get(seat) ?? 0
  }

  /** Whoever sits down next has heard nothing. */
  clear(): void {
    this.#lasts.clear()
  }
}
