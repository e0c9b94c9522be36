/**
 * How far the clock of another instance is ahead of ours. Each answer of the other gives bounds, as it read its clock
 * somewhere between our question and the answer; the offset is within those of all answers.
 */
export class ClockOffset {
  #least = -Infinity
  #most = Infinity

  /** Microseconds; right to within half of the quickest answer's time. */
  get ahead(): number {
    return (this.#least + this.#most) / 2
  }

  /**
   * Takes an answer into account. All are in microseconds.
   * @param theirs what the other's clock said
   * @param askedAt by our clock
   * @param answeredAt by our clock
   */
  compare(theirs: number, askedAt: number, answeredAt: number): void {
    const least = Math.max(this.#least, theirs - answeredAt)
    const most = Math.min(this.#most, theirs - askedAt)
    // Clocks drift: when nothing fits all answers, the newest is right.
    const fits = least <= most
    this.#least = fits ? least : theirs - answeredAt
    this.#most = fits ? most : theirs - askedAt
  }
}
