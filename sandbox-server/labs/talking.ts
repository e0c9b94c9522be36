import type { WebSocket } from 'ws'
import type { Bus } from '../bus/bus.ts'
import { Rooms, sayTo } from './rooms.ts'

/** On the bus a message has its kind before it: this for binary, 0 for text. */
const BINARY = 1

/** Rooms in which whatever one says is said to all, or to the others. */
export class TalkingRooms {
  readonly #rooms: Rooms

  /** @param channel what those of the rooms begin with: rooms with the same one are the same */
  constructor(channel: string, most: number) {
    const hear = (room: Iterable<WebSocket>, message: Buffer) =>
      sayTo(room, message.subarray(1), { binary: message[0] === BINARY })
    this.#rooms = new Rooms({ channel, hear }, most)
  }

  enter(webSocket: WebSocket, query: URLSearchParams, bus: Bus, hearsItself: boolean): void {
    const room = this.#rooms.enter(webSocket, query, bus)
    if (!room) return
    webSocket.on('message', (data: Buffer, isBinary) => {
      sayTo(room, data, { binary: isBinary, but: hearsItself ? undefined : webSocket })
      room.publish(Buffer.concat([Buffer.of(isBinary ? BINARY : 0), data]))
    })
  }
}
