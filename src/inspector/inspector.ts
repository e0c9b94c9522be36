import type { TraceItem } from '#protocol/trace.ts'
import type { RecordedConnection, RecordedEnding, Recording, ScriptEvent } from '#recording/recording.ts'
import { CapturedConnection, type KeptBounds } from '../wire/captured-connection.ts'
import { EVERYTHING, testOf, type FilterTest, type FrameFilter } from './frame-filter.ts'
import { Inspected } from './inspected.ts'
import { isMarkOf, numberOfMark } from './marks.ts'
import { Matches } from './matches.ts'
import { PatternTester } from './pattern-tester.ts'
import { Replay } from './replay.ts'
import { keyOf, Rows, type RowKey } from './rows.ts'
import { Search } from './search.ts'
import { breathe, inSlices, sliceEnd } from './slices.ts'
import type { LiveSource } from './sources/live-source.ts'

/** How many items a live connection keeps, to choose from. */
export const RING_SIZES = [10_000, 50_000, 100_000] as const
export type RingSize = (typeof RING_SIZES)[number]

/** Bytes of those that are kept, whatever their number. */
const RING_BYTES = 128 * 1024 * 1024

/** A recording is a file of bounded size: all of it is kept. */
const ALL: KeptBounds = { items: Infinity, bytes: Infinity }

/** A recording that is open, and which of its connections is on show. */
export interface OpenRecording {
  readonly recording: Recording
  readonly index: number
}

/** What the page is doing, in the words of its badge. */
export type InspectorState =
  'empty' | 'opening' | 'connecting' | 'live' | 'paused' | 'ended' | 'recording' | 'replaying' | 'error'

export interface InspectorOptions {
  /** Something that is shown has changed; called often, so that views are drawn once for many changes. */
  readonly onDirty: () => void
  readonly now?: () => number
  readonly patterns?: PatternTester
}

/**
 * The inspector without its looks: which connection is inspected, what of it is on show, what is selected. Everything
 * follows the connection item by item; nothing here goes through all of it for one that is new.
 */
export class Inspector {
  readonly #onDirty: () => void
  readonly #now: () => number
  #ringSize: RingSize = 10_000
  source: LiveSource | undefined
  recording: OpenRecording | undefined
  inspected: Inspected | undefined
  replay: Replay | undefined
  /** Chunks taken of the recording that is being opened, of all. */
  opening: { readonly taken: number; readonly all: number } | undefined
  /** The list stays at its end as it grows. */
  follows = true
  selected: RowKey | undefined
  /** As the reader has it. */
  filter: FrameFilter = EVERYTHING
  /** Why the filter cannot be used: the former one stays in force. */
  filterFault: string | undefined
  /** Items the reader wants to find again, by number, with what is to be remembered of each. */
  readonly marks = new Map<number, string>()
  /** Two items to compare. */
  compared: { readonly left?: Numbered; readonly right?: Numbered } = {}
  readonly #matches = new Matches(READY.test.quick)
  readonly search = new Search(this.#matches)
  readonly #patterns: PatternTester
  /** What is held against the items. */
  #inForce: ReadyFilter = READY
  /** The latest filter that was held against all there was. */
  #proven: ReadyFilter = READY
  #behind = false
  /** The handshake of this connection was put on show. */
  #greeted = false
  #openings = 0
  /** Items before this one came while the reader followed. */
  #seenUntil = 0

  constructor({ onDirty, now = () => performance.now(), patterns = new PatternTester() }: InspectorOptions) {
    this.#onDirty = onDirty
    this.#now = now
    this.#patterns = patterns
  }

  /** How much the next live connection keeps. */
  get kept(): KeptBounds {
    return { items: this.#ringSize, bytes: RING_BYTES }
  }

  get ringSize(): RingSize {
    return this.#ringSize
  }

  set ringSize(size: RingSize) {
    this.#ringSize = size
    this.#onDirty()
  }

  get state(): InspectorState {
    if (this.opening) return 'opening'
    if (this.replay) return this.replay.playing ? 'replaying' : 'recording'
    switch (this.source?.state) {
      case undefined:
      case 'waiting':
        return 'empty'
      case 'absent':
        return 'error'
      case 'live':
        return this.follows ? 'live' : 'paused'
      case 'connecting':
      case 'ended':
        return this.source.state
    }
  }

  /** Inspects a live source in the place of whatever was. */
  watch(source: LiveSource): void {
    this.#leave()
    this.source = source
    this.#show(undefined)
  }

  /** Says that the live source has something new. */
  sourceChanged(): void {
    const connection = this.source?.connection
    if (connection !== this.inspected?.connection && !this.recording)
      this.#show(connection && new Inspected(connection))
    this.#catchUp()
    this.#behind = true
    if (!this.#greeted && this.inspected?.request) {
      this.#greeted = true
      this.selected ??= 0
    }
    this.#onDirty()
  }

  /** Inspects one connection of a recording. Resolves when all of it is there, or something else was opened. */
  async open(recording: Recording, index = 0): Promise<void> {
    const recorded = recording.connections[index]
    this.#leave()
    this.source = undefined
    this.recording = { recording, index }
    this.#show(undefined)
    if (!recorded) return
    const inspected = await this.#take(recorded)
    if (!inspected) return
    this.#show(inspected)
    this.replay = new Replay(momentsOf(inspected.connection))
    this.follows = false
    for (const mark of recording.marks) {
      const number = isMarkOf(mark, recording, index) ? numberOfMark(inspected.connection, mark) : undefined
      if (number !== undefined) this.marks.set(number, mark.label)
    }
    if (inspected.connection.end > 0) this.selected = 0
    this.#behind = true
    this.#onDirty()
  }

  async #take(recorded: RecordedConnection): Promise<Inspected | undefined> {
    const mine = ++this.#openings
    const connection = new CapturedConnection(recorded.id, recorded.lab, ALL, () => {
      if (this.inspected?.connection !== connection) return
      this.#catchUp()
      this.#onDirty()
    })
    const inspected = new Inspected(connection)
    const all = recorded.chunks.length
    const goOn = () => {
      // Something else was opened meanwhile, and says itself how far it is.
      if (mine !== this.#openings) return false
      this.opening = { taken: connection.chunks.length, all }
      this.#onDirty()
      return true
    }
    const whole = await inSlices(connection.take(recorded), goOn, this.#now)
    if (!whole) return undefined
    this.opening = undefined
    inspected.catchUp()
    return inspected
  }

  /** Ends what is going on and shows nothing. */
  close(): void {
    this.#leave()
    this.source = undefined
    this.recording = undefined
    this.#show(undefined)
    this.#patterns.dispose()
  }

  #leave(): void {
    this.#openings++
    this.opening = undefined
    this.source?.dispose()
    this.recording = undefined
  }

  #show(inspected: Inspected | undefined): void {
    this.inspected = inspected
    this.replay = undefined
    this.selected = undefined
    this.follows = true
    this.#greeted = false
    this.marks.clear()
    this.#restart()
    this.#onDirty()
  }

  #catchUp(): void {
    if (this.inspected?.catchUp() === false) this.#restart()
    const first = this.inspected?.connection.forgotten.items ?? 0
    for (const number of this.marks.keys()) if (number < first) this.marks.delete(number)
  }

  /** Holds the filter against all items again. */
  #restart(): void {
    const ready = this.#inForce
    const { quick, pattern } = ready.test
    if (pattern) this.#patterns.stop()
    else this.#patterns.dispose()
    this.#matches.reset(quick, pattern && (texts => this.#tellPattern(ready, pattern, texts)))
    this.search.restart()
    this.#behind = true
  }

  /** Asks which of the texts have a pattern in them; where that takes too long, the former filter is in force again. */
  async #tellPattern(
    ready: ReadyFilter,
    pattern: RegExp,
    texts: readonly string[],
  ): Promise<readonly boolean[] | undefined> {
    const answer = await this.#patterns.test({ pattern, texts })
    this.#onDirty()
    if (typeof answer !== 'string') return answer
    if (answer === 'stopped' || ready !== this.#inForce) return undefined
    if (ready === this.#proven) this.#proven = READY
    this.#inForce = this.#proven
    this.filterFault = PATTERN_FAULTS[answer]
    this.#restart()
    return undefined
  }

  setFilter(filter: FrameFilter): void {
    this.filter = filter
    const test = testOf(filter)
    this.filterFault = 'fault' in test ? test.fault : undefined
    if (!('fault' in test)) {
      this.#inForce = { filter, test }
      this.#restart()
    }
    this.#onDirty()
  }

  setSearch(text: string): void {
    this.search.set(text)
    this.#behind = true
    this.#onDirty()
  }

  /**
   * Looks at what the filter has not been held against yet, for as long as a slice takes, and plays on.
   * @param passed milliseconds since the last time
   * @returns whether there is more to do
   */
  advance(passed: number): boolean {
    const { connection } = this.inspected ?? {}
    this.replay?.pass(passed)
    // Where there is nothing to look at, nothing is left to do.
    if (!connection) this.#behind = false
    else if (this.#behind) {
      const window = { first: connection.forgotten.items, items: connection.items }
      const over = sliceEnd(this.#now)
      const isFiltered = this.#matches.advance(window, over)
      this.#behind = !(this.search.advance(window, over) && isFiltered)
      if (isFiltered) this.#proven = this.#inForce
    }
    return !this.settled || this.replay?.playing === true
  }

  /** Resolves when the filter and the search have been held against all there is. */
  async settle(): Promise<void> {
    for (this.advance(0); !this.settled; this.advance(0)) await (this.#matches.waiting ?? breathe())
  }

  /** False while the filter is still being held against items. */
  get settled(): boolean {
    return !this.#behind || !this.inspected
  }

  /** The lines on show now. */
  get rows(): Rows | undefined {
    const { connection } = this.inspected ?? {}
    return (
      connection && new Rows(connection, this.#matches, { until: this.until, withNotes: this.#showsNotes })
    )
  }

  /** Number of the first item that a replay has not come to. */
  get until(): number {
    const { replay } = this
    return replay === undefined || replay.isOver ? Infinity : replay.shown
  }

  /** Numbers of items that break a rule, as far as a replay has come. */
  get faults(): readonly number[] {
    return shownOf(this.inspected?.faults ?? [], this.until)
  }

  /** Numbers of marked items, as far as a replay has come, in ascending order. */
  get marked(): readonly number[] {
    return shownOf(
      [...this.marks.keys()].toSorted((a, b) => a - b),
      this.until,
    )
  }

  /** Items that hold what is searched for, as far as a replay has come, and which of them is selected. */
  get hits(): { readonly count: number; readonly ordinal: number | undefined } {
    const { selected, until } = this
    return {
      count: this.search.countBefore(until),
      ordinal: typeof selected === 'number' && selected < until ? this.search.ordinalOf(selected) : undefined,
    }
  }

  /** The ends of the socket that a replay has come to. */
  get endings(): readonly RecordedEnding[] {
    const { replay, inspected } = this
    const endings = inspected?.connection.endings ?? []
    return replay === undefined || replay.isOver
      ? [...endings]
      : endings.filter(({ at }) => at <= replay.position)
  }

  /** What JavaScript did or was told, as far as a replay has come. */
  get heard(): readonly ScriptEvent[] {
    const { replay, inspected } = this
    const script = inspected?.connection.script ?? []
    return replay === undefined || replay.isOver ? script : script.filter(({ at }) => at <= replay.position)
  }

  /** The ends of a socket are of no kind, size or text: a filter for these leaves them out. */
  get #showsNotes(): boolean {
    const { kinds, minBytes, maxBytes, text, onlyViolations } = this.#inForce.filter
    return (
      kinds.length === 0 && minBytes === undefined && maxBytes === undefined && text === '' && !onlyViolations
    )
  }

  /** Whether the list stays at its end: only where it grows. */
  setFollows(follows: boolean): void {
    const grows =
      this.source?.state === 'live' || this.source?.state === 'connecting' || this.replay?.playing === true
    if (this.follows === (follows && grows)) return
    this.follows = follows && grows
    this.#seenUntil = this.inspected?.connection.end ?? 0
    this.#onDirty()
  }

  /** Items that came since the reader stopped following. */
  get unseen(): number {
    const { connection } = this.inspected ?? {}
    if (this.follows || !connection || this.replay) return 0
    return connection.end - Math.max(this.#seenUntil, connection.forgotten.items)
  }

  /** The reader sees the end of the list without following it. */
  sawEnd(): void {
    if (this.unseen === 0) return
    this.#seenUntil = this.inspected?.connection.end ?? 0
    this.#onDirty()
  }

  togglePlaying(): void {
    const { replay } = this
    if (!replay) return
    if (replay.playing) replay.pause()
    else replay.play()
    this.replayChanged()
  }

  stepReplay(by: number): void {
    this.replay?.step(by)
    this.replayChanged()
  }

  /** The replay was changed in place. */
  replayChanged(): void {
    this.setFollows(this.replay?.playing === true)
    this.#onDirty()
  }

  /** Whoever looks at one line does not want it to run away. */
  select(key: RowKey | undefined): void {
    this.selected = key
    const { rows } = this
    if (this.follows && key !== undefined && rows && rows.placeOf(key) < rows.count - 1)
      this.setFollows(false)
    this.#onDirty()
  }

  /**
   * Selects an item, or the next one that is on show. Whoever names an item wants to see it: a replay that has not come
   * to it goes there. Whoever goes from one thing to the next wants no more than is shown.
   */
  async selectNear(number: number): Promise<void> {
    await this.settle()
    if (number >= this.until) {
      this.replay?.reach(number + 1)
      this.replayChanged()
    }
    const { rows } = this
    const row = rows?.at(Math.min(rows.placeOf(number), rows.count - 1))
    if (row) this.select(keyOf(row))
  }

  /** Selects the hit of the search next to the selected item, round the ends of what is shown. */
  async selectHit(step: 1 | -1): Promise<void> {
    await this.settle()
    const next = this.search.next(typeof this.selected === 'number' ? this.selected : -1, step, this.until)
    if (next !== undefined) this.select(next)
  }

  /** Selects the nearest of these numbers beyond the selected one, round the ends. */
  selectAmong(numbers: readonly number[], step: 1 | -1): void {
    const from = typeof this.selected === 'number' ? this.selected : -1
    const next =
      step === 1
        ? (numbers.find(number => number > from) ?? numbers[0])
        : (numbers.findLast(number => number < from) ?? numbers.at(-1))
    if (next !== undefined) this.select(next)
  }

  get selectedItem(): Numbered | undefined {
    const { selected, inspected } = this
    if (typeof selected !== 'number') return undefined
    const item = inspected?.connection.itemAt(selected)
    return item && { number: selected, item }
  }

  toggleMark(number: number): void {
    if (!this.marks.delete(number)) this.marks.set(number, '')
    this.#onDirty()
  }

  /** Takes an item to compare: the first becomes the left one, the next the right one, and so on. */
  compare(numbered: Numbered): void {
    const { left, right } = this.compared
    this.compared = left === undefined || right !== undefined ? { left: numbered } : { left, right: numbered }
    this.#onDirty()
  }

  stopComparing(): void {
    this.compared = {}
    this.#onDirty()
  }

  /** Forgets what has been seen so far; what comes is kept. */
  clear(): void {
    this.inspected?.connection.clear()
    this.#catchUp()
    this.marks.clear()
    this.selected = undefined
    this.#behind = true
    this.#onDirty()
  }

  dirty(): void {
    this.#onDirty()
  }
}

/** A filter and what it makes of items. */
interface ReadyFilter {
  readonly filter: FrameFilter
  readonly test: FilterTest
}

const READY: ReadyFilter = { filter: EVERYTHING, test: { quick: () => true, pattern: undefined } }

const PATTERN_FAULTS = {
  'too-slow':
    '이 정규식은 너무 오래 걸려 멈췄습니다. 앞의 거르기를 그대로 둡니다. (a|a)+처럼 같은 글자를 여러 길로 맞출 수 있는 되풀이가 없는지 살펴 주십시오.',
  unavailable:
    '정규식을 맞춰 볼 스크립트를 받지 못했습니다. 앞의 거르기를 그대로 둡니다. 네트워크를 확인하고 다시 적어 주십시오.',
} as const

/** Those of ascending numbers that a replay has come to. */
function shownOf(numbers: readonly number[], until: number): readonly number[] {
  const beyond = until === Infinity ? -1 : numbers.findIndex(number => number >= until)
  return beyond < 0 ? numbers : numbers.slice(0, beyond)
}

/** An item with its number in the connection; kept whatever is forgotten. */
export interface Numbered {
  readonly number: number
  readonly item: TraceItem
}

/** When each item was complete, in ascending order: what was held back comes with what released it. */
function momentsOf(connection: CapturedConnection): number[] {
  let latest = 0
  return connection.items.map(({ at }) => (latest = Math.max(latest, at)))
}
