/** How fast a replay can run, against the time it took. */
export const REPLAY_SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 20] as const
export type ReplaySpeed = (typeof REPLAY_SPEEDS)[number]

/** A pause in a recording is never waited out longer than this, in milliseconds of watching. */
const LONGEST_WAIT_MS = 2_000

/**
 * The place in a recording up to which it is shown. The moments are the times at which something became complete; time
 * is told to it, so that it needs no clock.
 */
export class Replay {
  /** In ascending order, microseconds. */
  readonly #moments: readonly number[]
  #position: number
  /** Several things may have come at one moment: stepping tells them apart, time does not. */
  #shown: number
  speed: ReplaySpeed = 1
  playing = false

  /** Begins at the end: with everything on show. */
  constructor(moments: readonly number[]) {
    this.#moments = moments
    this.#position = this.end
    this.#shown = moments.length
  }

  get start(): number {
    return this.#moments[0] ?? 0
  }

  get end(): number {
    return this.#moments.at(-1) ?? 0
  }

  /** Microseconds; `start` to `end`. */
  get position(): number {
    return this.#position
  }

  /** How many moments are over. */
  get shown(): number {
    return this.#shown
  }

  /** Everything is on show. */
  get isOver(): boolean {
    return this.#shown === this.#moments.length
  }

  seek(position: number): void {
    this.#position = Math.min(Math.max(position, this.start), this.end)
    this.#shown = upperBound(this.#moments, this.#position)
    if (this.isOver) this.playing = false
  }

  /** Shows that many more, or fewer, and stays there; one is always on show. */
  step(by: number): void {
    this.playing = false
    const count = this.#moments.length
    this.#shown = Math.min(Math.max(this.#shown + by, Math.min(1, count)), count)
    this.#position = this.#moments[this.#shown - 1] ?? this.#position
  }

  /** Shows that many, if it does not show as many already, and stays there. */
  reach(count: number): void {
    if (count > this.#shown) this.step(count - this.#shown)
  }

  /** From the beginning again when it is at the end. */
  play(): void {
    if (this.isOver) this.seek(this.start)
    this.playing = !this.isOver
  }

  pause(): void {
    this.playing = false
  }

  /** So many milliseconds were watched. */
  pass(milliseconds: number): void {
    if (!this.playing) return
    const next = this.#moments[this.#shown] ?? this.end
    const until = (next - this.#position) / (this.speed * 1000)
    // A long silence is skipped but for its beginning.
    if (until > LONGEST_WAIT_MS) this.#position = next - LONGEST_WAIT_MS * this.speed * 1000
    this.seek(this.#position + milliseconds * this.speed * 1000)
  }
}

/** Count of numbers that are not above a limit, in an ascending list. */
function upperBound(numbers: readonly number[], limit: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? Infinity) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
