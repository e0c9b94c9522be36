import { BALANCING, ROOM_PARAMETER, SEAT } from '#contract/addresses.ts'
import { readNumber } from './labs/parameters.ts'

/** What a balancer remembers of a room. */
interface Remembered {
  /** Connections so far. */
  turns: number
  /** Where each seat was sent, as a cookie would say. */
  readonly seats: Map<number, number>
}

/** Gives each connection to one of several servers, as its query asks: in turn, to that of its seat, or to that of its room. */
export class Balancer {
  readonly #servers: number
  readonly #most: number
  readonly #rooms = new Map<string, Remembered>()

  /** @param most rooms that are remembered; the oldest are forgotten */
  constructor(servers: number, most: number) {
    this.#servers = servers
    this.#most = most
  }

  /** Place of the server that a connection goes to. */
  choose(query: URLSearchParams): number {
    const name = query.get(ROOM_PARAMETER) ?? ''
    const way = query.get(BALANCING.name)
    if (way === BALANCING.room) return sumOf(name) % this.#servers
    const room = this.#roomOf(name)
    const seat = readNumber(query, SEAT)
    const known = way === BALANCING.sticky ? room.seats.get(seat) : undefined
    const chosen = known ?? room.turns++ % this.#servers
    room.seats.set(seat, chosen)
    return chosen
  }

  #roomOf(name: string): Remembered {
    const room = this.#rooms.get(name) ?? { turns: 0, seats: new Map<number, number>() }
    this.#rooms.delete(name)
    this.#rooms.set(name, room)
    const [oldest] = this.#rooms.keys()
    if (this.#rooms.size > this.#most && oldest !== undefined) this.#rooms.delete(oldest)
    return room
  }
}

/** A number that is the same for the same name on every instance. */
function sumOf(name: string): number {
  return [...Buffer.from(name)].reduce((sum, byte) => (sum * 31 + byte) % 65_521, 0)
}
