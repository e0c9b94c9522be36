import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Inflate } from '#protocol/deflate.ts'

/** Inflation by node:zlib. Its error for too much output is a RangeError. */
export const inflate: Inflate = (compressed, window, maxLength) =>
  inflateRawSync(compressed, {
    maxOutputLength: Math.max(1, maxLength),
    ...(window.length > 0 && { dictionary: window }),
  })

/** One message compressed as RFC 7692 §7.2.1 says, referring to what was said before if that is given. */
export function deflateMessage(payload: Uint8Array, before?: Uint8Array): Uint8Array {
  const flushed = deflateRawSync(payload, {
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(before && before.length > 0 && { dictionary: before }),
  })
  return new Uint8Array(flushed.subarray(0, -4))
}

/** Messages compressed one after another, each on its own or in the context of those before it. */
export function deflateMessages(messages: readonly Uint8Array[], takesOver: boolean): Uint8Array[] {
  let before = new Uint8Array(0)
  return messages.map(message => {
    const compressed = deflateMessage(message, takesOver ? before : undefined)
    before = new Uint8Array(Buffer.concat([before, message]).subarray(-32768))
    return compressed
  })
}
