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

  /** Index in `bytes` of the first bad byte, `-1` when all is well so far. After a bad byte it needs a `reset`. */
  push(bytes: Uint8Array): number {
    const { length } = bytes
    let owed = this.#owed
    let low = this.#low
    let high = this.#high
    let i = 0
    let ascii = 0
    while (i < length) {
      const byte = bytes[i] ?? 0
      if (owed > 0) {
        if (byte < low || byte > high) return i
        low = 0x80
        high = 0xbf
        owed--
        i++
      } else if (byte < 0x80) {
        i = ++ascii < ASCII_RUN ? i + 1 : asciiEnd(bytes, i)
      } else if (
        byte > 0xe0 &&
        byte < 0xf0 &&
        i + 2 < length &&
        isWholeThree(byte, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0)
      ) {
        // Every Hangul syllable: three bytes at once.
        ascii = 0
        i += 3
      } else {
        if (byte < 0xc2 || byte > 0xf4) return i
        ascii = 0
        owed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
        if (byte === 0xe0) low = 0xa0
        else if (byte === 0xed) high = 0x9f
        else if (byte === 0xf0) low = 0x90
        else if (byte === 0xf4) high = 0x8f
        i++
      }
    }
    this.#owed = owed
    this.#low = low
    this.#high = high
    return -1
  }

  /** Starts a new text. */
  reset(): void {
    this.#owed = 0
    this.#low = 0x80
    this.#high = 0xbf
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

/** Continuation bytes behind a first byte E1–EF; ED must not lead to a surrogate. */
function isWholeThree(first: number, second: number, third: number): boolean {
  return (second & 0xc0) === 0x80 && (third & 0xc0) === 0x80 && (first !== 0xed || second < 0xa0)
}

/** After this many ASCII bytes in a row more are expected, and looked for by words. */
const ASCII_RUN = 32

/** Where the run of ASCII that `start` is in ends, as far as whole words tell. */
function asciiEnd(bytes: Uint8Array, start: number): number {
  let i = start + 1
  while ((bytes.byteOffset + i) % 4 !== 0) {
    if ((bytes[i] ?? 0x80) >= 0x80) return i
    i++
  }
  const count = (bytes.length - i) >> 2
  if (count < ASCII_RUN) return i
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + i, count)
  let w = 0
  while (w < count && ((words[w] ?? 0) & 0x80808080) === 0) w++
  return i + 4 * w
}
