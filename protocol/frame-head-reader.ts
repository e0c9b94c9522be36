import type { FrameHead } from './frame.ts'
import { headSize, numberAt, WireFrame } from './wire-frame.ts'

/** Longest head of a frame, in bytes (RFC 6455 §5.2). */
const LONGEST_HEAD = 14

/**
 * Reads the heads of one direction's frames and passes over their payloads, however the bytes were chunked: for whoever
 * judges framing and leaves what it carries to others. Holds at most 14 bytes.
 */
export class FrameHeadReader {
  /** The beginning of a head; there is none most of the time, and then nothing is kept for it. */
  #held: Uint8Array<ArrayBuffer> | undefined
  #heldLength = 0
  /** Bytes of payload still to come. */
  #payloadLeft = 0
  /** Stream offset of the first byte that was not pushed yet. */
  #pushed = 0

  /** How many of the last bytes belong to a head that is not whole. */
  get pending(): number {
    return this.#heldLength
  }

  /**
   * Takes the next bytes and returns the heads they complete. A 64-bit length with its top bit set (§5.2) reads as
   * `Infinity`, and nothing is found behind it.
   */
  push(bytes: Uint8Array): FrameHead[] {
    const heads: FrameHead[] = []
    let at = 0
    while (at < bytes.length) {
      if (this.#payloadLeft > 0) {
        const passed = Math.min(this.#payloadLeft, bytes.length - at)
        this.#payloadLeft -= passed
        at += passed
        continue
      }
      const held = (this.#held ??= new Uint8Array(LONGEST_HEAD))
      const size = this.#heldLength < 2 ? 2 : headSize(held[1] ?? 0)
      const taken = Math.min(size - this.#heldLength, bytes.length - at)
      held.set(bytes.subarray(at, at + taken), this.#heldLength)
      this.#heldLength += taken
      at += taken
      if (this.#heldLength < 2 || this.#heldLength < headSize(held[1] ?? 0)) continue
      const head = held.slice(0, this.#heldLength)
      this.#payloadLeft = payloadLengthOf(head)
      const offset = this.#pushed + at - head.length
      heads.push(new WireFrame(head, head.buffer, 0, head.length + this.#payloadLeft, offset, true))
      this.#heldLength = 0
    }
    if (this.#heldLength === 0) this.#held = undefined
    this.#pushed += bytes.length
    return heads
  }
}

/** Payload length of a whole head. */
function payloadLengthOf(head: Uint8Array): number {
  const short = (head[1] ?? 0) & 0x7f
  if (short < 126) return short
  return short === 127 && (head[2] ?? 0) > 0x7f ? Infinity : numberAt(head, 2, short === 126 ? 4 : 10)
}
