import type { WebSocket } from 'ws'
import type { Bus } from '../bus/bus.ts'
import { Rooms, type Room } from './rooms.ts'

/** On the bus a message has its kind before it: this for binary, 0 for text. */
const BINARY = 1

/** Rooms in which whatever one says is said to all, or to the others. */
export class TalkingRooms {
  readonly #rooms: Rooms

  /** @param channel what those of the rooms begin with: rooms with the same one are the same */
  constructor(channel: string, most: number) {
    this.#rooms = new Rooms(most, {
      channel,
      hear: (room, message) => sayTo(room, message.subarray(1), message[0] === BINARY),
    })
  }

  enter(webSocket: WebSocket, query: URLSearchParams, bus: Bus, hearsItself: boolean): void {
    const room = this.#rooms.enter(webSocket, query, bus)
    if (!room) return
    webSocket.on('message', (data: Buffer, isBinary) => {
      sayTo(room, data, isBinary, hearsItself ? undefined : webSocket)
      room.publish(Buffer.concat([Buffer.of(isBinary ? BINARY : 0), data]))
    })
  }
}

/** Says it to those of a room who are connected here. */
function sayTo(room: Room, data: Buffer, binary: boolean, but?: WebSocket): void {
  for (const member of room)
    if (member !== but && member.readyState === member.OPEN) member.send(data, { binary })
}
