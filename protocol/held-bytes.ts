/** Bytes kept until more of them come, in one buffer that doubles, so that each is copied O(1) times. */
export class HeldBytes {
  /** What is held, and behind `length` nothing that means anything. */
  buffer = new Uint8Array(0)
  length = 0

  /** Appends `source[start..end)`. A buffer too small for it grows to `room`, or to what is needed. */
  append(source: Uint8Array, start: number, end: number, room: number): void {
    const length = this.length + end - start
    if (length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(length, room))
      grown.set(this.buffer.subarray(0, this.length))
      this.buffer = grown
    }
    if (end - start === 1) this.buffer[this.length] = source[start] ?? 0
    else this.buffer.set(source.subarray(start, end), this.length)
    this.length = length
  }

  /** Gives away what is held from `start` on, and forgets all. */
  take(start = 0): Uint8Array<ArrayBuffer> {
    const bytes = this.buffer.subarray(start, this.length)
    this.buffer = new Uint8Array(0)
    this.length = 0
    return bytes
  }
}
