import type { WebSocket } from 'ws'
import { ROOM_PARAMETER } from '#contract/addresses.ts'

/** Names that are long enough for nobody to guess one. */
const NAME = /^[a-z0-9]{16,32}$/

/** Who is together in a lab, by the name of their room; one that is empty is forgotten. */
export class Rooms {
  readonly #rooms = new Map<string, Set<WebSocket>>()
  readonly #most: number

  /** @param most how many a room takes */
  constructor(most = Infinity) {
    this.#most = most
  }

  /**
   * Has a WebSocket be in the room of its query until it closes, and gives all that are in there, as they come and go. One
   * that cannot be let in is closed and told why.
   */
  enter(webSocket: WebSocket, query: URLSearchParams): ReadonlySet<WebSocket> | undefined {
    const name = query.get(ROOM_PARAMETER) ?? ''
    if (!NAME.test(name)) {
      webSocket.close(1008, `${ROOM_PARAMETER} has to be 16 to 32 letters and digits`)
      return undefined
    }
    const room = this.#rooms.get(name) ?? new Set()
    if (room.size >= this.#most) {
      webSocket.close(1013, `a room takes ${this.#most}`)
      return undefined
    }
    this.#rooms.set(name, room.add(webSocket))
    webSocket.on('close', () => {
      room.delete(webSocket)
      if (room.size === 0) this.#rooms.delete(name)
    })
    return room
  }
}
