import type { WebSocket } from 'ws'
import { ROOM_PARAMETER } from '#contract/addresses.ts'
import type { Bus, Subscription } from '../bus/bus.ts'

/** Names that are long enough for nobody to guess one. */
const NAME = /^[a-z0-9]{16,32}$/

/** Rooms that are the same on every instance. */
interface Shared {
  /** What their channels begin with: rooms with the same one hear each other. */
  readonly channel: string
  /** Told what is published to a room elsewhere. */
  hear(room: Room, message: Buffer): void
}

/** Who is together in a lab on this instance, and the way to those who are in the same room on others. */
export class Room extends Set<WebSocket> {
  #publish: ((message: Uint8Array) => void) | undefined
  #subscription: Subscription | undefined

  share(bus: Bus, channel: string, hear: (message: Buffer) => void): void {
    const subscription = bus.subscribe(channel, hear)
    this.#publish = message => bus.publish(channel, message, subscription)
    this.#subscription = subscription
  }

  /** Says something to the same room elsewhere. */
  publish(message: Uint8Array): void {
    this.#publish?.(message)
  }

  /** What who comes says is taken once they would hear an answer from another instance. */
  async welcome(webSocket: WebSocket): Promise<void> {
    this.add(webSocket)
    if (!this.#subscription) return
    webSocket.pause()
    await this.#subscription.active
    webSocket.resume()
  }

  leave(webSocket: WebSocket): void {
    this.delete(webSocket)
    if (this.size === 0) this.#subscription?.end()
  }
}

/** The rooms of a lab, by name; one that is empty is forgotten. */
export class Rooms {
  readonly #rooms = new Map<string, Room>()
  readonly #most: number
  readonly #shared: Shared | undefined

  /**
   * @param most how many a room takes on one instance
   * @param shared left out: a room is that of its instance
   */
  constructor(most = Infinity, shared?: Shared) {
    this.#most = most
    this.#shared = shared
  }

  /**
   * Has a WebSocket be in the room of its query until it closes, and gives all that are in there, as they come and go. One
   * that cannot be let in is closed and told why.
   * @param bus the way to the same room elsewhere, where rooms are shared
   */
  enter(webSocket: WebSocket, query: URLSearchParams, bus?: Bus): Room | undefined {
    const name = query.get(ROOM_PARAMETER) ?? ''
    if (!NAME.test(name)) {
      webSocket.close(1008, `${ROOM_PARAMETER} has to be 16 to 32 letters and digits`)
      return undefined
    }
    const room = this.#rooms.get(name) ?? this.#open(name, bus)
    if (room.size >= this.#most) {
      webSocket.close(1013, `a room takes ${this.#most}`)
      return undefined
    }
    void room.welcome(webSocket)
    webSocket.on('close', () => {
      room.leave(webSocket)
      if (room.size === 0) this.#rooms.delete(name)
    })
    return room
  }

  #open(name: string, bus: Bus | undefined): Room {
    const room = new Room()
    this.#rooms.set(name, room)
    const shared = this.#shared
    if (shared && bus)
      room.share(bus, `room:${shared.channel}:${name}`, message => shared.hear(room, message))
    return room
  }
}
