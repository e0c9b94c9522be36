import type { SocketEnding } from '#contract/events.ts'
import { headLength } from '#protocol/http-head.ts'
import type { Role } from '#protocol/role.ts'
import type { TapSink } from './tap.ts'

type Event =
  | { readonly from: Role; readonly bytes: Uint8Array<ArrayBuffer>; readonly at: number }
  | { readonly how: SocketEnding; readonly at: number }

/** Keeps what a connection begins with until its request says whether somebody has a right to see it. */
export class FirstBytes implements TapSink {
  readonly #limit: number
  #events: Event[] = []
  #size = 0
  /** More came than is kept: what is here has a beginning but no longer leads up to now. */
  overflown = false

  constructor(limit: number) {
    this.#limit = limit
  }

  chunk(from: Role, bytes: Uint8Array<ArrayBuffer>, at: number): void {
    this.#size += bytes.length
    if (this.#size > this.#limit) this.overflown = true
    if (!this.overflown) this.#events.push({ from, bytes: unpinned(bytes), at })
  }

  ending(how: SocketEnding, at: number): void {
    this.#events.push({ how, at })
  }

  /** What the client began with. */
  start(): Uint8Array {
    const parts = this.#events.flatMap(event =>
      'bytes' in event && event.from === 'client' ? [event.bytes] : [],
    )
    const [first] = parts
    return parts.length === 1 && first ? first : Buffer.concat(parts)
  }

  /** The head of the first request, if it is all here. */
  head(): Uint8Array | undefined {
    const bytes = this.start()
    const length = headLength(bytes)
    return length === undefined ? undefined : bytes.subarray(0, length)
  }

  replay(sink: TapSink): void {
    for (const event of this.#events) {
      if ('bytes' in event) sink.chunk(event.from, event.bytes, event.at)
      else sink.ending(event.how, event.at)
    }
  }
}

/** A small slice keeps the whole slab it was cut from alive; a copy does not. */
function unpinned(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteLength * 2 < bytes.buffer.byteLength ? new Uint8Array(bytes) : bytes
}
