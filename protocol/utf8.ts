/**
 * Validates UTF-8 (RFC 3629) that comes in pieces and stops at the first byte no valid text can have there: overlong
 * forms, surrogates and code points above U+10FFFF are found at their second byte.
 */
export class Utf8Validator {
  /** Continuation bytes still owed. */
  #owed = 0
  /** Range of the next continuation byte; narrower than 80–BF only right after E0, ED, F0 and F4. */
  #low = 0x80
  #high = 0xbf

  /** Index in `bytes` of the first bad byte, `-1` when all is well so far. After a bad byte the validator is spent. */
  push(bytes: Uint8Array): number {
    const { length } = bytes
    let i = 0
    while (i < length) {
      const byte = bytes[i] ?? 0
      if (this.#owed > 0) {
        if (byte < this.#low || byte > this.#high) return i
        this.#low = 0x80
        this.#high = 0xbf
        this.#owed--
      } else if (byte >= 0x80) {
        if (byte < 0xc2 || byte > 0xf4) return i
        this.#owed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
        if (byte === 0xe0) this.#low = 0xa0
        else if (byte === 0xed) this.#high = 0x9f
        else if (byte === 0xf0) this.#low = 0x90
        else if (byte === 0xf4) this.#high = 0x8f
      }
      i++
    }
    return -1
  }

  /** True when the bytes so far do not end inside a character. */
  get complete(): boolean {
    return this.#owed === 0
  }
}

/** Index of the first byte that is not UTF-8 (the length, when a character is cut short), `-1` for valid text. */
export function firstBadUtf8(bytes: Uint8Array): number {
  const validator = new Utf8Validator()
  const bad = validator.push(bytes)
  return bad < 0 && !validator.complete ? bytes.length : bad
}

/** Text of UTF-8 bytes; bad ones become U+FFFD, a byte order mark stays what it is: a character of the message. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
