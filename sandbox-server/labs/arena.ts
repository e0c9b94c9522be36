import type { WebSocket } from 'ws'
import {
  ARENA_MOST,
  ARENA_SIDE,
  ARENA_STEP,
  ARENA_TICK_MS,
  decodeHeading,
  encodeSnapshot,
  type Heading,
  type Place,
} from '#contract/arena.ts'
import type { Lab } from './lab.ts'
import { Rooms } from './rooms.ts'

const rooms = new Rooms(ARENA_MOST)

interface Player {
  readonly number: number
  heading: Heading
  place: Place
}

/** A game in which the server alone says where everybody is: players say which way they go, and no more. */
class Game {
  readonly #players = new Map<WebSocket, Player>()
  readonly #onEmpty: () => void
  #tick = 0
  readonly #timer = setInterval(() => this.#step(), ARENA_TICK_MS)

  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty
  }

  join(webSocket: WebSocket): void {
    const taken = new Set([...this.#players.values()].map(({ number }) => number))
    const number = Array.from({ length: ARENA_MOST }, (_, at) => at + 1).find(each => !taken.has(each)) ?? 0
    const player: Player = { number, heading: { dx: 0, dy: 0 }, place: startOf(number) }
    this.#players.set(webSocket, player)
    webSocket.on('message', (data: Buffer, isBinary) => {
      const heading = isBinary ? decodeHeading(data) : undefined
      if (heading) player.heading = heading
      else webSocket.close(1008, 'a heading is two bytes, each -1, 0 or 1')
    })
    webSocket.on('close', () => {
      this.#players.delete(webSocket)
      if (this.#players.size > 0) return
      clearInterval(this.#timer)
      this.#onEmpty()
    })
  }

  #step(): void {
    this.#tick++
    for (const player of this.#players.values()) player.place = moved(player)
    const players = new Map([...this.#players.values()].map(({ number, place }) => [number, place]))
    for (const [webSocket, { number }] of this.#players)
      if (webSocket.readyState === webSocket.OPEN)
        webSocket.send(encodeSnapshot({ tick: this.#tick, players }, number))
  }
}

const games = new WeakMap<ReadonlySet<WebSocket>, Game>()

/** Players of a game send headings; the server sends all of them where everybody is, twenty times a second. */
export const arena: Lab = {
  name: 'arena',
  subprotocols: [],
  serve(webSocket, query) {
    const room = rooms.enter(webSocket, query)
    if (!room) return
    const game = games.get(room) ?? new Game(() => games.delete(room))
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
