import type { Socket } from 'node:net'
import type { PlayedEnding } from '#contract/commands.ts'
import type { TapSocket } from './tap.ts'

/** One end of a connection, in the hands of a page. */
export interface PlayedEnd {
  write(bytes: Uint8Array): void
  end(how: PlayedEnding): void
}

/**
 * Gives a socket into a page's hands.
 * @param mostBytes written and not taken by the other side, above which the connection is ended
 */
export function playedEnd(socket: Socket | TapSocket, mostBytes: number): PlayedEnd {
  return {
    write(bytes) {
      if (!socket.writable) return
      socket.write(bytes)
      if (socket.writableLength > mostBytes) socket.destroy()
    },
    end(how) {
      if (how === 'fin') socket.end()
      else socket.resetAndDestroy()
    },
  }
}
