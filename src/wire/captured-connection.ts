import type { Role } from '#protocol/role.ts'
import { ConnectionTrace, type TraceItem } from '#protocol/trace.ts'
import type { RecordedChunk, RecordedConnection, RecordedEnding, ScriptEvent } from '#recording/recording.ts'

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
  readonly script: ScriptEvent[] = []
  /** What the mirror had to leave out. After a gap the bytes no longer parse, so the trace stops there. */
  readonly dropped = { chunks: 0, bytes: 0 }
  /** What was here and is forgotten, to keep within the bounds. */
  readonly forgotten = { chunks: 0, items: 0, bytes: 0 }
  #itemBytes = 0
  readonly #trace = new ConnectionTrace()

  constructor(id: number, lab: string, kept: KeptBounds = DEFAULT_KEPT) {
    this.id = id
    this.lab = lab
    this.#kept = kept
  }

  static fromRecording(recorded: RecordedConnection, kept: KeptBounds = DEFAULT_KEPT): CapturedConnection {
    const connection = new CapturedConnection(recorded.id, recorded.lab, kept)
    for (const { from, bytes, at } of recorded.chunks) connection.addChunk(from, bytes, at)
    connection.endings.push(...recorded.endings)
    connection.script.push(...recorded.script)
    return connection
  }

  /** Returns what the chunk completed. */
  addChunk(from: Role, bytes: Uint8Array, at: number): readonly TraceItem[] {
    this.#chunks.push({ from, at, bytes: bytes as RecordedChunk['bytes'] })
    if (this.dropped.chunks > 0) return []
    const items = this.#trace.push(from, bytes, at)
    for (const item of items) {
      this.#items.push(item)
      this.#itemBytes += sizeOf(item)
    }
    this.#forget()
    return items
  }

  addDropped(chunks: number, bytes: number): void {
    this.dropped.chunks += chunks
    this.dropped.bytes += bytes
  }

  /** Reads and writes of the server's socket, in their order; the first has the number `forgotten.chunks`. */
  get chunks(): readonly RecordedChunk[] {
    return this.#chunks
  }

  /** Heads, frames and faults, in the order they were complete; the first has the number `forgotten.items`. */
  get items(): readonly TraceItem[] {
    return this.#items
  }

  /** The chunk with that number; undefined when it is forgotten or still to come. */
  chunkAt(number: number): RecordedChunk | undefined {
    return this.#chunks[number - this.forgotten.chunks]
  }

  toRecorded(): RecordedConnection {
    const { id, lab, endings, script } = this
    return { id, lab, chunks: this.#chunks, endings, script }
  }

  #forget(): void {
    const { items: mostItems, bytes: mostBytes } = this.#kept
    if (this.#items.length <= mostItems * (1 + SLACK) && this.#itemBytes <= mostBytes * (1 + SLACK)) return
    let count = 0
    let bytes = 0
    while (
      count < this.#items.length - 1 &&
      (this.#items.length - count > mostItems || this.#itemBytes - bytes > mostBytes)
    )
      bytes += sizeOf(this.#items[count++])
    this.#items = this.#items.slice(count)
    this.#itemBytes -= bytes
    this.forgotten.items += count
    this.forgotten.bytes += bytes
    const firstChunk = this.#items[0]?.chunks.first ?? 0
    const unneeded = Math.max(0, firstChunk - this.forgotten.chunks)
    this.#chunks = this.#chunks.slice(unneeded)
    this.forgotten.chunks += unneeded
  }
}

function sizeOf(item: TraceItem | undefined): number {
  if (item === undefined) return 0
  if (item.kind === 'frame') return item.frame.headLength + item.frame.payloadLength
  return item.kind === 'request' || item.kind === 'response' ? item.head.bytes.length : item.bytes.length
}
