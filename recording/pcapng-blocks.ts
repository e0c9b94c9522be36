/** Numbers of the pcapng format (IETF draft-ietf-opsawg-pcapng; sections in brackets), and how to write its blocks. */

/** Block types (§4). */
export const BLOCKS = {
  section: 0x0a0d0d0a,
  interface: 1,
  /** Obsolete (appendix A), but written until 2012. */
  packet: 2,
  simplePacket: 3,
  enhancedPacket: 6,
} as const

/** First field of a section: shows in which order its bytes are (§4.1). */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** Option codes (§3.5, §4.1, §4.2). */
export const OPTIONS = {
  end: 0,
  comment: 1,
  /** Of a section: the program that wrote it. */
  application: 4,
  /** Of an interface. */
  name: 2,
  timeResolution: 9,
  timeOffset: 14,
} as const

/** Link types (https://www.tcpdump.org/linktypes.html) whose packets are understood. */
export const LINKS = {
  null: 0,
  ethernet: 1,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const

export interface Option {
  readonly code: number
  readonly value: Uint8Array
}

const encoder = new TextEncoder()

/** An option of text. */
export function textOption(code: number, text: string): Option {
  return { code, value: encoder.encode(text) }
}

/** One block: type, length, body, options, length again (§3.1), little-endian. Body fields are 32-bit words or bytes. */
export function writeBlock(
  type: number,
  body: readonly (number | Uint8Array)[],
  options: readonly Option[],
): Uint8Array<ArrayBuffer> {
  const bodyLength = body.reduce<number>(
    (sum, part) => sum + (typeof part === 'number' ? 4 : padded(part.length)),
    0,
  )
  // Options end with one that says so, and has nothing but zeros.
  const end = options.length > 0 ? 4 : 0
  const optionsLength = options.reduce((sum, { value }) => sum + 4 + padded(value.length), end)
  const length = 12 + bodyLength + optionsLength
  const block = new Uint8Array(length)
  const view = new DataView(block.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  let at = 8
  for (const part of body) {
    if (typeof part === 'number') view.setUint32(at, part, true)
    else block.set(part, at)
    at += typeof part === 'number' ? 4 : padded(part.length)
  }
  for (const { code, value } of options) {
    view.setUint16(at, code, true)
    view.setUint16(at + 2, value.length, true)
    block.set(value, at + 4)
    at += 4 + padded(value.length)
  }
  view.setUint32(length - 4, length, true)
  return block
}

/** Values are filled up to whole 32-bit words (§3.5). */
export function padded(length: number): number {
  return Math.ceil(length / 4) * 4
}
