import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import type { Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'
import { openConnection } from '../wire/captured.ts'

export const utf8 = (text: string) => new TextEncoder().encode(text)

/** A frame as its side has to write it, or as it must not. */
export interface Said extends AnyFrameFields {
  readonly from: Role
  readonly at?: number
}

/** What a connection's trace makes of frames, after a good handshake. */
export function traced(...frames: readonly Said[]): readonly TraceItem[] {
  const connection = openConnection()
  for (const [index, { from, at = 3_000, ...frame }] of frames.entries()) {
    // A key used twice in a row breaks a rule (RFC 6455 §5.3).
    const mask = from === 'client' ? { maskingKey: Uint8Array.of(0x37, 0xfa, 0x21, index) } : {}
    connection.addChunk(from, encodeFrame({ ...mask, ...frame }), at)
  }
  return connection.items
}
