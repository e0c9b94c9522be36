import type { DeflateParameters, Inflate } from './deflate.ts'
import { FrameStream, type JudgedFrame } from './frame-stream.ts'
import type { Frame } from './frame.ts'
import { agreedDeflate, checkRequest, checkResponse, type Check } from './handshake.ts'
import {
  HeadError,
  headLength,
  parseRequestHead,
  parseResponseHead,
  type RequestHead,
  type ResponseHead,
} from './http-head.ts'
import type { Message } from './message.ts'
import type { Role } from './role.ts'
import type { HeadRuleId } from './rule-facts.ts'
import { violationOf, type Violation } from './violation.ts'

/** Indexes, both included, of the pushed chunks that carried something; both directions are counted together. */
export interface ChunkRange {
  readonly first: number
  readonly last: number
}

interface Placed {
  /** Time of the last chunk that carried it, in the unit the chunks were pushed with. */
  readonly at: number
  readonly chunks: ChunkRange
}

/** What a stretch of a connection's bytes turned out to be. Every byte pushed ends up in exactly one item. */
export type TraceItem =
  | (Placed & {
      readonly kind: 'request'
      readonly from: 'client'
      readonly head: RequestHead
      readonly checks: Check[]
    })
  | (Placed & {
      readonly kind: 'response'
      readonly from: 'server'
      readonly head: ResponseHead
      readonly checks: Check[]
    })
  | (Placed & {
      readonly kind: 'frame'
      readonly from: Role
      readonly frame: Frame
      readonly violations: readonly Violation[]
      /** The message this frame completes. */
      readonly message?: Message | undefined
    })
  /** HTTP beyond the heads: what follows when the handshake was refused. */
  | (Placed & { readonly kind: 'body'; readonly from: Role; readonly bytes: Uint8Array })
  /** Bytes that cannot be understood; whatever the direction carries after a fault is a fault too. */
  | (Placed & {
      readonly kind: 'fault'
      readonly from: Role
      readonly violation: Violation
      readonly bytes: Uint8Array
    })

export interface TraceOptions {
  /** Inflates compressed messages; without one they are shown as they crossed. */
  readonly inflate?: Inflate
  /** Longest head, in bytes (default 1 MiB). */
  readonly maxHeadLength?: number
  /** Longest frame payload and message, in bytes (default 16 MiB). */
  readonly maxLength?: number
}

/** `held`: the client's bytes behind its request, of which only the response says what they are. */
type Phase = 'head' | 'held' | 'frames' | 'body' | 'fault'

interface Direction {
  readonly from: Role
  phase: Phase
  /** Bytes that are not in an item yet, in the phases `head` and `held`: one buffer that doubles. */
  buffer: Uint8Array
  length: number
  /** How many of them are known to hold no end of a head. */
  searched: number
  /** Chunks that still have bytes in no item, oldest first: stream offset of their end, index, time. */
  chunks: { readonly end: number; readonly index: number; readonly at: number }[]
  /** Bytes pushed, and bytes in items. */
  pushed: number
  consumed: number
  /** Stream offset of the first frame's first byte. */
  framesFrom: number
  frames: FrameStream | undefined
  violation: Violation | undefined
}

/** Derives a tapped connection's chunks, as they come, to heads, frames, messages and faults. */
export class ConnectionTrace {
  readonly #options: TraceOptions
  readonly #items: TraceItem[] = []
  readonly #directions = { client: direction('client'), server: direction('server') }
  #chunks = 0
  #request: RequestHead | undefined
  #outcome: 'open' | 'refused' | undefined
  #deflate: DeflateParameters | undefined
  /** Bytes the client had sent when the response came: what lies before was sent without waiting. */
  #answeredAt = 0

  constructor(options: TraceOptions = {}) {
    this.#options = options
  }

  /** Every item so far, in the order in which they were understood. */
  get items(): readonly TraceItem[] {
    return this.#items
  }

  /** Bytes in that direction that are not in an item yet: an unfinished head or frame. */
  pending(from: Role): number {
    const one = this.#directions[from]
    return one.pushed - one.consumed
  }

  /**
   * Takes the next chunk and returns the items it completes. Chunks of both directions come in the order of the tap;
   * their bytes must not be changed afterwards.
   */
  push(from: Role, bytes: Uint8Array, at: number): TraceItem[] {
    const index = this.#chunks++
    const before = this.#items.length
    if (bytes.length > 0) {
      const one = this.#directions[from]
      one.pushed += bytes.length
      one.chunks.push({ end: one.pushed, index, at })
      this.#take(one, bytes)
    }
    return this.#items.slice(before)
  }

  #take(one: Direction, bytes: Uint8Array): void {
    if (one.phase === 'head') {
      keep(one, bytes)
      this.#readHead(one)
    } else if (one.phase === 'held') keep(one, bytes)
    else if (one.phase === 'frames') this.#readFrames(one, bytes)
    else if (one.phase === 'body')
      this.#items.push({ kind: 'body', from: one.from, bytes, ...this.#place(one, bytes.length) })
    else if (one.violation) this.#fault(one, one.violation, bytes)
  }

  #readHead(one: Direction): void {
    const held = one.buffer.subarray(0, one.length)
    const length = headLength(held, one.searched)
    if (length === undefined) {
      one.searched = one.length
      if (one.length > (this.#options.maxHeadLength ?? 1 << 20))
        this.#headFault(one, 'head-too-long', one.length - 1)
      return
    }
    const bytes = held.slice(0, length)
    try {
      if (one.from === 'client') this.#onRequest(one, parseRequestHead(bytes))
      else this.#onResponse(one, parseResponseHead(bytes))
    } catch (error) {
      if (!(error instanceof HeadError)) throw error
      this.#headFault(one, error.rule, error.offset)
    }
  }

  #onRequest(one: Direction, head: RequestHead): void {
    this.#request = head
    const placed = this.#place(one, head.bytes.length)
    this.#items.push({ kind: 'request', from: 'client', head, checks: checkRequest(head), ...placed })
    one.phase = 'held'
    this.#release(one, head.bytes.length)
  }

  #onResponse(one: Direction, head: ResponseHead): void {
    const placed = this.#place(one, head.bytes.length)
    const checks = checkResponse(head, this.#request)
    this.#items.push({ kind: 'response', from: 'server', head, checks, ...placed })
    // Any other 1xx comes before the response proper (RFC 9110 §15.2).
    const interim = head.status < 200 && head.status !== 101
    if (!interim) {
      this.#outcome = head.status === 101 ? 'open' : 'refused'
      this.#deflate = this.#request && agreedDeflate(head, this.#request)
      this.#answeredAt = this.#directions.client.pushed
      one.phase = 'held'
    }
    // What the client sent without waiting came before what follows the response.
    const { client } = this.#directions
    if (!interim && client.phase === 'held') this.#release(client, 0)
    this.#release(one, head.bytes.length)
  }

  /** Hands what is left in the buffer to the phase that the handshake's outcome makes it. */
  #release(one: Direction, used: number): void {
    const rest = one.buffer.slice(used, one.length)
    one.buffer = NOTHING
    one.length = 0
    one.searched = 0
    if (one.phase === 'held' && this.#outcome !== undefined) {
      one.phase = this.#outcome === 'open' ? 'frames' : 'body'
      one.framesFrom = one.consumed
    }
    if (rest.length > 0) this.#take(one, rest)
  }

  #readFrames(one: Direction, bytes: Uint8Array): void {
    one.frames ??= this.#stream(one.from)
    const { frames, fault } = one.frames.push(bytes)
    for (const judged of frames) this.#onFrame(one, judged)
    if (fault) this.#fault(one, fault.violation, fault.bytes)
  }

  #stream(from: Role): FrameStream {
    const { inflate, maxLength } = this.#options
    const parameters = this.#deflate
    return new FrameStream(from, {
      ...(maxLength !== undefined && { maxLength }),
      deflate: parameters && { parameters, inflate },
    })
  }

  #onFrame(one: Direction, { frame, violations, message }: JudgedFrame): void {
    const early = one.from === 'client' && one.framesFrom + frame.offset < this.#answeredAt
    this.#items.push({
      kind: 'frame',
      from: one.from,
      frame,
      violations: early
        ? [violationOf('data-before-response', one.from, frame.offset), ...violations]
        : violations,
      message,
      ...this.#place(one, frame.headLength + frame.payloadLength),
    })
  }

  #headFault(one: Direction, rule: HeadRuleId, offset: number): void {
    const bytes = one.buffer.slice(0, one.length)
    one.buffer = NOTHING
    one.length = 0
    this.#fault(one, { rule, by: one.from, offset, closeCode: undefined }, bytes)
  }

  #fault(one: Direction, violation: Violation, bytes: Uint8Array): void {
    one.phase = 'fault'
    one.violation = violation
    this.#items.push({ kind: 'fault', from: one.from, violation, bytes, ...this.#place(one, bytes.length) })
  }

  /** Moves on by as many bytes as an item has, and says which chunks they came in. */
  #place(one: Direction, length: number): Placed {
    one.consumed += length
    const { chunks, consumed } = one
    const [first] = chunks
    // One splice for all that is used up: shifting one by one is slow when a frame came in a million chunks.
    const open = chunks.findIndex(chunk => chunk.end > consumed)
    const used = chunks.splice(0, open < 0 ? chunks.length : open)
    const ended = used.at(-1)
    const last = ended && ended.end === consumed ? ended : chunks[0]
    return { at: last?.at ?? 0, chunks: { first: first?.index ?? 0, last: last?.index ?? 0 } }
  }
}

const NOTHING = new Uint8Array(0)

function direction(from: Role): Direction {
  return {
    from,
    phase: 'head',
    buffer: NOTHING,
    length: 0,
    searched: 0,
    chunks: [],
    pushed: 0,
    consumed: 0,
    framesFrom: 0,
    frames: undefined,
    violation: undefined,
  }
}

function keep(one: Direction, bytes: Uint8Array): void {
  const length = one.length + bytes.length
  if (length > one.buffer.length) {
    const grown = new Uint8Array(Math.max(length, 2 * one.buffer.length))
    grown.set(one.buffer.subarray(0, one.length))
    one.buffer = grown
  }
  one.buffer.set(bytes, one.length)
  one.length = length
}
