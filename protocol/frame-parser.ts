import type { Frame } from './frame.ts'
import { join } from './join.ts'
import type { FrameRuleId } from './rule-facts.ts'
import { closeCodeOf } from './violation.ts'
import { headSize, numberAt, WireFrame } from './wire-frame.ts'

/** Largest payload a parser takes unless told otherwise, in bytes: 16 MiB. */
export const DEFAULT_MAX_PAYLOAD_LENGTH = 16 * 1024 * 1024

/** Bytes of a frame that no parser can go past. The stream ends here: nothing after it can be found any more. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation'
  readonly rule: FrameRuleId
  /** Offset in the stream of the byte that broke the rule. */
  readonly offset: number
  readonly closeCode: number | undefined
  /** Frames that were complete before it in the same push. */
  readonly frames: readonly Frame[]
  /** Bytes from the beginning of the frame at fault to the end of what was pushed. */
  readonly rest: Uint8Array

  constructor(rule: FrameRuleId, offset: number, frames: readonly Frame[], rest: Uint8Array) {
    super(`${rule} at byte ${offset}`)
    this.rule = rule
    this.offset = offset
    this.closeCode = closeCodeOf(rule)
    this.frames = frames
    this.rest = rest
  }
}

export interface FrameParserOptions {
  /** Longest payload of one frame, in bytes (default `DEFAULT_MAX_PAYLOAD_LENGTH`). */
  readonly maxPayloadLength?: number
  /**
   * Whether frames keep their `wire` bytes (default true): then what is pushed must not change as long as a frame of it
   * is in use. With false the parser owns what is pushed: payloads are unmasked in place and `wire` is empty.
   */
  readonly keepWire?: boolean
}

const NOTHING = new Uint8Array(0)
/** A buffer for an unfinished frame starts no larger than this, whatever length the frame claims. */
const FIRST_BUFFER_BYTES = 64 * 1024

/**
 * Cuts one direction's bytes after the handshake into frames (RFC 6455 §5.2), however they were chunked. Frames that
 * lie whole in a chunk are views of it; the others are copied once (amortised). Whether a frame is legal is not the
 * parser's business but `frame-rules.ts`'s, so that illegal ones can be shown.
 */
export class FrameParser {
  readonly #maxPayloadLength: number
  readonly #keepWire: boolean
  /** Stream offset of the first byte that is not in a returned frame. */
  #offset = 0
  /** Bytes so far of the frame that is not finished. */
  #held: Uint8Array = NOTHING
  #heldLength = 0
  #violation: ProtocolViolation | undefined

  constructor(options: FrameParserOptions = {}) {
    this.#maxPayloadLength = options.maxPayloadLength ?? DEFAULT_MAX_PAYLOAD_LENGTH
    this.#keepWire = options.keepWire ?? true
  }

  /** Bytes held of an unfinished frame. */
  get pending(): number {
    return this.#heldLength
  }

  /**
   * Takes the next bytes and returns the frames they complete. Empty chunks are fine.
   * @throws ProtocolViolation at a 64-bit length with its top bit set (§5.2) or above `maxPayloadLength` (§10.4);
   *   then again at every later push
   */
  push(bytes: Uint8Array): Frame[] {
    const broken = this.#violation
    if (broken) throw new ProtocolViolation(broken.rule, broken.offset, [], bytes)
    const frames: Frame[] = []
    const { length } = bytes
    let at = this.#heldLength === 0 ? 0 : this.#resume(bytes, frames)
    const kept = this.#keepWire
    const max = this.#maxPayloadLength
    while (at < length) {
      // Most frames are short and whole; the general way says the same of them, slower.
      const second = length - at > 1 ? (bytes[at + 1] ?? 0) : 127
      const short = second & 0x7f
      const size =
        short < 126 && short <= max
          ? short + (second > 0x7f ? 6 : 2)
          : this.#sizeOf(bytes, at, length, frames, bytes)
      if (size === 0 || size > length - at) {
        this.#hold(bytes, at, length, size)
        break
      }
      frames.push(new WireFrame(bytes, at, size, this.#offset, kept))
      this.#offset += size
      at += size
    }
    return frames
  }

  /** Fills the held frame from `bytes`; returns how many of them it took. */
  #resume(bytes: Uint8Array, frames: Frame[]): number {
    let at = 0
    for (;;) {
      const size = this.#sizeOf(this.#held, 0, this.#heldLength, frames, bytes, at)
      if (size !== 0 && this.#heldLength === size) {
        const held = this.#held
        this.#held = NOTHING
        this.#heldLength = 0
        frames.push(new WireFrame(held, 0, size, this.#offset, this.#keepWire))
        this.#offset += size
        return at
      }
      if (at === bytes.length) return at
      const target = size === 0 ? (this.#heldLength < 2 ? 2 : headSize(this.#held[1] ?? 0)) : size
      const end = Math.min(bytes.length, at + target - this.#heldLength)
      this.#hold(bytes, at, end, size)
      at = end
    }
  }

  /** Bytes of the whole frame that begins at `start`, 0 while its head is not complete. */
  #sizeOf(
    bytes: Uint8Array,
    start: number,
    end: number,
    frames: readonly Frame[],
    pushed: Uint8Array,
    pushedFrom = start,
  ): number {
    const available = end - start
    if (available < 2) return 0
    const second = bytes[start + 1] ?? 0
    const short = second & 0x7f
    const head = headSize(second)
    let length = short
    if (short === 126) {
      if (available < 4) return 0
      length = numberAt(bytes, start + 2, start + 4)
    } else if (short === 127) {
      if (available < 10) return 0
      length = numberAt(bytes, start + 2, start + 10)
      if ((bytes[start + 2] ?? 0) & 0x80)
        this.#fail('length-63-bits', frames, bytes, start, end, pushed, pushedFrom)
    }
    if (length > this.#maxPayloadLength)
      this.#fail('message-length', frames, bytes, start, end, pushed, pushedFrom)
    return available < head ? 0 : head + length
  }

  #fail(
    rule: FrameRuleId,
    frames: readonly Frame[],
    bytes: Uint8Array,
    start: number,
    end: number,
    pushed: Uint8Array,
    pushedFrom: number,
  ): never {
    const rest =
      bytes === pushed
        ? pushed.subarray(start)
        : join([bytes.subarray(start, end), pushed.subarray(pushedFrom)])
    this.#held = NOTHING
    this.#heldLength = 0
    const violation = new ProtocolViolation(rule, this.#offset + 2, frames, rest)
    this.#violation = violation
    throw violation
  }

  /** Appends to the held frame, growing by doubling and never past `size`, so that each byte is copied O(1) times. */
  #hold(bytes: Uint8Array, start: number, end: number, size: number): void {
    const length = this.#heldLength + end - start
    if (length > this.#held.length) {
      const room = Math.max(length, Math.min(size || 14, Math.max(2 * this.#held.length, FIRST_BUFFER_BYTES)))
      const grown = new Uint8Array(room)
      grown.set(this.#held.subarray(0, this.#heldLength))
      this.#held = grown
    }
    if (end - start === 1) this.#held[this.#heldLength] = bytes[start] ?? 0
    else this.#held.set(bytes.subarray(start, end), this.#heldLength)
    this.#heldLength = length
  }
}
