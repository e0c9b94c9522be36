const WORD_BYTES = 4
/** Below this many bytes, making a view of words costs more than it saves. */
const WORDS_PAY_FROM = 64

const wordBytes = new Uint8Array(WORD_BYTES)
const word = new Int32Array(wordBytes.buffer)
const bigEndian = new DataView(wordBytes.buffer)

/**
 * Masks or unmasks in place (RFC 6455 §5.3: octet i XOR key octet i mod 4; twice is never).
 * @param key four bytes
 * @param position index in the payload of the first of `bytes`, for payloads that come in pieces
 */
export function applyMask(bytes: Uint8Array, key: Uint8Array, position = 0): void {
  const [a = 0, b = 0, c = 0, d = 0] = key
  maskRange(bytes, 0, bytes.length, (a << 24) | (b << 16) | (c << 8) | d, position)
}

/** `applyMask` on `bytes[start..end)`, with the key as one 32-bit number whose first octet is the highest. */
export function maskRange(bytes: Uint8Array, start: number, end: number, key: number, position = 0): void {
  let i = start
  let turned = turn(key, position)
  if (end - start >= WORDS_PAY_FROM) {
    const misaligned = (bytes.byteOffset + start) % WORD_BYTES
    const first = misaligned === 0 ? start : start + WORD_BYTES - misaligned
    for (; i < first; i++) {
      bytes[i] = (bytes[i] ?? 0) ^ (turned >>> 24)
      turned = turn(turned, 1)
    }
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + first, (end - first) >> 2)
    maskWords(words, 0, words.length, turned)
    i = first + words.length * WORD_BYTES
  }
  for (; i + 4 <= end; i += 4) {
    bytes[i] = (bytes[i] ?? 0) ^ (turned >>> 24)
    bytes[i + 1] = (bytes[i + 1] ?? 0) ^ (turned >>> 16)
    bytes[i + 2] = (bytes[i + 2] ?? 0) ^ (turned >>> 8)
    bytes[i + 3] = (bytes[i + 3] ?? 0) ^ turned
  }
  for (; i < end; i++) {
    bytes[i] = (bytes[i] ?? 0) ^ (turned >>> 24)
    turned = turn(turned, 1)
  }
}

/** Masks whole words `[start..end)`; the first octet of the first one meets the first of the key. */
export function maskWords(words: Int32Array, start: number, end: number, key: number): void {
  // The machine's own byte order decides which octet of a word comes first in memory.
  bigEndian.setInt32(0, key)
  const native = word[0] ?? 0
  for (let w = start; w < end; w++) words[w] = (words[w] ?? 0) ^ native
}

/** The key as seen from `octets` further on. */
function turn(key: number, octets: number): number {
  const bits = (octets & 3) << 3
  return bits === 0 ? key : (key << bits) | (key >>> (32 - bits))
}
