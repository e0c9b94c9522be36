import type { CapturedPacket, CaptureItem } from './capture.ts'
import { BLOCKS, BYTE_ORDER_MAGIC, OPTIONS, padded } from './pcapng-blocks.ts'
import { damaged, RecordingError, tooMany } from './recording-error.ts'

interface Interface {
  readonly link: number
  readonly snapLength: number
  /** Units of its times in a second. */
  readonly perSecond: bigint
  /** Seconds to add to its times. */
  readonly offset: bigint
}

interface Block {
  /** Fields and options, without type and lengths. */
  readonly body: DataView
  readonly where: string
}

/** Latest time that is believed, in microseconds since 1970: numbers are exact up to it. */
const LATEST = BigInt(Number.MAX_SAFE_INTEGER)
const MICROSECONDS = 1_000_000n
const BLOCK_FRAME = 12
/** Most interfaces of one section. */
const MAX_INTERFACES = 10_000

const decoder = new TextDecoder()

/** Whether a file begins as pcapng does. */
export function isPcapng(bytes: Uint8Array): boolean {
  return [0x0a, 0x0d, 0x0d, 0x0a].every((byte, i) => bytes[i] === byte)
}

/**
 * Reads a pcapng file (draft-ietf-opsawg-pcapng): any number of sections and interfaces, either byte order, any
 * resolution of time. Blocks other than packets are passed over.
 * @throws RecordingError when it is damaged or cut short, or a section of another major version
 */
export function readPcapng(bytes: Uint8Array): Generator<CaptureItem> {
  return new PcapngReader(bytes).read()
}

class PcapngReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #little = true
  #interfaces: Interface[] = []
  #latest = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  *read(): Generator<CaptureItem> {
    if (!isPcapng(this.#bytes)) throw damaged('byte 0', 'no section of a pcapng file')
    for (let at = 0; at < this.#bytes.length;) {
      const { type, length, body, where } = this.#blockAt(at)
      yield* this.#take(type, { body, where })
      at += length
    }
  }

  #blockAt(at: number): Block & { readonly type: number; readonly length: number } {
    const where = `byte ${at}`
    const left = this.#bytes.length - at
    if (left < BLOCK_FRAME) throw damaged(where, 'the file ends inside a block')
    const type = this.#view.getUint32(at, this.#little)
    // A section's type reads the same in both orders, and tells the order of all that follows.
    if (type === BLOCKS.section) this.#little = this.#orderAt(at + 8, where)
    const length = this.#view.getUint32(at + 4, this.#little)
    if (length < BLOCK_FRAME || length % 4 !== 0) throw damaged(where, `a block of ${length} bytes`)
    if (length > left) throw damaged(where, `a block of ${length} bytes, and the file has ${left} left`)
    if (this.#view.getUint32(at + length - 4, this.#little) !== length)
      throw damaged(where, 'the block says two different lengths')
    const body = new DataView(this.#view.buffer, this.#view.byteOffset + at + 8, length - BLOCK_FRAME)
    return { type, length, body, where }
  }

  #orderAt(at: number, where: string): boolean {
    for (const little of [true, false])
      if (this.#view.getUint32(at, little) === BYTE_ORDER_MAGIC) return little
    throw damaged(where, 'a section that does not tell its byte order')
  }

  *#take(type: number, block: Block): Generator<CaptureItem> {
    if (type === BLOCKS.section) yield* this.#section(block)
    else if (type === BLOCKS.interface) this.#interface(block)
    else if (type === BLOCKS.enhancedPacket) yield this.#timedPacket(block, false)
    else if (type === BLOCKS.packet) yield this.#timedPacket(block, true)
    else if (type === BLOCKS.simplePacket) yield this.#simplePacket(block)
  }

  *#section(block: Block): Generator<CaptureItem> {
    need(block, 16)
    const major = block.body.getUint16(4, this.#little)
    if (major !== 1)
      throw new RecordingError('unsupported', block.where, `pcapng of version ${major}; this reads version 1`)
    this.#interfaces = []
    for (const { code, value } of this.#options(block, 16))
      if (code === OPTIONS.comment) yield { kind: 'comment', text: decoder.decode(value) }
  }

  #interface(block: Block): void {
    need(block, 8)
    let perSecond = MICROSECONDS
    let offset = 0n
    for (const { code, value } of this.#options(block, 8)) {
      const [first = 0] = value
      if (code === OPTIONS.timeResolution && value.length > 0)
        perSecond = first & 0x80 ? 2n ** BigInt(first & 0x7f) : 10n ** BigInt(first)
      if (code === OPTIONS.timeOffset && value.length === 8)
        offset = new DataView(value.buffer, value.byteOffset).getBigInt64(0, this.#little)
    }
    if (this.#interfaces.length === MAX_INTERFACES) throw tooMany(block.where, MAX_INTERFACES, 'interfaces')
    this.#interfaces.push({
      link: block.body.getUint16(0, this.#little),
      snapLength: block.body.getUint32(4, this.#little),
      perSecond,
      offset,
    })
  }

  /** A packet with its time. The obsolete block has 16 bits for the interface, and as many for drops before it. */
  #timedPacket(block: Block, isObsolete: boolean): CapturedPacket {
    need(block, 20)
    const { body, where } = block
    const id = isObsolete ? body.getUint16(0, this.#little) : body.getUint32(0, this.#little)
    const length = body.getUint32(12, this.#little)
    const time = (BigInt(body.getUint32(4, this.#little)) << 32n) | BigInt(body.getUint32(8, this.#little))
    const { link, perSecond, offset } = this.#interfaceOf(id, where)
    const at = (perSecond === MICROSECONDS ? time : (time * MICROSECONDS) / perSecond) + offset * MICROSECONDS
    if (at < 0n || at > LATEST) throw damaged(where, 'a packet from no time that can be')
    this.#latest = Number(at)
    const bytes = bytesOf(block, 20, length)
    const comments: string[] = []
    for (const { code, value } of this.#options(block, 20 + padded(length)))
      if (code === OPTIONS.comment) comments.push(decoder.decode(value))
    return { kind: 'packet', link, at: this.#latest, bytes, comments, where }
  }

  /** A packet without a time: that of the one before it has to do. */
  #simplePacket(block: Block): CapturedPacket {
    need(block, 4)
    const { body, where } = block
    const { link, snapLength } = this.#interfaceOf(0, where)
    const original = body.getUint32(0, this.#little)
    const length = snapLength === 0 ? original : Math.min(original, snapLength)
    return { kind: 'packet', link, at: this.#latest, bytes: bytesOf(block, 4, length), comments: [], where }
  }

  #interfaceOf(id: number, where: string): Interface {
    const found = this.#interfaces[id]
    if (!found) throw damaged(where, `a packet of interface ${id}, and there are ${this.#interfaces.length}`)
    return found
  }

  /** Options from an offset of the body on (§3.5). */
  *#options(
    { body, where }: Block,
    from: number,
  ): Generator<{ readonly code: number; readonly value: Uint8Array<ArrayBuffer> }> {
    for (let at = from; at + 4 <= body.byteLength;) {
      const code = body.getUint16(at, this.#little)
      const length = body.getUint16(at + 2, this.#little)
      if (code === OPTIONS.end) return
      if (at + 4 + length > body.byteLength) throw damaged(where, `an option of ${length} bytes does not fit`)
      yield { code, value: new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset + at + 4, length) }
      at += 4 + padded(length)
    }
  }
}

function need({ body, where }: Block, bytes: number): void {
  if (body.byteLength < bytes) throw damaged(where, `a block too short for its fields`)
}

function bytesOf({ body, where }: Block, from: number, length: number): Uint8Array {
  if (length > body.byteLength - from)
    throw damaged(where, `a packet of ${length} bytes does not fit its block`)
  return new Uint8Array(body.buffer, body.byteOffset + from, length)
}
