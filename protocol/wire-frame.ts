import type { Frame } from './frame.ts'
import { maskRange, wordAt } from './mask.ts'
import { pooled } from './pool.ts'

const NOTHING = new Uint8Array(0)

/** Above the head's first two bytes in `#head`: the bytes stay as they crossed. */
const KEPT = 0x10000

/** Bytes before the payload, by the second byte of a frame (RFC 6455 §5.2). */
export function headSize(second: number): number {
  const short = second & 0x7f
  return 2 + (short < 126 ? 0 : short === 126 ? 2 : 8) + (second > 0x7f ? 4 : 0)
}

/** The big-endian number in these bytes; above 2^53 the nearest that a number can hold. */
export function numberAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let i = start; i < end; i++) value = value * 256 + (bytes[i] ?? 0)
  return value
}

/**
 * A frame that reads itself from the bytes it came in. What costs memory (payload, key and wire) is only made when
 * somebody asks: most of a parser's time would otherwise go into views nobody looks at.
 */
export class WireFrame implements Frame {
  readonly offset: number
  readonly payloadLength: number
  readonly #buffer: ArrayBufferLike
  readonly #begin: number
  /** The first two bytes as one number, and `KEPT`: the fewer fields, the faster a frame is made. */
  readonly #head: number
  readonly #key: number
  #payload: Uint8Array | undefined

  /**
   * @param bytes where the frame lies, whole
   * @param buffer of `bytes`: asking each time for it costs a third of making a frame
   * @param begin index of its first byte in `bytes`
   * @param size in bytes, head included
   * @param offset of its first byte in the stream
   * @param kept whether the bytes stay as they crossed; if not, the payload is unmasked there at once
   */
  constructor(
    bytes: Uint8Array,
    buffer: ArrayBufferLike,
    begin: number,
    size: number,
    offset: number,
    kept: boolean,
  ) {
    const second = bytes[begin + 1] ?? 0
    const headLength = headSize(second)
    const start = begin + headLength
    this.offset = offset
    this.payloadLength = size - headLength
    this.#buffer = buffer
    this.#begin = bytes.byteOffset + begin
    this.#head = ((bytes[begin] ?? 0) << 8) | second | (kept ? KEPT : 0)
    this.#key = second > 0x7f ? wordAt(bytes, start - 4) : 0
    this.#payload = undefined
    if (!kept && second > 0x7f) maskRange(bytes, start, begin + size, this.#key, buffer)
  }

  get fin(): boolean {
    return (this.#head & 0x8000) !== 0
  }

  get rsv1(): boolean {
    return (this.#head & 0x4000) !== 0
  }

  get rsv2(): boolean {
    return (this.#head & 0x2000) !== 0
  }

  get rsv3(): boolean {
    return (this.#head & 0x1000) !== 0
  }

  get opcode(): number {
    return (this.#head >> 8) & 0x0f
  }

  get masked(): boolean {
    return (this.#head & 0x80) !== 0
  }

  get lengthForm(): 7 | 16 | 64 {
    const short = this.#head & 0x7f
    return short < 126 ? 7 : short === 126 ? 16 : 64
  }

  get headLength(): number {
    return headSize(this.#head & 0xff)
  }

  get maskingWord(): number | undefined {
    return this.masked ? this.#key : undefined
  }

  get maskingKey(): Uint8Array | undefined {
    return this.masked ? this.#view(this.headLength - 4, 4) : undefined
  }

  get payload(): Uint8Array {
    return (this.#payload ??= this.#unmasked())
  }

  get wire(): Uint8Array {
    return this.#head & KEPT ? this.#view(0, this.headLength + this.payloadLength) : NOTHING
  }

  #unmasked(): Uint8Array {
    const wire = this.#view(this.headLength, this.payloadLength)
    if (!(this.#head & KEPT) || !this.masked) return wire
    const payload = pooled(wire.length)
    payload.set(wire)
    maskRange(payload, 0, payload.length, this.#key)
    return payload
  }

  #view(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#begin + start, length)
  }
}
