import type { Role } from '#protocol/role.ts'
import { ConnectionTrace, type TraceItem } from '#protocol/trace.ts'
import type { RecordedChunk, RecordedConnection, RecordedEnding, ScriptEvent } from '#recording/recording.ts'

/**
 * One tapped connection, live or from a recording: the chunks, and everything derived from them. Times are
 * microseconds since the session began.
 */
export class CapturedConnection {
  readonly id: number
  readonly lab: string
  readonly chunks: RecordedChunk[] = []
  readonly endings: RecordedEnding[] = []
  readonly script: ScriptEvent[] = []
  /** What the mirror had to leave out. After a gap the bytes no longer parse, so the trace stops there. */
  readonly dropped = { chunks: 0, bytes: 0 }
  readonly #trace = new ConnectionTrace()

  constructor(id: number, lab: string) {
    this.id = id
    this.lab = lab
  }

  static fromRecording(recorded: RecordedConnection): CapturedConnection {
    const connection = new CapturedConnection(recorded.id, recorded.lab)
    for (const { from, bytes, at } of recorded.chunks) connection.addChunk(from, bytes, at)
    connection.endings.push(...recorded.endings)
    connection.script.push(...recorded.script)
    return connection
  }

  addChunk(from: Role, bytes: Uint8Array, at: number): void {
    this.chunks.push({ from, at, bytes: bytes as RecordedChunk['bytes'] })
    if (this.dropped.chunks === 0) this.#trace.push(from, bytes, at)
  }

  addDropped(chunks: number, bytes: number): void {
    this.dropped.chunks += chunks
    this.dropped.bytes += bytes
  }

  /** Heads, frames and faults, in the order they were complete. */
  get items(): readonly TraceItem[] {
    return this.#trace.items
  }

  toRecorded(): RecordedConnection {
    return { id: this.id, lab: this.lab, chunks: this.chunks, endings: this.endings, script: this.script }
  }
}
