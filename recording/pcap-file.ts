import type { CapturedPacket } from './capture.ts'
import { damaged } from './recording-error.ts'

/** First field of a file, which also shows its byte order, and how many nanoseconds its times count in. */
const MAGIC: Readonly<Record<number, number>> = { 0xa1b2c3d4: 1000, 0xa1b23c4d: 1 }
const FILE_HEAD = 24
const PACKET_HEAD = 16
/** The link type's own bits of its field. */
const LINK_BITS = 0xffff

function byteOrder(
  bytes: Uint8Array,
): { readonly little: boolean; readonly nanoseconds: number } | undefined {
  if (bytes.length < 4) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (const little of [true, false]) {
    const nanoseconds = MAGIC[view.getUint32(0, little)]
    if (nanoseconds !== undefined) return { little, nanoseconds }
  }
  return undefined
}

/** Whether a file begins as classic pcap does, as `tcpdump -w` writes it. */
export function isPcap(bytes: Uint8Array): boolean {
  return byteOrder(bytes) !== undefined
}

/**
 * Reads a classic capture file (draft-ietf-opsawg-pcap), of either byte order, in micro- or nanoseconds.
 * @throws RecordingError when it is damaged or cut short
 */
export function* readPcap(bytes: Uint8Array): Generator<CapturedPacket> {
  const order = byteOrder(bytes)
  if (!order || bytes.length < FILE_HEAD) throw damaged('byte 0', 'no head of a capture file')
  const { little, nanoseconds } = order
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const link = view.getUint32(20, little) & LINK_BITS
  for (let at = FILE_HEAD; at < bytes.length;) {
    const where = `byte ${at}`
    if (at + PACKET_HEAD > bytes.length) throw damaged(where, 'the file ends inside a packet')
    const seconds = view.getUint32(at, little)
    const fraction = view.getUint32(at + 4, little)
    const length = view.getUint32(at + 8, little)
    const start = at + PACKET_HEAD
    if (length > bytes.length - start)
      throw damaged(where, `a packet of ${length} bytes does not fit the file`)
    yield {
      kind: 'packet',
      link,
      at: seconds * 1e6 + Math.floor((fraction * nanoseconds) / 1000),
      bytes: bytes.subarray(start, start + length),
      comments: [],
      where,
    }
    at = start + length
  }
}
