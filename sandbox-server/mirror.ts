import type { WebSocket } from 'ws'
import { encodeChunk, type Chunk, type JsonEvent } from '#contract/events.ts'
import type { Limits } from './limits.ts'
import type { TapSocket } from './tap.ts'
import type { Watch } from './watch.ts'

/** Where a mirror's messages go, those of a control channel. */
export interface Outlet {
  /** Takes no more for now. */
  readonly isFull: boolean
  /** Calls back when it may take more. Returns how to stop listening. */
  onDrain(listener: () => void): () => void
  send(message: string | Uint8Array): void
  /** It is too far behind for whoever listens to make sense of it. */
  giveUp(): void
}

/** A control channel on this instance. */
export function controlOutlet(control: WebSocket, socket: TapSocket): Outlet {
  return {
    get isFull() {
      return socket.writableNeedDrain
    },
    onDrain(listener) {
      socket.on('drain', listener)
      return () => socket.off('drain', listener)
    },
    send(message) {
      if (control.readyState !== control.OPEN) return
      // What is told in one turn of the loop leaves in one system call: that call is most of what a chunk costs.
      if (socket.writableCorked === 0) {
        socket.cork()
        process.nextTick(() => socket.uncork())
      }
      control.send(message)
    },
    giveUp: () => control.terminate(),
  }
}

type Entry =
  | { readonly text: string; readonly endOf: number | undefined }
  | { readonly message: Uint8Array; readonly connection: number; readonly size: number }

interface Gap {
  chunks: number
  bytes: number
}

/**
 * The way from the taps to a reader's page. It never waits for the page: what a slow control channel (or the bus on the way
 * to it) has not taken
 * queues up to a bound, then the oldest chunks go, and the page is told how much is missing and from where.
 */
export class Mirror {
  readonly #outlet: Outlet
  readonly #limits: Limits
  readonly #watch: Watch
  /** By number of arrival: Map keeps that order and forgets from the middle. */
  readonly #waiting = new Map<number, Entry>()
  readonly #waitingChunks = new Set<number>()
  /** What was dropped of a connection, to be told in the place of the first that is missing. */
  readonly #gaps = new Map<number, Gap>()
  #arrivals = 0
  #waitingBytes = 0

  /** What still waits is never sent. */
  readonly stop: () => void

  constructor(outlet: Outlet, limits: Limits, watch: Watch) {
    this.#outlet = outlet
    this.#limits = limits
    this.#watch = watch
    this.stop = outlet.onDrain(() => this.#flush())
  }

  /** Nothing waits. */
  get isIdle(): boolean {
    return this.#waiting.size === 0
  }

  event(event: JsonEvent): void {
    const endOf = event.type === 'ending' ? event.connection : undefined
    this.#push({ text: JSON.stringify(event), endOf })
    if (this.#waiting.size - this.#waitingChunks.size <= this.#limits.mirrorEvents) return
    this.#watch.limit('mirrorEvents')
    this.#outlet.giveUp()
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
    if (this.#waiting.size === 0 && !this.#outlet.isFull) {
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
      if (this.#outlet.isFull) return
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
      this.#outlet.send(JSON.stringify(dropped))
    }
    this.#outlet.send('message' in entry ? entry.message : entry.text)
  }
}
