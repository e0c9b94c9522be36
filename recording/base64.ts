import { base64Length } from '#protocol/base64.ts'
import { latin1 } from '#protocol/latin1.ts'

/** Padded base64 (RFC 4648 §4) of bytes, by the engine's own function: recordings have megabytes of it. */
export function base64OfBytes(bytes: Uint8Array): string {
  return btoa(latin1(bytes))
}

/** Bytes of padded base64; `undefined` when it is none. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (base64Length(text) === undefined) return undefined
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
