import type { WebSocket } from 'ws'
import {
  ARENA_MOST,
  ARENA_SIDE,
  ARENA_STEP,
  ARENA_TICK_MS,
  decodeHeading,
  decodeSnapshot,
  encodeSnapshot,
  type Heading,
  type Place,
} from '#contract/arena.ts'
import type { Lab } from './lab.ts'
import { perSandbox } from './per-sandbox.ts'
import { Rooms, type Room } from './rooms.ts'

const FULL = `a room takes ${ARENA_MOST}`

/** Steps without a word of another instance, after which its players are gone. */
const MISSED_STEPS = 40

interface Player {
  number: number
  heading: Heading
  place: Place
}

/** Where those are who play on another instance, and how many steps ago it said so. */
interface Elsewhere {
  readonly players: ReadonlyMap<number, Place>
  age: number
}

/**
 * A game in which the server alone says where everybody is: players say which way they go, and no more. Each instance says
 * it of those who play there, and shows them all.
 */
class Game {
  readonly #players = new Map<WebSocket, Player>()
  readonly #elsewhere = new Map<string, Elsewhere>()
  readonly #room: Room
  #tick = 0
  readonly #timer = setInterval(() => this.#step(), ARENA_TICK_MS)

  constructor(room: Room) {
    this.#room = room
  }

  join(webSocket: WebSocket): void {
    const number = this.#free()
    if (number === undefined) {
      webSocket.close(1013, FULL)
      return
    }
    const player: Player = { number, heading: { dx: 0, dy: 0 }, place: startOf(number) }
    this.#players.set(webSocket, player)
    webSocket.on('message', (data: Buffer, isBinary) => {
      const heading = isBinary ? decodeHeading(data) : undefined
      if (heading) player.heading = heading
      else webSocket.close(1008, 'a heading is two bytes, each -1, 0 or 1')
    })
    webSocket.on('close', () => this.#players.delete(webSocket))
  }

  /** What another instance says: its name, and a snapshot of those who play there. */
  hear(message: Buffer): void {
    const nameLength = this.#room.instance.length
    const instance = message.toString('latin1', 0, nameLength)
    const snapshot = decodeSnapshot(message.subarray(nameLength))
    if (!snapshot) return
    this.#elsewhere.set(instance, { players: snapshot.players, age: 0 })
    // Of two who came at the same moment and have the same number, one gets another.
    if (instance < this.#room.instance)
      for (const [webSocket, player] of this.#players)
        if (snapshot.players.has(player.number)) this.#numberAnew(webSocket, player)
  }

  #numberAnew(webSocket: WebSocket, player: Player): void {
    const number = this.#free()
    if (number !== undefined) player.number = number
    else {
      this.#players.delete(webSocket)
      webSocket.close(1013, FULL)
    }
  }

  /** The first number that nobody has. */
  #free(): number | undefined {
    const here = [...this.#players.values()].map(({ number }) => number)
    const elsewhere = [...this.#elsewhere.values()].flatMap(({ players }) => [...players.keys()])
    const taken = new Set([...here, ...elsewhere])
    return Array.from({ length: ARENA_MOST }, (_, at) => at + 1).find(each => !taken.has(each))
  }

  #step(): void {
    if (this.#room.size === 0) {
      clearInterval(this.#timer)
      return
    }
    const tick = ++this.#tick
    for (const player of this.#players.values()) player.place = moved(player)
    const here = [...this.#players.values()].map(({ number, place }) => [number, place] as const)
    const ours = encodeSnapshot({ tick, players: new Map(here) }, NOBODY)
    this.#room.publish(Buffer.concat([Buffer.from(this.#room.instance, 'latin1'), ours]))
    for (const [instance, each] of this.#elsewhere)
      if (++each.age > MISSED_STEPS) this.#elsewhere.delete(instance)
    const elsewhere = [...this.#elsewhere.values()].flatMap(({ players }) => [...players])
    const players = new Map([...here, ...elsewhere].sort(([one], [other]) => one - other))
    for (const [webSocket, { number }] of this.#players)
      if (webSocket.readyState === webSocket.OPEN) webSocket.send(encodeSnapshot({ tick, players }, number))
  }
}

/** What a snapshot is to another instance: no player's. */
const NOBODY = 0

const games = new WeakMap<Room, Game>()

const roomsOf = perSandbox(
  () => new Rooms({ channel: 'arena', hear: (room, message) => games.get(room)?.hear(message) }, ARENA_MOST),
)

/** Players of a game send headings; the server sends all of them where everybody is, twenty times a second. */
export const arena: Lab = {
  name: 'arena',
  subprotocols: [],
  serve(webSocket, query, surroundings) {
    const room = roomsOf(surroundings).enter(webSocket, query, surroundings.bus)
    if (!room) return
    const game = games.get(room) ?? new Game(room)
    games.set(room, game)
    game.join(webSocket)
  },
}

function startOf(number: number): Place {
  // Neighbours in number begin apart.
  return { x: (ARENA_SIDE * (((number * 3) % ARENA_MOST) + 0.5)) / ARENA_MOST, y: ARENA_SIDE / 2 }
}

function moved({ place: { x, y }, heading: { dx, dy } }: Player): Place {
  const within = (value: number) => Math.min(Math.max(value, 0), ARENA_SIDE)
  return { x: within(x + dx * ARENA_STEP), y: within(y + dy * ARENA_STEP) }
}
