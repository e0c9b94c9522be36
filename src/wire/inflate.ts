import type { Inflate } from '#protocol/deflate.ts'
import { Inflate as Inflater } from 'pako'

/** Most bytes inflated at once, and so how far a small message can shoot over its limit before it is stopped. */
const CHUNK_BYTES = 64 * 1024

/**
 * Inflates in the page, where the platform has a `DecompressionStream` but none that works synchronously and knows what
 * was said before. Loaded only for connections that agreed on permessage-deflate.
 */
export const inflate: Inflate = (compressed, window, maxLength) => {
  const chunks: Uint8Array[] = []
  let length = 0
  const inflater = new Inflater({
    raw: true,
    chunkSize: Math.min(CHUNK_BYTES, maxLength + 1),
    ...(window.length > 0 && { dictionary: window }),
  })
  inflater.onData = chunk => {
    length += chunk.length
    if (length > maxLength) throw new RangeError(`more than ${maxLength} bytes`)
    chunks.push(chunk)
  }
  inflater.push(compressed, true)
  if (inflater.err !== 0 || !inflater.ended) throw new Error(inflater.msg || 'the data ends too soon')
  return joined(chunks, length)
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
