import { searchOf } from './frame-filter.ts'
import { Matches, type ItemWindow } from './matches.ts'

/** Looks for a text among the items that a filter shows, and goes from one to the next. */
export class Search {
  text = ''
  /** Why the text cannot be looked for. */
  fault: string | undefined
  readonly #shown: Matches
  readonly #hits = new Matches()

  /** @param shown what the filter lets through */
  constructor(shown: Matches) {
    this.#shown = shown
  }

  /** Looks for another text. */
  set(text: string): void {
    this.text = text
    this.restart()
  }

  /** Begins anew, with another filter. */
  restart(): void {
    const finds = searchOf(this.text)
    this.fault = typeof finds === 'function' ? undefined : finds.fault
    this.#hits.reset((item, number) => typeof finds === 'function' && this.#shown.has(number) && finds(item))
  }

  get isOn(): boolean {
    return this.text !== '' && this.fault === undefined
  }

  /** How many hits there are among the items before that number. */
  countBefore(until: number): number {
    return this.#hits.placeOf(until)
  }

  /** Which of the hits an item is, from 1 on; undefined when it is none. */
  ordinalOf(number: number): number | undefined {
    return this.#hits.has(number) ? this.#hits.placeOf(number) + 1 : undefined
  }

  /** The hit next to an item, round the ends, among the items before the number `until`. */
  next(from: number, step: 1 | -1, until = Infinity): number | undefined {
    const count = this.countBefore(until)
    if (count === 0) return undefined
    const place = Math.min(this.#hits.placeOf(step === 1 ? from + 1 : from), count)
    return this.#hits.at((step === 1 ? place : place + count - 1) % count)
  }

  /** As `Matches.advance`, as far as the filter has come. */
  advance({ first, items }: ItemWindow, until: () => boolean): boolean {
    const end = Math.min(first + items.length, Math.max(this.#shown.looked, first))
    return !this.isOn || this.#hits.advance({ first, items }, until, end)
  }
}
