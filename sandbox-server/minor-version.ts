import type { Inspector, TapSocket } from './tap.ts'

const BEFORE = Buffer.from(' HTTP/1.')
const LF = 10

/**
 * Lets http read the first request of a connection as HTTP/1.1 when it names a higher minor version, as it should be
 * read (RFC 9110 §2.5): http calls that no HTTP. The tap has reported it as it came.
 */
export function readHigherMinorVersions(socket: TapSocket): void {
  socket.inspector = new MinorVersion(socket)
}

class MinorVersion implements Inspector {
  readonly #socket: TapSocket
  /** How much of `BEFORE` came last; a request target holds no space, so it is found once at most. */
  #matched = 0

  constructor(socket: TapSocket) {
    this.#socket = socket
  }

  admit(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    for (const [index, byte] of bytes.entries()) {
      if (byte === LF || this.#matched === BEFORE.length) {
        this.#socket.inspector = undefined
        if (this.#matched < BEFORE.length || byte <= 0x31 || byte > 0x39) return bytes
        const given = Buffer.from(bytes)
        given[index] = 0x31
        return given
      }
      this.#matched = byte === BEFORE[this.#matched] ? this.#matched + 1 : byte === BEFORE[0] ? 1 : 0
    }
    return bytes
  }
}
