const WORD_BYTES = 4
/** Below this many bytes, making a view of words costs more than it saves. */
const WORDS_PAY_FROM = 64

const keyBytes = new Uint8Array(WORD_BYTES)
const keyWord = new Int32Array(keyBytes.buffer)

/**
 * Masks or unmasks in place (RFC 6455 §5.3: octet i XOR key octet i mod 4; twice is never).
 * @param key four bytes
 * @param position index in the payload of the first of `bytes`, for payloads that come in pieces
 */
export function applyMask(bytes: Uint8Array, key: Uint8Array, position = 0): void {
  maskRange(bytes, 0, bytes.length, key, position)
}

/** `applyMask` on `bytes[start..end)` without making a view of it. */
export function maskRange(
  bytes: Uint8Array,
  start: number,
  end: number,
  key: Uint8Array,
  position = 0,
): void {
  let i = start
  if (end - start >= WORDS_PAY_FROM) {
    const misaligned = (bytes.byteOffset + start) % WORD_BYTES
    const first = misaligned === 0 ? start : start + WORD_BYTES - misaligned
    position = maskBytes(bytes, start, first, key, position)
    for (let octet = 0; octet < WORD_BYTES; octet++) keyBytes[octet] = key[(position + octet) & 3] ?? 0
    const word = keyWord[0] ?? 0
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + first, (end - first) >> 2)
    for (let w = 0; w < words.length; w++) words[w] = (words[w] ?? 0) ^ word
    i = first + words.length * WORD_BYTES
  }
  maskBytes(bytes, i, end, key, position)
}

function maskBytes(bytes: Uint8Array, start: number, end: number, key: Uint8Array, position: number): number {
  for (let i = start; i < end; i++) bytes[i] = (bytes[i] ?? 0) ^ (key[position++ & 3] ?? 0)
  return position
}
