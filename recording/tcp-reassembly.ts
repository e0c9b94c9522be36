import { latin1 } from '#protocol/latin1.ts'
import type { Role } from '#protocol/role.ts'
import { MinHeap } from './min-heap.ts'
import type { TcpSegment } from './packet-layers.ts'
import { TCP_FLAGS } from './tcp-segments.ts'

/** What a capture shows of one TCP connection, in the order in which a receiver could read it. */
export interface Reassembled {
  readonly pieces: readonly Piece[]
  readonly missing: readonly Missing[]
  readonly closings: readonly Closing[]
}

/** Bytes that are new, with the time of the packet that made them readable. */
export interface Piece {
  readonly from: Role
  /** Microseconds since 1970; never goes back. */
  readonly at: number
  readonly bytes: Uint8Array
  /** Whether the segment that ends with them had PSH. */
  readonly pushed: boolean
}

/** Bytes that no packet of the capture holds. */
export interface Missing {
  readonly from: Role
  /** Index of the piece before which they are missing. */
  readonly before: number
  readonly bytes: number
}

export interface Closing {
  readonly at: number
  readonly by: Role
  readonly how: 'fin' | 'rst'
}

interface Event {
  readonly side: Side
  readonly at: number
  readonly flags: number
  /** Place of the payload's first byte in its stream. */
  readonly start: number
  readonly payload: Uint8Array
}

interface Side {
  readonly endpoint: string
  /** Sequence number and place of the latest segment: from there the next one's place is found across the wrap. */
  sequence: number | undefined
  place: number
  /** Where the stream begins; known from a SYN. */
  begin: number | undefined
  /** Sequence number after the SYN. */
  syn: number | undefined
}

/**
 * Collects the segments of one TCP connection as captured: repeated, overlapping, out of order, or missing
 * (RFC 9293 §3.10.7.4). Of bytes that came twice the first count.
 */
export class TcpFlow {
  readonly #sides: readonly [Side, Side]
  readonly #events: Event[] = []
  #client: Side | undefined

  constructor({ source, target }: TcpSegment) {
    this.#sides = [side(source), side(target)]
  }

  /** Whether a segment opens another connection between the same ends. */
  isOver({ source, sequence, flags }: TcpSegment): boolean {
    if ((flags & OPENING) !== TCP_FLAGS.syn) return false
    const sender = this.#sideOf(source)
    return sender.syn === undefined ? this.#events.length > 0 : sender.syn !== sequence
  }

  /** Takes the next segment; returns whether there is something in it to keep. */
  add(segment: TcpSegment, at: number): boolean {
    const { source, sequence, flags, payload } = segment
    const sender = this.#sideOf(source)
    const start = placeOf(sender, sequence)
    if (flags & TCP_FLAGS.syn) {
      sender.begin = start
      sender.syn = sequence
      this.#client ??= flags & TCP_FLAGS.ack ? this.#peerOf(sender) : sender
    }
    const matters = payload.length > 0 || (flags & MATTERING) !== 0
    if (matters) this.#events.push({ side: sender, at, flags, start, payload })
    return matters
  }

  /**
   * Puts the streams together.
   * @param keepsEmpty whether a segment with PSH and no payload is a piece of no bytes
   */
  reassemble(keepsEmpty: boolean): Reassembled {
    const client = this.#client ?? this.#guessClient()
    const pieces: Piece[] = []
    const missing: Missing[] = []
    const streams = new Map(
      this.#sides.map(one => {
        const from = one === client ? 'client' : 'server'
        const events = this.#events.filter(event => event.side === one && !(event.flags & TCP_FLAGS.rst))
        return [one, new Stream(from, one.begin, events, pieces, missing, keepsEmpty)]
      }),
    )
    const closings: Closing[] = []
    let now = 0
    for (const event of this.#events) {
      const { side: sender, flags } = event
      now = Math.max(now, event.at)
      // What an RST carries is no part of the stream.
      if (!(flags & TCP_FLAGS.rst)) streams.get(sender)?.receive(event, now)
      const by = sender === client ? 'client' : 'server'
      if (flags & TCP_FLAGS.fin) closings.push({ at: now, by, how: 'fin' })
      if (flags & TCP_FLAGS.rst) closings.push({ at: now, by, how: 'rst' })
    }
    for (const stream of streams.values()) stream.end()
    return { pieces, missing, closings }
  }

  #sideOf(endpoint: string): Side {
    const [one, other] = this.#sides
    return endpoint === one.endpoint ? one : other
  }

  #peerOf(sender: Side): Side {
    const [one, other] = this.#sides
    return sender === one ? other : one
  }

  /** Without a SYN, who speaks as a server does shows who is the client. */
  #guessClient(): Side {
    const response = this.#events.find(({ payload }) => latin1(payload, 0, 5) === 'HTTP/')
    return response ? this.#peerOf(response.side) : this.#sides[0]
  }
}

const OPENING = TCP_FLAGS.syn | TCP_FLAGS.ack
/** Flags of segments that matter without a payload. */
const MATTERING = TCP_FLAGS.fin | TCP_FLAGS.rst | TCP_FLAGS.psh

function side(endpoint: string): Side {
  return { endpoint, sequence: undefined, place: 0, begin: undefined, syn: undefined }
}

/** Place of a sequence number in the stream: the one nearest to the segment before (RFC 9293 §3.4). */
function placeOf(sender: Side, sequence: number): number {
  sender.place += (sequence - (sender.sequence ?? sequence)) | 0
  sender.sequence = sequence
  return sender.place
}

/** One direction on its way back to a stream of bytes. */
class Stream {
  readonly #from: Role
  readonly #pieces: Piece[]
  readonly #missing: Missing[]
  readonly #keepsEmpty: boolean
  /** What came before its turn: by place, and of equals the first to come. */
  readonly #waiting = new MinHeap<Event & { readonly order: number }>((a, b) =>
    a.start === b.start ? a.order < b.order : a.start < b.start,
  )
  /** What no segment holds, in order; the first is next. */
  readonly #holes: readonly { readonly start: number; readonly end: number }[]
  #nextHole = 0
  #order = 0
  /** Place of the next byte. */
  #next: number

  constructor(
    from: Role,
    begin: number | undefined,
    events: readonly Event[],
    pieces: Piece[],
    missing: Missing[],
    keepsEmpty: boolean,
  ) {
    this.#from = from
    this.#pieces = pieces
    this.#missing = missing
    this.#keepsEmpty = keepsEmpty
    const spans = events
      .filter(event => event.payload.length > 0 || event.flags & TCP_FLAGS.fin || this.#isPiece(event))
      .map(({ start, payload }) => ({ start, end: start + payload.length }))
      .sort((a, b) => a.start - b.start)
    this.#next = begin ?? spans[0]?.start ?? 0
    this.#holes = holesIn(spans, this.#next)
  }

  receive(event: Event, now: number): void {
    this.#waiting.add({ ...event, order: this.#order++ })
    for (let first = this.#waiting.first; first; first = this.#waiting.first) {
      if (first.start > this.#next && !this.#passHole()) return
      if (first.start > this.#next) continue
      this.#waiting.take()
      this.#deliver(first, now)
    }
  }

  /** Tells of what is missing before a FIN that nothing came after. */
  end(): void {
    this.#passHole()
  }

  #deliver(event: Event, now: number): void {
    const bytes = event.payload.subarray(Math.max(0, this.#next - event.start))
    const isNew = bytes.length > 0 || (event.start === this.#next && this.#isPiece(event))
    if (!isNew) return
    this.#next += bytes.length
    const pushed = (event.flags & TCP_FLAGS.psh) !== 0
    this.#pieces.push({ from: this.#from, at: now, bytes, pushed })
  }

  /** Whether a segment without a payload is to be kept. */
  #isPiece({ payload, flags }: Event): boolean {
    return this.#keepsEmpty && payload.length === 0 && (flags & ~TCP_FLAGS.ack) === TCP_FLAGS.psh
  }

  #passHole(): boolean {
    const hole = this.#holes[this.#nextHole]
    if (hole?.start !== this.#next) return false
    this.#nextHole++
    this.#missing.push({ from: this.#from, before: this.#pieces.length, bytes: hole.end - hole.start })
    this.#next = hole.end
    return true
  }
}

function holesIn(
  spans: readonly { readonly start: number; readonly end: number }[],
  begin: number,
): { start: number; end: number }[] {
  const holes: { start: number; end: number }[] = []
  let covered = begin
  for (const { start, end } of spans) {
    if (start > covered) holes.push({ start: covered, end: start })
    covered = Math.max(covered, end)
  }
  return holes
}
