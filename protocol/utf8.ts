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
    while (i < length) {
      const byte = bytes[i] ?? 0
      if (owed > 0) {
        if (byte < low || byte > high) return i
        low = 0x80
        high = 0xbf
        owed--
        i++
      } else if (byte < 0x80) {
        i = length - i >= ASCII_RUN_PAYS_FROM ? asciiEnd(bytes, i) : i + 1
      } else {
        if (byte < 0xc2 || byte > 0xf4) return i
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

/** Below this many bytes left, looking for a run of ASCII word by word costs more than it saves. */
const ASCII_RUN_PAYS_FROM = 128

/** Where the run of ASCII that begins at `start` ends, as far as whole words tell; past `start` in any case. */
function asciiEnd(bytes: Uint8Array, start: number): number {
  let i = start + 1
  while ((bytes.byteOffset + i) % 4 !== 0) {
    if ((bytes[i] ?? 0) >= 0x80) return i
    i++
  }
  // One byte that is not ASCII this near makes a view a waste.
  if ((bytes[i] ?? 0) >= 0x80) return i
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + i, (bytes.length - i) >> 2)
  let w = 0
  while (w < words.length && ((words[w] ?? 0) & 0x80808080) === 0) w++
  return i + 4 * w
}
