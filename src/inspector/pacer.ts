/** Most messages a second that the inspector sends by itself, and most in one go of it. */
export const MAX_RATE = 2_000
export const MAX_REPEATS = 1_000_000

/** A page that was held up catches up on no more than this much, in seconds: what was missed is not sent at once. */
const LONGEST_BACKLOG = 0.25

/** Says how many messages are due, so that they come at an even rate however unevenly it is asked. Times in ms. */
export class Pacer {
  readonly #perMillisecond: number
  readonly #total: number
  #last: number
  #owed = 0
  #sent = 0

  /** @param rate messages a second, above 0 to `MAX_RATE` @param total how many in all @param now the beginning */
  constructor(rate: number, total: number, now: number) {
    this.#perMillisecond = Math.min(rate, MAX_RATE) / 1000
    this.#total = Math.min(total, MAX_REPEATS)
    this.#last = now
  }

  get sent(): number {
    return this.#sent
  }

  get done(): boolean {
    return this.#sent >= this.#total
  }

  /** How many to send now; they count as sent. */
  due(now: number): number {
    const passed = Math.min(now - this.#last, LONGEST_BACKLOG * 1000)
    this.#last = now
    this.#owed += passed * this.#perMillisecond
    const count = Math.min(Math.floor(this.#owed), this.#total - this.#sent)
    this.#owed -= count
    this.#sent += count
    return count
  }
}
