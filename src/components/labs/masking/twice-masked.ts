import type { Frame } from '#protocol/frame.ts'
import type { TraceItem } from '#protocol/trace.ts'

/** One byte of a payload, and how it crossed each time. */
export interface MaskedByte {
  readonly payload: number
  readonly times: readonly { readonly key: number; readonly wire: number }[]
}

/** What each of the two is called. */
export const TIMES = ['첫 번째', '두 번째'] as const

/** The latest two masked data frames of the client with the same payload, the earlier first. */
export function twiceMasked(items: readonly TraceItem[]): readonly [Frame, Frame] | undefined {
  const frames = items.flatMap(item =>
    item.kind === 'frame' && item.from === 'client' && item.frame.masked && item.frame.opcode < 8
      ? [item.frame]
      : [],
  )
  for (let last = frames.length - 1; last > 0; last--) {
    const later = frames[last]
    const earlier = frames.slice(0, last).findLast(frame => later && samePayload(frame, later))
    if (earlier && later) return [earlier, later]
  }
  return undefined
}

function samePayload(a: Frame, b: Frame): boolean {
  return a.payloadLength === b.payloadLength && a.payload.every((byte, index) => byte === b.payload[index])
}

/** The first `limit` bytes of the payload that these frames share. */
export function maskedBytes(frames: readonly Frame[], limit: number): MaskedByte[] {
  const payload = frames[0]?.payload.subarray(0, limit) ?? new Uint8Array()
  return Array.from(payload, (byte, index) => ({
    payload: byte,
    times: frames.map(({ maskingKey, wire, headLength }) => ({
      key: maskingKey?.[index % 4] ?? 0,
      wire: wire[headLength + index] ?? 0,
    })),
  }))
}
