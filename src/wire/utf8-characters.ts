/** One character of a text as its bytes spell it, or a run of bytes that spells none. */
export interface Utf8Character {
  /** Offset of its first byte. */
  readonly start: number
  readonly bytes: Uint8Array
  /** Absent for bytes that are no character. */
  readonly codePoint?: number
  /**
   * Why there is none: `cut` at the end of the bytes, where a fragment may go on, `stray` continuation bytes that begin
   * nothing, `wrong` anything else UTF-8 does not have (overlong, surrogate, above U+10FFFF).
   */
  readonly fault?: 'cut' | 'stray' | 'wrong'
}

/** Characters of UTF-8 bytes (RFC 3629) from `from` on, at most `most` of them. */
export function utf8Characters(bytes: Uint8Array, from: number, most: number): Utf8Character[] {
  const characters: Utf8Character[] = []
  for (let start = from; start < bytes.length && characters.length < most;) {
    const character = characterAt(bytes, start)
    characters.push(character)
    start += character.bytes.length
  }
  return characters
}

function characterAt(bytes: Uint8Array, start: number): Utf8Character {
  const first = bytes[start] ?? 0
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length === 0)
    return { start, bytes: bytes.subarray(start, start + 1), fault: first < 0xc0 ? 'stray' : 'wrong' }
  let codePoint = length === 1 ? first : first & (0x7f >> length)
  for (let index = 1; index < length; index++) {
    const next = bytes[start + index]
    const [low, high] = index === 1 ? secondRange(first) : [0x80, 0xbf]
    const part = bytes.subarray(start, start + index)
    if (next === undefined) return { start, bytes: part, fault: 'cut' }
    if (next < low || next > high) return { start, bytes: part, fault: 'wrong' }
    codePoint = (codePoint << 6) | (next & 0x3f)
  }
  return { start, bytes: bytes.subarray(start, start + length), codePoint }
}

/** The second byte keeps overlong forms, surrogates and what lies above U+10FFFF out (RFC 3629 §4). */
function secondRange(first: number): readonly [low: number, high: number] {
  if (first === 0xe0) return [0xa0, 0xbf]
  if (first === 0xed) return [0x80, 0x9f]
  if (first === 0xf0) return [0x90, 0xbf]
  return first === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf]
}
