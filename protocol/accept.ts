import { encodeBase64 } from './base64.ts'
import { sha1 } from './sha1.ts'

/** The string every server appends to the client's key (RFC 6455 §1.3). */
export const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The way from `Sec-WebSocket-Key` to `Sec-WebSocket-Accept`, step by step (RFC 6455 §4.2.2 /5.4). */
export interface AcceptSteps {
  /** The key as it stood in the header: a string, never decoded. */
  readonly key: string
  /** Key and GUID, one after the other. */
  readonly concatenated: string
  /** SHA-1 of that: 20 bytes. */
  readonly digest: Uint8Array
  /** Base64 of those: the value of `Sec-WebSocket-Accept`. */
  readonly accept: string
}

/** Every intermediate value of the accept computation for a key. The key may be any string. */
export function acceptSteps(key: string): AcceptSteps {
  const concatenated = key + HANDSHAKE_GUID
  const digest = sha1(new TextEncoder().encode(concatenated))
  return { key, concatenated, digest, accept: encodeBase64(digest) }
}

/** Value of `Sec-WebSocket-Accept` that answers this `Sec-WebSocket-Key` (RFC 6455 §4.2.2). */
export function acceptFor(key: string): string {
  return acceptSteps(key).accept
}
