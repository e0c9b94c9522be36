import type { TapSocket } from './tap.ts'

const BEFORE = Buffer.from(' HTTP/1.')
const LF = 10

/**
 * Lets http read the first request of a connection as HTTP/1.1 when it names a higher minor version, as it should be
 * read (RFC 9110 §2.5): http calls that no HTTP. The tap has reported it as it came.
 */
export function readHigherMinorVersions(socket: TapSocket): void {
  /** How much of `BEFORE` came last; a request target holds no space, so it is found once at most. */
  let matched = 0
  socket.inspect = (bytes, pass) => {
    let given = bytes
    for (const [index, byte] of bytes.entries()) {
      if (byte === LF || matched === BEFORE.length) {
        socket.inspect = undefined
        if (matched === BEFORE.length && byte > 0x31 && byte <= 0x39) {
          given = Buffer.from(bytes)
          given[index] = 0x31
        }
        break
      }
      matched = byte === BEFORE[matched] ? matched + 1 : byte === BEFORE[0] ? 1 : 0
    }
    pass(given)
  }
}
