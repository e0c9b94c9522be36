import type { Frame } from './frame.ts'
import { HeldBytes } from './held-bytes.ts'
import type { FrameRuleId } from './frame-rule-facts.ts'
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
  /** The frame that is not finished. */
  readonly #held = new HeldBytes()
  #violation: ProtocolViolation | undefined

  constructor(options: FrameParserOptions = {}) {
    this.#maxPayloadLength = options.maxPayloadLength ?? DEFAULT_MAX_PAYLOAD_LENGTH
    this.#keepWire = options.keepWire ?? true
  }

  /** Bytes held of an unfinished frame. */
  get pending(): number {
    return this.#held.length
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
    let at = this.#held.length === 0 ? 0 : this.#resume(bytes, frames)
    const kept = this.#keepWire
    const max = this.#maxPayloadLength
    const { buffer } = bytes
    while (at < length) {
      // Most frames are short and whole; the general way says the same of them, slower.
      const second = length - at > 1 ? (bytes[at + 1] ?? 0) : 127
      const short = second & 0x7f
      const size =
        short < 126 && short <= max ? short + (second > 0x7f ? 6 : 2) : frameSize(bytes, at, length, max)
      if (typeof size === 'string') this.#fail(size, frames, bytes.subarray(at))
      if (size === 0 || size > length - at) {
        this.#hold(bytes, at, length, size)
        break
      }
      frames.push(new WireFrame(bytes, buffer, at, size, this.#offset, kept))
      this.#offset += size
      at += size
    }
    return frames
  }

  /** Fills the held frame from `bytes`; returns how many of them it took. */
  #resume(bytes: Uint8Array, frames: Frame[]): number {
    const held = this.#held
    let at = 0
    for (;;) {
      const size = frameSize(held.buffer, 0, held.length, this.#maxPayloadLength)
      if (typeof size === 'string') {
        held.append(bytes, at, bytes.length, 0)
        this.#fail(size, frames, held.take())
      }
      if (size !== 0 && held.length === size) {
        const whole = held.take()
        frames.push(new WireFrame(whole, whole.buffer, 0, size, this.#offset, this.#keepWire))
        this.#offset += size
        return at
      }
      if (at === bytes.length) return at
      const target = size === 0 ? (held.length < 2 ? 2 : headSize(held.buffer[1] ?? 0)) : size
      const end = Math.min(bytes.length, at + target - held.length)
      this.#hold(bytes, at, end, size)
      at = end
    }
  }

  /** Holds more of a frame of `size` bytes, 0 when that is not known yet; never makes room for more than it has. */
  #hold(bytes: Uint8Array, start: number, end: number, size: number): void {
    const doubled = Math.max(2 * this.#held.buffer.length, FIRST_BUFFER_BYTES)
    this.#held.append(bytes, start, end, Math.min(size || MAX_HEAD_BYTES, doubled))
  }

  /** @param rest from the frame at fault on */
  #fail(rule: FrameRuleId, frames: readonly Frame[], rest: Uint8Array): never {
    const atExtendedLength = ((rest[1] ?? 0) & 0x7f) > 125
    const offset = this.#offset + (atExtendedLength ? 2 : 1)
    this.#violation = new ProtocolViolation(rule, offset, frames, rest)
    throw this.#violation
  }
}

/** The longest head: two bytes, a length of 64 bits, a masking key. */
const MAX_HEAD_BYTES = 14

/**
 * Bytes of the whole frame that begins at `start`, as far as `bytes[start..end)` tells: 0 while its head is not complete,
 * the rule when its length breaks one.
 */
function frameSize(bytes: Uint8Array, start: number, end: number, max: number): number | FrameRuleId {
  const available = end - start
  if (available < 2) return 0
  const second = bytes[start + 1] ?? 0
  const head = headSize(second)
  let length = second & 0x7f
  const extended = length < 126 ? 0 : length === 126 ? 2 : 8
  if (available < 2 + extended) return 0
  if (extended > 0) {
    length = numberAt(bytes, start + 2, start + 2 + extended)
    if (extended === 8 && (bytes[start + 2] ?? 0) > 0x7f) return 'length-63-bits'
  }
  if (length > max) return 'message-length'
  return available < head ? 0 : head + length
}
