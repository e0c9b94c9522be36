import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Inflate } from '#protocol/deflate.ts'

/** Inflation by node:zlib. Its error for too much output is a RangeError. */
export const inflate: Inflate = (compressed, window, maxLength) =>
  inflateRawSync(compressed, {
    maxOutputLength: Math.max(1, maxLength),
    ...(window.length > 0 && { dictionary: window }),
  })

/** One message compressed as RFC 7692 §7.2.1 says, without context. */
export function deflateMessage(payload: Uint8Array): Uint8Array {
  const flushed = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH })
  return new Uint8Array(flushed.subarray(0, -4))
}
