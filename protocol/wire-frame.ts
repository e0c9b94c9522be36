import type { Frame } from './frame.ts'
import { maskRange, wordAt } from './mask.ts'
import { pooled } from './pool.ts'

const NOTHING = new Uint8Array(0)

/**
 * A frame that reads itself from the bytes it came in. What costs memory (payload, key and wire) is only made when
 * somebody asks: most of a parser's time would otherwise go into views nobody looks at.
 */
export class WireFrame implements Frame {
  readonly offset: number
  readonly payloadLength: number
  readonly headLength: number
  readonly #bytes: Uint8Array
  readonly #begin: number
  readonly #first: number
  readonly #second: number
  readonly #kept: boolean
  #payload: Uint8Array | undefined

  /**
   * @param bytes where the frame lies, whole
   * @param begin index of its first byte there
   * @param offset of its first byte in the stream
   * @param kept whether the bytes stay as they crossed; if not, the payload is unmasked there at once
   */
  constructor(
    bytes: Uint8Array,
    begin: number,
    headLength: number,
    payloadLength: number,
    offset: number,
    kept: boolean,
  ) {
    this.offset = offset
    this.payloadLength = payloadLength
    this.headLength = headLength
    this.#bytes = bytes
    this.#begin = begin
    this.#first = bytes[begin] ?? 0
    this.#second = bytes[begin + 1] ?? 0
    this.#kept = kept
    this.#payload = payloadLength === 0 ? NOTHING : undefined
    if (!kept && this.#second > 0x7f && payloadLength > 0) {
      const start = begin + headLength
      maskRange(bytes, start, start + payloadLength, wordAt(bytes, start - 4))
    }
  }

  get fin(): boolean {
    return this.#first > 0x7f
  }

  get rsv1(): boolean {
    return (this.#first & 0x40) !== 0
  }

  get rsv2(): boolean {
    return (this.#first & 0x20) !== 0
  }

  get rsv3(): boolean {
    return (this.#first & 0x10) !== 0
  }

  get opcode(): number {
    return this.#first & 0x0f
  }

  get masked(): boolean {
    return this.#second > 0x7f
  }

  get lengthForm(): 7 | 16 | 64 {
    const short = this.#second & 0x7f
    return short < 126 ? 7 : short === 126 ? 16 : 64
  }

  get maskingWord(): number | undefined {
    return this.masked ? wordAt(this.#bytes, this.#begin + this.headLength - 4) : undefined
  }

  get maskingKey(): Uint8Array | undefined {
    return this.masked ? this.#view(this.headLength - 4, this.headLength) : undefined
  }

  get payload(): Uint8Array {
    return (this.#payload ??= this.#unmasked())
  }

  get wire(): Uint8Array {
    return this.#kept ? this.#view(0, this.headLength + this.payloadLength) : NOTHING
  }

  #unmasked(): Uint8Array {
    const wire = this.#view(this.headLength, this.headLength + this.payloadLength)
    if (!this.#kept || !this.masked) return wire
    const payload = pooled(wire.length)
    payload.set(wire)
    maskRange(payload, 0, payload.length, wordAt(this.#bytes, this.#begin + this.headLength - 4))
    return payload
  }

  #view(start: number, end: number): Uint8Array {
    const { buffer, byteOffset } = this.#bytes
    return new Uint8Array(buffer, byteOffset + this.#begin + start, end - start)
  }
}
