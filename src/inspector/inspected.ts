import type { TraceItem } from '#protocol/trace.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { ConnectionStats } from './connection-stats.ts'
import { breaksRule } from './frame-filter.ts'
import { MessageIndex } from './message-index.ts'

type Head<K extends 'request' | 'response'> = Extract<TraceItem, { kind: K }>

/** A connection with what the inspector keeps beside it, followed item by item: nothing is ever worked out again. */
export class Inspected {
  readonly connection: CapturedConnection
  messages = new MessageIndex()
  /** Kept however much is forgotten. */
  request: Head<'request'> | undefined
  response: Head<'response'> | undefined
  #stats = new ConnectionStats()
  /** Items counted in the statistics, and items looked at for everything else. */
  #counted = 0
  #seen = 0
  /** Numbers of items that break a rule, in ascending order. */
  #faults: number[] = []
  #reading: number

  constructor(connection: CapturedConnection) {
    this.connection = connection
    this.#reading = connection.readings
  }

  /**
   * Takes what is new. Called as often as items come: what the connection forgets before has not been seen.
   * @returns false when the connection was read anew, and everything taken before is void
   */
  catchUp(): boolean {
    const { connection } = this
    const isSame = this.#reading === connection.readings
    if (!isSame) this.#beginAnew()
    const countsAll = this.#counted === this.#seen
    const first = connection.forgotten.items
    for (let number = Math.max(this.#seen, first); number < connection.end; number++) {
      const item = connection.itemAt(number)
      if (!item) continue
      this.messages.add(number, item)
      if (breaksRule(item)) this.#faults.push(number)
      if (item.kind === 'request') this.request ??= item
      else if (item.kind === 'response') this.response = item
    }
    this.#seen = connection.end
    if (countsAll) this.statsUntil(connection.end)
    this.messages.forgetBefore(first)
    if ((this.#faults[0] ?? first) < first) this.#faults = this.#faults.filter(number => number >= first)
    return isSame
  }

  #beginAnew(): void {
    this.#reading = this.connection.readings
    this.messages = new MessageIndex()
    this.#stats = new ConnectionStats()
    this.#counted = this.#seen = 0
    this.#faults = []
    this.request = this.response = undefined
  }

  /** The statistics of the items before that number: of all, or of what a replay has come to. */
  statsUntil(number: number): ConnectionStats {
    const until = Math.min(number, this.connection.end)
    if (until < this.#counted) {
      this.#stats = new ConnectionStats()
      this.#counted = 0
    }
    for (; this.#counted < until; this.#counted++) {
      const item = this.connection.itemAt(this.#counted)
      if (item) this.#stats.add(item)
    }
    return this.#stats
  }

  get faults(): readonly number[] {
    return this.#faults
  }

  /** When the item before this one from whichever side came, in microseconds; undefined for the first. */
  timeBefore(number: number): number | undefined {
    return this.connection.itemAt(number - 1)?.at
  }
}
