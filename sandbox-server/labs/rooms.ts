import type { WebSocket } from 'ws'
import { ROOM_PARAMETER } from '#contract/addresses.ts'
import type { Bus, Subscription } from '../bus/bus.ts'

/** Names that are long enough for nobody to guess one. */
const NAME = /^[a-z0-9]{16,32}$/

/** Milliseconds between two looks at how many instances have people in a room. */
const LOOK_MS = 2_000

/** Rooms that are the same on every instance. */
interface Shared {
  /** What their channels begin with: rooms with the same one hear each other. */
  readonly channel: string
  /** Told what is published to a room. */
  hear(room: Room, message: Buffer): void
  /** Left out: instances know nothing of a room that others would have to know. */
  readonly memory?: SharedMemory
}

interface SharedMemory {
  /** Finds out what other instances know, before anybody here is listened to, and whenever that may have changed. */
  meet(room: Room): Promise<void>
  /** Instances that are known to have people in the room. */
  known(room: Room): number
}

/** Who is together in a lab on this instance, and the way to those who are in the same room on others. */
export class Room extends Set<WebSocket> {
  /** Settles when what is said here would be heard on other instances, and what they know is known. */
  readonly ready: Promise<void>
  readonly #bus: Bus
  readonly #channel: string
  readonly #shared: Shared
  readonly #subscription: Subscription
  readonly #stopFollowing: () => void
  readonly #looking: NodeJS.Timeout | undefined
  #others = 0

  constructor(bus: Bus, channel: string, shared: Shared) {
    super()
    this.#bus = bus
    this.#channel = channel
    this.#shared = shared
    this.#subscription = bus.subscribe(channel, message => shared.hear(this, message))
    this.ready = this.#subscription.active.then(() => this.#meet())
    let { state } = bus
    this.#stopFollowing = bus.onChange(() => {
      if (bus.state === state) return
      ;({ state } = bus)
      void this.#meet()
    })
    if (state !== 'local' && shared.memory)
      this.#looking = setInterval(() => void this.#look(), LOOK_MS).unref()
  }

  /** The instance that this is the room of. */
  get instance(): string {
    return this.#bus.instance
  }

  /** Other instances that have people in the room, as far as is known. */
  get others(): number {
    return this.#others
  }

  /** Says something to the same room of every other instance. */
  publish(message: Uint8Array): void {
    this.#bus.publish(this.#channel, message, this.#subscription)
  }

  /** Says something to the same room of every instance, this one among them: all hear it in the same order. */
  publishInOrder(message: Uint8Array): void {
    if (this.#bus.state === 'lost') this.#shared.hear(this, Buffer.from(message))
    else this.#bus.publish(this.#channel, message)
  }

  /** What who comes says is taken once they would hear an answer from another instance. */
  async welcome(webSocket: WebSocket): Promise<void> {
    this.add(webSocket)
    if (this.#bus.state !== 'connected') return
    webSocket.pause()
    await this.ready
    webSocket.resume()
  }

  leave(webSocket: WebSocket): void {
    this.delete(webSocket)
    if (this.size > 0) return
    this.#subscription.end()
    this.#stopFollowing()
    clearInterval(this.#looking)
  }

  async #meet(): Promise<void> {
    if (!this.#shared.memory) return
    await this.#count()
    await this.#shared.memory.meet(this)
  }

  /** An instance that went without a word is missed. */
  async #look(): Promise<void> {
    await this.#count()
    const { memory } = this.#shared
    if (memory && this.#others < memory.known(this)) await memory.meet(this)
  }

  async #count(): Promise<void> {
    this.#others = Math.max(0, (await this.#bus.audience(this.#channel)) - 1)
  }
}

/** The rooms of a lab, by name; one that is empty is forgotten. */
export class Rooms {
  readonly #rooms = new Map<string, Room>()
  readonly #shared: Shared
  readonly #most: number

  /** @param most how many a room takes on one instance */
  constructor(shared: Shared, most = Infinity) {
    this.#shared = shared
    this.#most = most
  }

  /**
   * Has a WebSocket be in the room of its query until it closes, and gives all that are in there, as they come and go. One
   * that cannot be let in is closed and told why.
   * @param bus the way to the same room on other instances
   */
  enter(webSocket: WebSocket, query: URLSearchParams, bus: Bus): Room | undefined {
    const name = query.get(ROOM_PARAMETER) ?? ''
    if (!NAME.test(name)) {
      webSocket.close(1008, `${ROOM_PARAMETER} has to be 16 to 32 letters and digits`)
      return undefined
    }
    const room = this.#rooms.get(name) ?? new Room(bus, `room:${this.#shared.channel}:${name}`, this.#shared)
    if (room.size >= this.#most) {
      webSocket.close(1013, `a room takes ${this.#most}`)
      return undefined
    }
    this.#rooms.set(name, room)
    void room.welcome(webSocket)
    webSocket.on('close', () => {
      room.leave(webSocket)
      if (room.size === 0) this.#rooms.delete(name)
    })
    return room
  }
}

/** Says one thing to those of a room who are on this instance: text as text, bytes as binary unless told. */
export function sayTo(
  members: Iterable<WebSocket>,
  message: string | Uint8Array,
  { binary = typeof message !== 'string', but }: { binary?: boolean; but?: WebSocket | undefined } = {},
): void {
  for (const member of members)
    if (member !== but && member.readyState === member.OPEN) member.send(message, { binary })
}
