import type { Clock } from './clock.ts'

/** So many at once, and from then on so many a second. */
export class TokenBucket {
  readonly #clock: Clock
  readonly #perMicrosecond: number
  readonly #most: number
  #tokens: number
  #filledAt: number

  constructor(clock: Clock, { perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.#clock = clock
    this.#perMicrosecond = perSecond / 1e6
    this.#most = burst
    this.#tokens = burst
    this.#filledAt = clock()
  }

  /** Whether one more may be. */
  take(): boolean {
    this.#fill()
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  /** True when nothing was taken for so long that a new bucket would be the same. */
  get isFull(): boolean {
    this.#fill()
    return this.#tokens === this.#most
  }

  #fill(): void {
    const now = this.#clock()
    // A clock that was set back takes nothing away.
    const passed = Math.max(0, now - this.#filledAt)
    this.#tokens = Math.min(this.#most, this.#tokens + passed * this.#perMicrosecond)
    this.#filledAt = now
  }
}
