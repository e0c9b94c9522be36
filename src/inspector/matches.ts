import type { TraceItem } from '#protocol/trace.ts'
import { itemText } from './item-text.ts'

/** A window on an endless list: `items[0]` has the number `first`. */
export interface ItemWindow {
  readonly first: number
  readonly items: readonly TraceItem[]
}

type Test = (item: TraceItem, number: number) => boolean

/**
 * Says later which of some texts pass; undefined when it never will. Then nothing more is looked at until the matches
 * begin anew.
 */
export type LateTest = (texts: readonly string[]) => Promise<readonly boolean[] | undefined>

/**
 * Which items of a growing, forgetting window pass a filter, by number. Looking is done in slices, so that a long
 * session never keeps the page from answering.
 */
export class Matches {
  #test: Test
  #late: LateTest | undefined
  #numbers: number[] = []
  /** Numbers before this index are of items that are forgotten. */
  #start = 0
  /** Number of the first item that was not looked at. */
  #next = 0
  #waiting: Promise<void> | undefined

  constructor(test: Test = () => false) {
    this.#test = test
  }

  /**
   * Begins anew with another filter.
   * @param late what the texts of items that pass the test have to pass besides
   */
  reset(test: Test, late?: LateTest): void {
    this.#test = test
    this.#late = late
    this.#numbers = []
    this.#start = 0
    this.#next = 0
    this.#waiting = undefined
  }

  get count(): number {
    return this.#numbers.length - this.#start
  }

  /** Number of the first item that was not looked at. */
  get looked(): number {
    return this.#next
  }

  /** Resolves when what was asked for is said; undefined when nothing was. */
  get waiting(): Promise<void> | undefined {
    return this.#waiting
  }

  /** Number of the item at a place in the filtered list. */
  at(place: number): number | undefined {
    return this.#numbers[this.#start + place]
  }

  /** Whether the item of that number passes, as far as is known. */
  has(number: number): boolean {
    return this.at(this.placeOf(number)) === number
  }

  /** Place in the filtered list of an item's number, or of the next one that passes. */
  placeOf(number: number): number {
    let low = this.#start
    let high = this.#numbers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#numbers[middle] ?? 0) < number) low = middle + 1
      else high = middle
    }
    return low - this.#start
  }

  /**
   * Looks at what was not looked at yet, and lets go of what the window has forgotten.
   * @param until true when this slice has taken long enough; asked every few items
   * @param end the number of the first item that is not to be looked at yet
   * @returns true when everything was looked at
   */
  advance({ first, items }: ItemWindow, until: () => boolean, end = first + items.length): boolean {
    this.#forgetBefore(first)
    if (this.#waiting) return false
    this.#next = Math.max(this.#next, first)
    /** Of those that only a late test can tell. */
    const numbers: number[] = []
    const texts: string[] = []
    let length = 0
    let next = this.#next
    while (next < end && texts.length < MOST_TEXTS && length < MOST_LENGTH) {
      const item = items[next - first]
      if (item !== undefined && this.#test(item, next)) {
        if (this.#late) {
          const text = itemText(item)
          numbers.push(next)
          texts.push(text)
          length += text.length
        } else this.#numbers.push(next)
      }
      next++
      if (next % LOOK_EVERY === 0 && until()) break
    }
    if (!this.#late || texts.length === 0) {
      this.#next = next
      return next >= end
    }
    this.#ask(this.#late, texts, numbers, next)
    return false
  }

  #ask(late: LateTest, texts: readonly string[], numbers: readonly number[], next: number): void {
    const waiting = late(texts).then(passed => {
      // Something else is looked for meanwhile.
      if (this.#waiting !== waiting || !passed) return
      this.#waiting = undefined
      this.#next = next
      for (const [index, number] of numbers.entries()) if (passed[index] === true) this.#numbers.push(number)
    })
    this.#waiting = waiting
  }

  #forgetBefore(first: number): void {
    while (this.#start < this.#numbers.length && (this.#numbers[this.#start] ?? 0) < first) this.#start++
    if (this.#start < COMPACT_FROM || this.#start * 2 < this.#numbers.length) return
    this.#numbers = this.#numbers.slice(this.#start)
    this.#start = 0
  }
}

/** Items between two looks at the time. */
const LOOK_EVERY = 64
/** Forgotten numbers that are worth being swept up. */
const COMPACT_FROM = 1024
/** Texts that are asked about at once, and UTF-16 units of them all but the last: enough to be worth the asking. */
const MOST_TEXTS = 4096
const MOST_LENGTH = 0x40000
