import type { RandomBytes } from '../../inspector/sources/player.ts'

/** Cryptographically random bytes. */
export const randomBytes: RandomBytes = length => crypto.getRandomValues(new Uint8Array(length))
