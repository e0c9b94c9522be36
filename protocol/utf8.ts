import { viewOf } from './buffer-view.ts'

/** Below this many bytes, looking at single ones is faster than at words. */
const WORDS_PAY_FROM = 16
/** ASCII is looked at in blocks of this many bytes. */
const ASCII_BLOCK = 16

/**
 * Validates UTF-8 (RFC 3629) that comes in pieces and stops at the first byte no valid text can have there: overlong
 * forms, surrogates and code points above U+10FFFF are found at their second byte. For Korean it is faster than the
 * platform's decoder, which makes a string to tell; and it says where.
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
    const view = length < WORDS_PAY_FROM ? undefined : viewOf(bytes.buffer)
    let owed = this.#owed
    let low = this.#low
    let high = this.#high
    let i = 0
    while (i < length) {
      if (view && owed === 0) {
        i = skipCharacters(view, bytes.byteOffset, i, length)
        if (i === length) break
      }
      const byte = bytes[i] ?? 0
      if (owed > 0) {
        if (byte < low || byte > high) return i
        low = 0x80
        high = 0xbf
        owed--
      } else if (byte >= 0x80) {
        if (byte < 0xc2 || byte > 0xf4) return i
        owed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
        if (byte === 0xe0) low = 0xa0
        else if (byte === 0xed) high = 0x9f
        else if (byte === 0xf0) low = 0x90
        else if (byte === 0xf4) high = 0x8f
      }
      i++
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

/**
 * Skips whole good characters, looking at several bytes at once, and gives back where none is or too few bytes are
 * left to look at. The masks are the rows of the Unicode Standard's table of well-formed sequences, read
 * little-endian; three bytes come first, and twice, because every Hangul syllable has three.
 */
function skipCharacters(view: DataView, offset: number, start: number, length: number): number {
  const last = offset + length - 4
  let i = offset + start
  while (i <= last) {
    const word = view.getInt32(i, true)
    if ((word & 0x00c0c0f0) === 0x008080e0) {
      if (!secondFits(word)) break
      i += 3
      const next = i <= last ? view.getInt32(i, true) : 0
      if ((next & 0x00c0c0f0) === 0x008080e0) {
        if (!secondFits(next)) break
        i += 3
        if (next >= 0) i++
      } else if (word >= 0) i++
    } else if ((word & 0x80808080) === 0) i = asciiEnd(view, i + 4, last + 4)
    else if ((word & 0x80) === 0) i++
    else if ((word & 0xc0e0) === 0x80c0 && (word & 0x1e) !== 0) i += 2
    else if ((word & 0xc0c0c0f8) === (0x808080f0 | 0) && isBelow110000(word)) i += 4
    else break
  }
  return i - offset
}

/** E0 needs a second byte from A0 on, ED one below A0. */
function secondFits(word: number): boolean {
  const bits = word & 0x200f
  return bits !== 0 && bits !== 0x200d
}

/** F0 needs a second byte from 90 on, F4 one below 90, and nothing lies beyond. */
function isBelow110000(word: number): boolean {
  const bits = ((word & 0x07) << 8) | ((word >> 8) & 0x30)
  return bits > 0 && bits <= 0x400
}

/** Where a run of ASCII ends, as far as whole blocks tell. */
function asciiEnd(view: DataView, start: number, end: number): number {
  let i = start
  while (
    i + ASCII_BLOCK <= end &&
    ((view.getInt32(i) | view.getInt32(i + 4) | view.getInt32(i + 8) | view.getInt32(i + 12)) &
      0x80808080) ===
      0
  )
    i += ASCII_BLOCK
  return i
}

/** Index of the first byte that is not UTF-8 (the length, when a character is cut short), `-1` for valid text. */
export function firstBadUtf8(bytes: Uint8Array): number {
  const validator = new Utf8Validator()
  const bad = validator.push(bytes)
  return bad < 0 && !validator.complete ? bytes.length : bad
}

/** Text of UTF-8 bytes; bad ones become U+FFFD, a byte order mark stays what it is: a character of the message. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length <= SHORT_BYTES && isAscii(bytes)) return fromCharCodes(bytes)
  return decoder.decode(bytes)
}

/** Up to here a browser reads ASCII faster byte by byte than it calls its decoder. */
const SHORT_BYTES = 32

/** Without the iterator that spreading takes. */
function fromCharCodes(bytes: Uint8Array): string {
  const text: unknown = Reflect.apply(String.fromCharCode, undefined, bytes)
  return String(text)
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) >= 0x80) return false
  return true
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
