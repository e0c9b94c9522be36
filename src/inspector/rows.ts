import type { TraceItem } from '#protocol/trace.ts'
import type { CapturedConnection, WireNote } from '../wire/captured-connection.ts'
import type { Matches } from './matches.ts'

/** One line of the list: an item of the connection with its number, or a note between items. */
export type Row =
  | { readonly kind: 'item'; readonly number: number; readonly item: TraceItem }
  | { readonly kind: 'note'; readonly index: number; readonly note: WireNote }

/** Something of the list that can be named for as long as it is kept: `12` an item, `n0` a note. */
export type RowKey = number | `n${number}`

/**
 * The lines of a connection that are on show, by place: the items that pass the filter, the notes between them, and
 * of a replay no more than it has come to. Nothing is copied; a place is looked up when it is drawn.
 */
export class Rows {
  readonly #connection: CapturedConnection
  readonly #matches: Matches
  /** Items from this number on are still to come in a replay. */
  readonly #until: number
  readonly #notes: readonly WireNote[]
  /** How many of the notes are on show: they stand in the order of the items, so these are the first. */
  readonly #noteCount: number

  constructor(
    connection: CapturedConnection,
    matches: Matches,
    { until = Infinity, withNotes = true }: { readonly until?: number; readonly withNotes?: boolean } = {},
  ) {
    this.#connection = connection
    this.#matches = matches
    this.#until = until
    this.#notes = connection.notes
    this.#noteCount = !withNotes
      ? 0
      : connection.end <= until
        ? this.#notes.length
        : this.#notesBefore(until, this.#notes.length)
  }

  get count(): number {
    return this.itemCount + this.#noteCount
  }

  /** Lines that are items. */
  get itemCount(): number {
    return this.#until === Infinity ? this.#matches.count : this.#matches.placeOf(this.#until)
  }

  at(place: number): Row | undefined {
    if (place < 0 || place >= this.count) return undefined
    const earlier = this.#firstNote((before, index) => this.#matches.placeOf(before) + index >= place)
    const note = this.#notes[earlier]
    if (note && earlier < this.#noteCount && this.#matches.placeOf(note.before) + earlier === place)
      return { kind: 'note', index: earlier, note }
    const number = this.#matches.at(place - earlier)
    const item = number === undefined ? undefined : this.#connection.itemAt(number)
    return number === undefined || item === undefined ? undefined : { kind: 'item', number, item }
  }

  /** Place of what has that key, or where it would be if the filter let it through. */
  placeOf(key: RowKey): number {
    if (typeof key === 'string') {
      const index = Number(key.slice(1))
      const note = index < this.#noteCount ? this.#notes[index] : undefined
      return note === undefined ? this.count : this.#matches.placeOf(note.before) + index
    }
    return this.#matches.placeOf(key) + this.#notesBefore(key + 1)
  }

  /** How many notes stand before the item of that number. */
  #notesBefore(number: number, among = this.#noteCount): number {
    return this.#firstNote(before => before >= number, among)
  }

  /** Index of the first note of which that is true: it is of all after it, too. */
  #firstNote(isBeyond: (before: number, index: number) => boolean, among = this.#noteCount): number {
    let low = 0
    let high = among
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBeyond(this.#notes[middle]?.before ?? Infinity, middle)) high = middle
      else low = middle + 1
    }
    return low
  }

  /** True when what has that key is on show now. */
  has(key: RowKey): boolean {
    const row = this.at(this.placeOf(key))
    return row !== undefined && keyOf(row) === key
  }
}

export function keyOf(row: Row): RowKey {
  return row.kind === 'item' ? row.number : `n${row.index}`
}
