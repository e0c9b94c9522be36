import type { WebSocket } from 'ws'
import { encodeChunk, type Chunk, type JsonEvent } from '#contract/events.ts'
import type { Limits } from './limits.ts'
import type { TapSocket } from './tap.ts'
import type { Watch } from './watch.ts'

type Entry =
  | { readonly text: string; readonly endOf: number | undefined }
  | { readonly message: Uint8Array; readonly connection: number; readonly size: number }

interface Gap {
  chunks: number
  bytes: number
}

/**
 * The way from the taps to a reader's page. It never waits for the page: what a slow control channel has not taken
 * queues up to a bound, then the oldest chunks go, and the page is told how much is missing and from where.
 */
export class Mirror {
  readonly #control: WebSocket
  readonly #socket: TapSocket
  readonly #limits: Limits
  readonly #watch: Watch
  /** By number of arrival: Map keeps that order and forgets from the middle. */
  readonly #waiting = new Map<number, Entry>()
  readonly #waitingChunks = new Set<number>()
  /** What was dropped of a connection, to be told in the place of the first that is missing. */
  readonly #gaps = new Map<number, Gap>()
  #arrivals = 0
  #waitingBytes = 0

  constructor(control: WebSocket, socket: TapSocket, limits: Limits, watch: Watch) {
    this.#control = control
    this.#socket = socket
    this.#limits = limits
    this.#watch = watch
    socket.on('drain', () => this.#flush())
  }

  event(event: JsonEvent): void {
    const endOf = event.type === 'ending' ? event.connection : undefined
    this.#push({ text: JSON.stringify(event), endOf })
    if (this.#waiting.size - this.#waitingChunks.size <= this.#limits.mirrorEvents) return
    this.#watch.limit('mirrorEvents')
    this.#control.terminate()
  }

  chunk(chunk: Omit<Chunk, 'type'>): void {
    this.#push({ message: encodeChunk(chunk), connection: chunk.connection, size: chunk.bytes.length })
    while (
      this.#waitingChunks.size > this.#limits.mirrorChunks ||
      (this.#waitingBytes > this.#limits.mirrorBytes && this.#waitingChunks.size > 0)
    )
      this.#dropOldest()
  }

  #push(entry: Entry): void {
    if (this.#waiting.size === 0 && !this.#socket.writableNeedDrain) {
      this.#send(entry)
      return
    }
    const arrival = this.#arrivals++
    this.#waiting.set(arrival, entry)
    if (!('message' in entry)) return
    this.#waitingChunks.add(arrival)
    this.#waitingBytes += entry.size
  }

  #dropOldest(): void {
    for (const arrival of this.#waitingChunks) {
      const entry = this.#take(arrival)
      if (!entry || !('message' in entry)) continue
      const gap = this.#gaps.get(entry.connection) ?? { chunks: 0, bytes: 0 }
      this.#watch.dropped(1)
      this.#gaps.set(entry.connection, { chunks: gap.chunks + 1, bytes: gap.bytes + entry.size })
      return
    }
  }

  #take(arrival: number): Entry | undefined {
    const entry = this.#waiting.get(arrival)
    this.#waiting.delete(arrival)
    if (entry && 'message' in entry) {
      this.#waitingChunks.delete(arrival)
      this.#waitingBytes -= entry.size
    }
    return entry
  }

  #flush(): void {
    for (const arrival of this.#waiting.keys()) {
      if (this.#socket.writableNeedDrain) return
      const entry = this.#take(arrival)
      if (entry) this.#send(entry)
    }
  }

  #send(entry: Entry): void {
    const connection = 'message' in entry ? entry.connection : entry.endOf
    const gap = connection === undefined ? undefined : this.#gaps.get(connection)
    if (connection !== undefined && gap) {
      this.#gaps.delete(connection)
      const dropped: JsonEvent = { type: 'dropped', connection, ...gap }
      this.#write(JSON.stringify(dropped))
    }
    this.#write('message' in entry ? entry.message : entry.text)
  }

  /** What is told in one turn of the loop leaves in one system call: that call is most of what a chunk costs. */
  #gather(): void {
    if (this.#socket.writableCorked > 0) return
    this.#socket.cork()
    process.nextTick(() => this.#socket.uncork())
  }

  #write(message: string | Uint8Array): void {
    if (this.#control.readyState !== this.#control.OPEN) return
    this.#gather()
    this.#control.send(message)
  }
}
