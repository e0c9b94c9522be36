import { parseClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { peerOf, ROLES, type Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'
import { brokenChecks } from './frame-filter.ts'

/** One direction in numbers. */
export interface DirectionStats {
  /** Bytes on the wire, heads included. */
  bytes: number
  /** Bytes of the opening handshake. */
  handshakeBytes: number
  frames: number
  messages: number
  /** Payload of data frames, as it crossed. */
  payloadBytes: number
  /** Frame heads and control frames: what crossed and is nobody's message. */
  overheadBytes: number
  violations: number
}

/** A ping and the pong that answered it. */
export interface RoundTrip {
  /** Who asked. */
  readonly by: Role
  /** Time of the ping, µs since the session began. */
  readonly at: number
  /** From the tap seeing the ping to its seeing the pong, in µs. */
  readonly micros: number
}

/** One side's Close frame. */
export interface CloseSaid {
  readonly code: number | undefined
  readonly reason: string
  readonly at: number
}

/** Most pings without an answer that are remembered, and most round trips kept to be drawn. */
const MAX_PENDING = 64
const MAX_ROUND_TRIPS = 500

/** Counts a connection as it goes, so that nothing has to be counted again when the oldest items are forgotten. */
export class ConnectionStats {
  readonly client = emptyDirection()
  readonly server = emptyDirection()
  readonly roundTrips: RoundTrip[] = []
  /** Who said Close, and what; the first to do so began the closing handshake. */
  readonly closes: { client?: CloseSaid; server?: CloseSaid } = {}
  firstClose: Role | undefined
  readonly #pings: Record<Role, { at: number; payload: string }[]> = { client: [], server: [] }

  add(item: TraceItem): void {
    const side = this[item.from]
    switch (item.kind) {
      case 'request':
      case 'response':
        side.bytes += item.head.bytes.length
        side.handshakeBytes += item.head.bytes.length
        side.violations += brokenChecks(item.checks).length
        return
      case 'body':
        side.bytes += item.bytes.length
        return
      case 'fault':
        side.bytes += item.bytes.length
        side.violations++
        return
      case 'frame':
        this.#addFrame(item, side)
    }
  }

  #addFrame(item: Extract<TraceItem, { kind: 'frame' }>, side: DirectionStats): void {
    const { frame, message, violations, from, at } = item
    side.bytes += frame.headLength + frame.payloadLength
    side.frames++
    side.violations += violations.length
    side.overheadBytes += frame.headLength
    if (message) side.messages++
    if (frame.opcode < OPCODES.close) side.payloadBytes += frame.payloadLength
    else side.overheadBytes += frame.payloadLength
    if (frame.opcode === OPCODES.ping) this.#ping(from, at, frame.payload)
    else if (frame.opcode === OPCODES.pong) this.#pong(from, at, frame.payload)
    else if (frame.opcode === OPCODES.close && !this.closes[from]) {
      const { code, reason } = parseClosePayload(frame.payload)
      this.closes[from] = { code, reason, at }
      this.firstClose ??= from
    }
  }

  #ping(by: Role, at: number, payload: Uint8Array): void {
    const pending = this.#pings[by]
    pending.push({ at, payload: key(payload) })
    if (pending.length > MAX_PENDING) pending.shift()
  }

  /** A pong answers the latest ping with its payload, and all before that one (RFC 6455 §5.5.3). */
  #pong(from: Role, at: number, payload: Uint8Array): void {
    const by = peerOf(from)
    const pending = this.#pings[by]
    const wanted = key(payload)
    const index = pending.findLastIndex(ping => ping.payload === wanted)
    const ping = pending[index]
    // Unasked: a pong may also be a heartbeat of its own.
    if (!ping) return
    pending.splice(0, index + 1)
    this.roundTrips.push({ by, at: ping.at, micros: at - ping.at })
    if (this.roundTrips.length > MAX_ROUND_TRIPS) this.roundTrips.shift()
  }

  /** Payload bytes of data frames by all bytes after the handshake, both ways; undefined while there are none. */
  get payloadShare(): number | undefined {
    const sides = ROLES.map(role => this[role])
    const bytes = sum(sides.map(side => side.bytes - side.handshakeBytes))
    return bytes === 0 ? undefined : sum(sides.map(side => side.payloadBytes)) / bytes
  }
}

function emptyDirection(): DirectionStats {
  return {
    bytes: 0,
    handshakeBytes: 0,
    frames: 0,
    messages: 0,
    payloadBytes: 0,
    overheadBytes: 0,
    violations: 0,
  }
}

function key(payload: Uint8Array): string {
  return String.fromCharCode(...payload.subarray(0, 125))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
