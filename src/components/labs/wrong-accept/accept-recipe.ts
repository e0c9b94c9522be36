import { HANDSHAKE_GUID } from '#protocol/accept.ts'
import { encodeBase64 } from '#protocol/base64.ts'
import { sha1 } from '#protocol/sha1.ts'

/** A way to compute an answer to a key: one choice at each step, right or wrong. */
export interface AcceptRecipe {
  readonly key: 'as-is' | 'decoded'
  readonly guid: 'after' | 'before' | 'none'
  readonly digest: 'bytes' | 'hex'
  readonly spelling: 'base64' | 'hex'
}

/** What a recipe makes of a key; a server that keeps to RFC 6455 §4.2.2 uses `as-is`, `after`, `bytes`, `base64`. */
export function acceptBy({ key, guid, digest, spelling }: AcceptRecipe, requestKey: string): string {
  const utf8 = (text: string) => new TextEncoder().encode(text)
  const keyBytes =
    key === 'as-is' ? utf8(requestKey) : Uint8Array.from(atob(requestKey), char => char.charCodeAt(0))
  const guidBytes = utf8(HANDSHAKE_GUID)
  const parts =
    guid === 'none' ? [keyBytes] : guid === 'after' ? [keyBytes, guidBytes] : [guidBytes, keyBytes]
  const hash = sha1(Uint8Array.from(parts.flatMap(part => [...part])))
  const content = digest === 'bytes' ? hash : utf8(hexDigits(hash))
  return spelling === 'base64' ? encodeBase64(content) : hexDigits(content)
}

function hexDigits(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
