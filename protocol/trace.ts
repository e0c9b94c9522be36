import { ChunkLedger, type Placed } from './chunk-ledger.ts'
import type { DeflateParameters, Inflate } from './deflate.ts'
import { DEFAULT_MAX_PAYLOAD_LENGTH } from './frame-parser.ts'
import type { FrameRuleId } from './frame-rule-facts.ts'
import { FrameStream, type JudgedFrame } from './frame-stream.ts'
import type { Frame } from './frame.ts'
import { agreedDeflate, checkRequest, checkResponse, type Check } from './handshake.ts'
import { HeldBytes } from './held-bytes.ts'
import {
  HeadError,
  headLength,
  parseRequestHead,
  parseResponseHead,
  type RequestHead,
  type ResponseHead,
} from './http-head.ts'
import type { Message } from './message.ts'
import { ROLES, type Role } from './role.ts'
import type { HeadRuleId } from './rule-facts.ts'
import { violationOf, type Violation } from './violation.ts'

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
  /** Longest head, in bytes (default `DEFAULT_MAX_HEAD_LENGTH`). */
  readonly maxHeadLength?: number
  /**
   * Longest frame payload and message, in bytes (default 16 MiB), and how much a client may send behind its request
   * before the response tells what that is.
   */
  readonly maxLength?: number
  /** With false, `items` stays empty: for who takes them from `push` and keeps only some (default true). */
  readonly keepItems?: boolean
}

/** Longest head a trace reads unless told otherwise, in bytes: 1 MiB. */
export const DEFAULT_MAX_HEAD_LENGTH = 1 << 20

/** `held`: the client's bytes behind its request, of which only the response says what they are. */
type Phase = 'head' | 'held' | 'frames' | 'body' | 'fault'

interface Direction {
  readonly from: Role
  readonly ledger: ChunkLedger
  phase: Phase
  /** Bytes that are not in an item yet, in the phases `head` and `held`. */
  readonly held: HeldBytes
  /** How many of them are known to hold no end of a head. */
  searched: number
  /** Stream offset of the first frame's first byte. */
  framesFrom: number
  frames: FrameStream | undefined
  violation: Violation | undefined
}

/** Derives a tapped connection's chunks, as they come, to heads, frames, messages and faults. */
export class ConnectionTrace {
  readonly #options: TraceOptions
  readonly #items: TraceItem[] = []
  /** Items of the push under way. */
  #fresh: TraceItem[] = []
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

  /** Every item so far, in the order in which they were understood; none with `keepItems: false`. */
  get items(): readonly TraceItem[] {
    return this.#items
  }

  /** The parameters of permessage-deflate both sides agreed on, once they have. */
  get deflate(): DeflateParameters | undefined {
    return this.#deflate
  }

  /** Bytes in that direction that are not in an item yet: an unfinished head or frame. */
  pending(from: Role): number {
    const { ledger } = this.#directions[from]
    return ledger.pushed - ledger.placed
  }

  /**
   * Takes the next chunk and returns the items it completes. Chunks of both directions come in the order of the tap;
   * their bytes must not be changed afterwards. What it costs does not depend on what was pushed before.
   */
  push(from: Role, bytes: Uint8Array, at: number): TraceItem[] {
    const index = this.#chunks++
    const fresh: TraceItem[] = []
    this.#fresh = fresh
    if (bytes.length > 0) {
      const one = this.#directions[from]
      // Only bytes that wait for the response may become several items.
      one.ledger.add(bytes.length, index, at, one.phase !== 'held')
      this.#take(one, bytes)
    }
    if (this.#options.keepItems !== false) for (const item of fresh) this.#items.push(item)
    return fresh
  }

  #take(one: Direction, bytes: Uint8Array): void {
    if (one.phase === 'head') this.#readHeads(one, bytes)
    else if (one.phase === 'held') this.#hold(one, bytes)
    else if (one.phase === 'frames') this.#readFrames(one, bytes)
    else if (one.phase === 'body')
      this.#fresh.push({ kind: 'body', from: one.from, bytes, ...one.ledger.place(bytes.length) })
    else if (one.violation) this.#fault(one, one.violation, bytes)
  }

  /** Keeps what a client sends behind its request, in bounds: it "MUST wait for a response" (§4.1). */
  #hold(one: Direction, bytes: Uint8Array): void {
    keep(one, bytes)
    if (one.held.length > (this.#options.maxLength ?? DEFAULT_MAX_PAYLOAD_LENGTH))
      this.#giveUp(one, 'data-before-response', 0, one.held.take())
  }

  /** Reads what is held with these bytes as heads: one, or after interim responses several. */
  #readHeads(one: Direction, bytes: Uint8Array): void {
    keep(one, bytes)
    const longest = this.#options.maxHeadLength ?? DEFAULT_MAX_HEAD_LENGTH
    let rest = one.held.buffer.subarray(0, one.held.length)
    while (one.phase === 'head') {
      const length = headLength(rest, one.searched)
      // Whole or not: how it was cut into chunks must not tell.
      if ((length ?? rest.length) > longest) {
        this.#giveUp(one, 'head-too-long', longest, rest)
        return
      }
      one.searched = length === undefined ? rest.length : 0
      if (length === undefined) break
      try {
        this.#onHead(one, rest.slice(0, length))
      } catch (error) {
        if (!(error instanceof HeadError)) throw error
        this.#giveUp(one, error.rule, error.offset, rest)
        return
      }
      rest = rest.subarray(length)
    }
    if (rest.length < one.held.length) {
      one.held.take()
      keep(one, rest)
    }
    // What the client sent without waiting came before what follows the response.
    if (this.#outcome !== undefined) for (const from of ROLES) this.#release(this.#directions[from])
  }

  #onHead(one: Direction, bytes: Uint8Array): void {
    if (one.from === 'client') {
      const head = parseRequestHead(bytes)
      this.#request = head
      const placed = one.ledger.place(bytes.length)
      this.#fresh.push({ kind: 'request', from: 'client', head, checks: checkRequest(head), ...placed })
      one.phase = 'held'
      return
    }
    const head = parseResponseHead(bytes)
    const placed = one.ledger.place(bytes.length)
    const checks = checkResponse(head, this.#request)
    this.#fresh.push({ kind: 'response', from: 'server', head, checks, ...placed })
    // Any other 1xx comes before the response proper (RFC 9110 §15.2).
    if (head.status < 200 && head.status !== 101) return
    this.#outcome = head.status === 101 ? 'open' : 'refused'
    this.#deflate = this.#request && agreedDeflate(head, this.#request)
    this.#answeredAt = this.#directions.client.ledger.pushed
    one.phase = 'held'
  }

  /** Hands what is held to the phase that the handshake's outcome makes it. */
  #release(one: Direction): void {
    if (one.phase !== 'held') return
    one.phase = this.#outcome === 'open' ? 'frames' : 'body'
    one.framesFrom = one.ledger.placed
    const rest = one.held.take()
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
    this.#fresh.push({
      kind: 'frame',
      from: one.from,
      frame,
      violations: early
        ? [violationOf('data-before-response', one.from, frame.offset), ...violations]
        : violations,
      message,
      ...one.ledger.place(frame.headLength + frame.payloadLength),
    })
  }

  /** Gives up on these bytes, and on all that follow. */
  #giveUp(one: Direction, rule: HeadRuleId | FrameRuleId, offset: number, bytes: Uint8Array): void {
    one.held.take()
    this.#fault(one, { rule, by: one.from, offset, closeCode: undefined }, bytes)
  }

  #fault(one: Direction, violation: Violation, bytes: Uint8Array): void {
    one.phase = 'fault'
    one.violation = violation
    this.#fresh.push({ kind: 'fault', from: one.from, violation, bytes, ...one.ledger.place(bytes.length) })
  }
}

function direction(from: Role): Direction {
  return {
    from,
    ledger: new ChunkLedger(),
    held: new HeldBytes(),
    phase: 'head',
    searched: 0,
    framesFrom: 0,
    frames: undefined,
    violation: undefined,
  }
}

function keep(one: Direction, bytes: Uint8Array): void {
  one.held.append(bytes, 0, bytes.length, 2 * one.held.buffer.length)
}
