import { ROLES, type Role } from '#protocol/role.ts'
import { ConnectionTrace, type TraceItem } from '#protocol/trace.ts'
import type {
  RecordedChunk,
  RecordedConnection,
  RecordedEnding,
  RecordedGap,
  ScriptEvent,
} from '#recording/recording.ts'
import type { ConnectionEvent } from '../sandbox/control-channel.ts'

/** How much of a connection is kept; what goes beyond is forgotten from its beginning. */
export interface KeptBounds {
  /** Heads, frames and faults. */
  readonly items: number
  /** Bytes of those, as they crossed. */
  readonly bytes: number
}

/** Enough for any lesson, and for what a page holds without being felt. */
export const DEFAULT_KEPT: KeptBounds = { items: 100_000, bytes: 64 * 1024 * 1024 }

/** Forgetting one by one would move the whole list each time: it is done when this share is too much. */
const SLACK = 1 / 8

/** Where in a connection's story something stands that is no item: before the item of that number. */
export type WireNote = { readonly before: number } & (
  | { readonly kind: 'ending'; readonly at: number; readonly how: RecordedEnding['how'] }
  /** From here on bytes are missing, so nothing more can be read. `at` is the time of the last thing that was. */
  | { readonly kind: 'gap'; readonly at: number }
)

/**
 * One tapped connection, live or from a recording: the chunks, and everything derived from them. Times are
 * microseconds since the session began.
 */
export class CapturedConnection {
  readonly id: number
  readonly lab: string
  readonly #kept: KeptBounds
  #chunks: RecordedChunk[] = []
  #items: TraceItem[] = []
  readonly endings: RecordedEnding[] = []
  /** Ends of the socket, and the first gap, at their places among the items. */
  readonly notes: WireNote[] = []
  #script: ScriptEvent[] = []
  /** After a gap the bytes no longer parse, so the trace stops there. */
  readonly #gaps: RecordedGap[] = []
  /** What was here and is forgotten, to keep within the bounds. */
  readonly forgotten = { chunks: 0, items: 0, bytes: 0, script: 0 }
  /** Heads among what is forgotten: without them the rest could not be read again. */
  readonly #forgottenHeads: RecordedChunk[] = []
  /** Bytes of the items that are here, by sender. */
  readonly #itemBytes = { client: 0, server: 0 }
  /** Bytes of the chunks behind the first gap. */
  #unreadBytes = 0
  #startedAt: number | undefined
  #trace = new ConnectionTrace({ keepItems: false })
  #readings = 1
  readonly #onInflated: () => void

  /** @param onInflated called when compressed messages, which could not be read before, can be read */
  constructor(id: number, lab: string, kept: KeptBounds = DEFAULT_KEPT, onInflated = () => {}) {
    this.id = id
    this.lab = lab
    this.#kept = kept
    this.#onInflated = onInflated
  }

  static fromRecording(
    recorded: RecordedConnection,
    kept: KeptBounds = DEFAULT_KEPT,
    onInflated = () => {},
  ): CapturedConnection {
    const connection = new CapturedConnection(recorded.id, recorded.lab, kept, onInflated)
    const taking = connection.take(recorded)
    while (taking.next().done !== true) continue
    return connection
  }

  /** Takes what was recorded in its order, one chunk for each step of the iteration. */
  *take({ chunks, gaps, endings, script }: RecordedConnection): Generator<RecordedChunk> {
    for (const event of script) this.addScript(event)
    let ended = 0
    let missed = 0
    for (const [place, chunk] of chunks.entries()) {
      for (let ending = endings[ended]; ending && ending.at < chunk.at; ending = endings[++ended])
        this.addEnding(ending)
      for (let gap = gaps[missed]; gap && gap.before <= place; gap = gaps[++missed]) this.addGap(gap)
      this.addChunk(chunk.from, chunk.bytes, chunk.at)
      yield chunk
    }
    for (const gap of gaps.slice(missed)) this.addGap(gap)
    for (const ending of endings.slice(ended)) this.addEnding(ending)
  }

  /** How much is kept. */
  get kept(): KeptBounds {
    return this.#kept
  }

  /** Takes what the tap tells of it, and returns what that completed. */
  hear(event: ConnectionEvent): readonly TraceItem[] {
    switch (event.type) {
      case 'chunk':
        return this.addChunk(event.from, event.bytes, event.at)
      case 'ending':
        this.addEnding(event)
        break
      case 'dropped':
        this.addDropped(event.chunks, event.bytes)
        break
      case 'opened':
        break
    }
    return []
  }

  /** Returns what the chunk completed. */
  addChunk(from: Role, bytes: Uint8Array, at: number): readonly TraceItem[] {
    this.#startedAt ??= at
    if (this.#gaps.length > 0) {
      this.#keepUnread({ from, at, bytes: bytes as RecordedChunk['bytes'] })
      return []
    }
    this.#chunks.push({ from, at, bytes: bytes as RecordedChunk['bytes'] })
    const items = this.#trace.push(from, bytes, at)
    for (const item of items) {
      this.#items.push(item)
      this.#itemBytes[from] += sizeOf(item)
      if (item.kind === 'response' && this.#trace.deflate !== undefined) void this.#inflate()
    }
    this.#forget()
    return items
  }

  /**
   * Loads what inflates, which few connections need, and reads everything again: the same items under the same numbers,
   * with their messages readable.
   */
  async #inflate(): Promise<void> {
    try {
      const { inflate } = await import('./inflate.ts')
      if (this.forgotten.chunks > 0) return
      const trace = new ConnectionTrace({ inflate, keepItems: false })
      this.#items = this.#chunks
        .slice(0, this.#readable)
        .flatMap(({ from, bytes, at }) => trace.push(from, bytes, at))
      this.#trace = trace
      this.#readings++
    } catch {
      // Not to be had, offline for one: the messages stay as they crossed.
      return
    }
    this.#onInflated()
  }

  /** What cannot be read is kept as far as the bounds go, and then it is missing too. */
  #keepUnread(chunk: RecordedChunk): void {
    this.#unreadBytes += chunk.bytes.length
    if (this.#unreadBytes <= this.#kept.bytes) this.#chunks.push(chunk)
    else this.addDropped(1, chunk.bytes.length)
  }

  addEnding({ at, how }: RecordedEnding): void {
    this.endings.push({ at, how })
    // That the socket is closed adds nothing to the ends that were seen.
    if (how !== 'closed') this.notes.push({ kind: 'ending', before: this.end, at, how })
  }

  /** What JavaScript did or was told; as many of these are kept as of items. */
  addScript(event: ScriptEvent): void {
    this.#script.push(event)
    const tooMany = this.#script.length - this.#kept.items
    if (tooMany <= this.#kept.items * SLACK) return
    this.#script = this.#script.slice(tooMany)
    this.forgotten.script += tooMany
  }

  /** The mirror had to leave that much out of what comes next. */
  addDropped(chunks: number, bytes: number): void {
    this.addGap({ chunks, bytes })
  }

  /** Something is missing of what comes next. */
  addGap({ chunks, bytes, from }: Omit<RecordedGap, 'before'>): void {
    if (this.#gaps.length === 0)
      this.notes.push({ kind: 'gap', before: this.end, at: this.#chunks.at(-1)?.at ?? 0 })
    const before = this.forgotten.chunks + this.#chunks.length
    const last = this.#gaps.at(-1)
    if (last?.before === before && last.from === from)
      this.#gaps[this.#gaps.length - 1] = { ...last, chunks: last.chunks + chunks, bytes: last.bytes + bytes }
    else this.#gaps.push({ before, chunks, bytes, ...(from !== undefined && { from }) })
  }

  /** What is missing, each before the chunk of that number. */
  get gaps(): readonly RecordedGap[] {
    return this.#gaps
  }

  /** How much is missing, all gaps together. */
  get dropped(): { readonly chunks: number; readonly bytes: number } {
    const sum = (key: 'chunks' | 'bytes') => this.#gaps.reduce((total, gap) => total + gap[key], 0)
    return { chunks: sum('chunks'), bytes: sum('bytes') }
  }

  /** Reads and writes of the server's socket, in their order; the first has the number `forgotten.chunks`. */
  get chunks(): readonly RecordedChunk[] {
    return this.#chunks
  }

  /** Heads, frames and faults, in the order they were complete; the first has the number `forgotten.items`. */
  get items(): readonly TraceItem[] {
    return this.#items
  }

  /** How often everything was read from its beginning: with another, the same numbers are other objects. */
  get readings(): number {
    return this.#readings
  }

  /** Time of the first byte, 0 before there is one. */
  get startedAt(): number {
    return this.#startedAt ?? 0
  }

  /** The number that the next item will have. */
  get end(): number {
    return this.forgotten.items + this.#items.length
  }

  /** The item with that number; undefined when it is forgotten or still to come. */
  itemAt(number: number): TraceItem | undefined {
    return this.#items[number - this.forgotten.items]
  }

  get script(): readonly ScriptEvent[] {
    return this.#script
  }

  /** Bytes from that side that are in no item yet: an unfinished head or frame. */
  pending(from: Role): number {
    return this.#trace.pending(from)
  }

  /** The chunk with that number; undefined when it is forgotten or still to come. */
  chunkAt(number: number): RecordedChunk | undefined {
    return this.#chunks[number - this.forgotten.chunks]
  }

  /** As it can be read again: what is forgotten leaves its heads, and the rest begins with a whole frame. */
  toRecorded(): RecordedConnection {
    const { id, lab, endings } = this
    const begun = this.forgotten.items === 0 ? this.#chunks : [...this.#forgottenHeads, ...this.#wholeItems()]
    const shift = begun.length - this.#chunks.length - this.forgotten.chunks
    const gaps = this.#gaps.map(gap => ({ ...gap, before: gap.before + shift }))
    return { id, lab, chunks: begun, gaps, endings, script: this.#script }
  }

  /** The number that an item will have in what `toRecorded` gives: of what is forgotten only heads are in it. */
  recordedNumber(number: number): number {
    return number - this.forgotten.items + this.#forgottenHeads.length
  }

  /** The chunks without the bytes of items that are forgotten. */
  #wholeItems(): RecordedChunk[] {
    const older = { client: -this.#wanted('client'), server: -this.#wanted('server') }
    for (const { from, bytes } of this.#chunks.slice(0, this.#readable)) older[from] += bytes.length
    return this.#chunks.flatMap(({ from, at, bytes }) => {
      const skip = Math.min(older[from], bytes.length)
      older[from] -= skip
      return skip === bytes.length && skip > 0 ? [] : [{ from, at, bytes: bytes.subarray(skip) }]
    })
  }

  /** Bytes of a side's items that are here and of what is unfinished. */
  #wanted(from: Role): number {
    return this.#itemBytes[from] + this.#trace.pending(from)
  }

  /** Forgets every item so far, as if the bounds had asked for it. */
  clear(): void {
    this.#forgetItems(this.#items.length)
  }

  #forget(): void {
    const { items: mostItems, bytes: mostBytes } = this.#kept
    let left = this.#itemBytes.client + this.#itemBytes.server
    if (this.#items.length <= mostItems * (1 + SLACK) && left <= mostBytes * (1 + SLACK)) return
    let count = 0
    while (count < this.#items.length - 1 && (this.#items.length - count > mostItems || left > mostBytes))
      left -= sizeOf(this.#items[count++])
    this.#forgetItems(count)
  }

  #forgetItems(count: number): void {
    for (const item of this.#items.slice(0, count)) {
      const bytes = sizeOf(item)
      this.#itemBytes[item.from] -= bytes
      this.forgotten.bytes += bytes
      if (item.kind === 'request' || item.kind === 'response')
        this.#forgottenHeads.push({
          from: item.from,
          at: item.at,
          bytes: item.head.bytes as RecordedChunk['bytes'],
        })
    }
    this.#items = this.#items.slice(count)
    this.forgotten.items += count
    const unneeded = Math.min(...ROLES.map(role => this.#needed(role)))
    this.#chunks = this.#chunks.slice(unneeded)
    this.forgotten.chunks += unneeded
  }

  /** The first chunk that any of what a side has wanted lies in. */
  #needed(from: Role): number {
    let first = this.#readable
    let wanted = this.#wanted(from)
    for (let index = this.#readable - 1; index >= 0 && wanted > 0; index--) {
      const chunk = this.#chunks[index]
      if (chunk?.from !== from) continue
      wanted -= chunk.bytes.length
      first = index
    }
    return first
  }

  /** How many chunks come before the first gap. */
  get #readable(): number {
    const [gap] = this.#gaps
    return gap === undefined ? this.#chunks.length : gap.before - this.forgotten.chunks
  }
}

function sizeOf(item: TraceItem | undefined): number {
  if (item === undefined) return 0
  if (item.kind === 'frame') return item.frame.headLength + item.frame.payloadLength
  return item.kind === 'request' || item.kind === 'response' ? item.head.bytes.length : item.bytes.length
}
