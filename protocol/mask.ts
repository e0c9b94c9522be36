import { viewOf } from './buffer-view.ts'

/** Below this many bytes, single octets are masked faster than words. */
const WORDS_PAY_FROM = 32
/** From this many bytes on, an array of words of 64 bits is worth making. */
const WIDE_WORDS_PAY_FROM = 256

/**
 * Masks or unmasks in place (RFC 6455 §5.3: octet i XOR key octet i mod 4; twice is never). For bytes by themselves:
 * the encoder and the parser mask theirs within a frame, as part of reading or writing it.
 * @param key four bytes
 * @param position index in the payload of the first of `bytes`, for payloads that come in pieces
 */
export function applyMask(bytes: Uint8Array, key: Uint8Array, position = 0): void {
  maskRange(bytes, 0, bytes.length, turn(wordAt(key, 0), position))
}

/** Four bytes as one 32-bit number, the first octet highest. */
export function wordAt(bytes: Uint8Array, i: number): number {
  return (
    ((bytes[i] ?? 0) << 24) | ((bytes[i + 1] ?? 0) << 16) | ((bytes[i + 2] ?? 0) << 8) | (bytes[i + 3] ?? 0)
  )
}

/**
 * Masks `bytes[start..end)` in place; `key` is one 32-bit number whose highest octet meets the first byte.
 * @param whole of `bytes`, its buffer, if that is at hand
 */
export function maskRange(
  bytes: Uint8Array,
  start: number,
  end: number,
  key: number,
  whole?: ArrayBufferLike,
): void {
  const shift = bytes.byteOffset
  let from = start
  let turned = key
  if (end - from >= WORDS_PAY_FROM) {
    const buffer = whole ?? bytes.buffer
    if (end - from >= WIDE_WORDS_PAY_FROM) {
      from += -(shift + from) & 7
      maskOctets(bytes, start, from, key)
      turned = turn(key, from - start)
      from += maskWideWords(buffer, shift + from, Math.floor((end - from) / 128), turned)
    }
    from += maskWords(viewOf(buffer), shift + from, end - from, turned)
  }
  maskOctets(bytes, from, end, turned)
}

function maskOctets(bytes: Uint8Array, start: number, end: number, key: number): void {
  const a = key >>> 24
  const b = (key >>> 16) & 0xff
  const c = (key >>> 8) & 0xff
  const d = key & 0xff
  let i = start
  for (; i + 4 <= end; i += 4) {
    bytes[i] = (bytes[i] ?? 0) ^ a
    bytes[i + 1] = (bytes[i + 1] ?? 0) ^ b
    bytes[i + 2] = (bytes[i + 2] ?? 0) ^ c
    bytes[i + 3] = (bytes[i + 3] ?? 0) ^ d
  }
  if (i < end) bytes[i] = (bytes[i] ?? 0) ^ a
  if (i + 1 < end) bytes[i + 1] = (bytes[i + 1] ?? 0) ^ b
  if (i + 2 < end) bytes[i + 2] = (bytes[i + 2] ?? 0) ^ c
}

const doubled = new DataView(new ArrayBuffer(8))
/** The same bytes as one word. */
const doubledWord = new BigInt64Array(doubled.buffer)

/**
 * Masks blocks of 16 words from `start` on, a multiple of 8, and gives back how many bytes those are. The array is made
 * here and for them alone: V8 then knows its length in the loop.
 */
function maskWideWords(buffer: ArrayBufferLike, start: number, blocks: number, key: number): number {
  doubled.setInt32(0, key)
  doubled.setInt32(4, key)
  const [wide = 0n] = doubledWord
  const words = new BigInt64Array(buffer, start, 16 * blocks)
  // V8 keeps these in registers. Unrolled, this is faster than copying the same bytes.
  for (let i = 0; i < words.length; i += 16) {
    words[i] = (words[i] ?? 0n) ^ wide
    words[i + 1] = (words[i + 1] ?? 0n) ^ wide
    words[i + 2] = (words[i + 2] ?? 0n) ^ wide
    words[i + 3] = (words[i + 3] ?? 0n) ^ wide
    words[i + 4] = (words[i + 4] ?? 0n) ^ wide
    words[i + 5] = (words[i + 5] ?? 0n) ^ wide
    words[i + 6] = (words[i + 6] ?? 0n) ^ wide
    words[i + 7] = (words[i + 7] ?? 0n) ^ wide
    words[i + 8] = (words[i + 8] ?? 0n) ^ wide
    words[i + 9] = (words[i + 9] ?? 0n) ^ wide
    words[i + 10] = (words[i + 10] ?? 0n) ^ wide
    words[i + 11] = (words[i + 11] ?? 0n) ^ wide
    words[i + 12] = (words[i + 12] ?? 0n) ^ wide
    words[i + 13] = (words[i + 13] ?? 0n) ^ wide
    words[i + 14] = (words[i + 14] ?? 0n) ^ wide
    words[i + 15] = (words[i + 15] ?? 0n) ^ wide
  }
  return words.byteLength
}

/** Masks all whole words of 32 bits of `length` bytes from `start` on, and gives back how many bytes those are. */
function maskWords(view: DataView, start: number, length: number, key: number): number {
  doubled.setInt32(0, key)
  // Little-endian on both sides: the machines this runs on then move the bytes as they lie.
  const word = doubled.getInt32(0, true)
  const whole = length - (length % 4)
  for (let i = start; i < start + whole; i += 4) view.setInt32(i, view.getInt32(i, true) ^ word, true)
  return whole
}

/** The key as seen from `octets` further on. */
function turn(key: number, octets: number): number {
  const bits = (octets & 3) << 3
  return bits === 0 ? key : (key << bits) | (key >>> (32 - bits))
}
