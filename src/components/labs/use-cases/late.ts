/** Hands things on a while later, in the order in which they came. */
export class Late<T> {
  readonly #hand: (thing: T) => void
  readonly #waiting: T[] = []
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  /** Milliseconds on the way. */
  delay = 0
  /** When the last one is due: none may overtake it, however short the way has become. */
  #due = 0

  constructor(hand: (thing: T) => void) {
    this.#hand = hand
  }

  take(thing: T): void {
    const now = performance.now()
    this.#due = Math.max(this.#due, now + this.delay)
    this.#waiting.push(thing)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      const first = this.#waiting.shift()
      if (first !== undefined) this.#hand(first)
    }, this.#due - now)
    this.#timers.add(timer)
  }

  /** Forgets what is on the way. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#waiting.length = 0
  }
}
