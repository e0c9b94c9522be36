/** Small arrays are cut from pieces of this many bytes: making memory of its own for each costs more than filling it. */
const PIECE_BYTES = 64 * 1024
/** From this size on an array gets memory of its own. */
const POOLED_BELOW = 4 * 1024

let piece = new ArrayBuffer(0)
let used = 0

/**
 * An array of zeros that may share its `buffer` with others, as Node's small Buffers do.
 * @param wholeWordAt index in the array that shall lie on a multiple of four bytes in the buffer
 */
export function pooled(size: number, wholeWordAt = 0): Uint8Array<ArrayBuffer> {
  if (size >= POOLED_BELOW) return new Uint8Array(size)
  let start = used + (-(used + wholeWordAt) & 3)
  // A piece that somebody transferred away has no bytes left, and is replaced too.
  if (start + size > piece.byteLength) {
    piece = new ArrayBuffer(PIECE_BYTES)
    start = -wholeWordAt & 3
  }
  used = start + size
  return new Uint8Array(piece, start, size)
}
