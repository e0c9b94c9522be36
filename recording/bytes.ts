import { latin1 } from '#protocol/latin1.ts'
import type { Role } from '#protocol/role.ts'

/** All of these, one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Where the end of a request is looked for, in bytes. */
const HEAD_BYTES = 0x10000

/** The first head of a client, well-formed or not, as far as its empty line or 64 KiB; one character for each byte. */
export function requestText(chunks: Iterable<{ readonly from: Role; readonly bytes: Uint8Array }>): string {
  let text = ''
  for (const { from, bytes } of chunks) {
    if (from === 'client') text += latin1(bytes, 0, Math.min(bytes.length, HEAD_BYTES))
    if (text.length >= HEAD_BYTES) break
  }
  return text.split(/\r?\n\r?\n/, 1)[0] ?? ''
}
