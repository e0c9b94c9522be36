import type { WebSocket } from 'ws'
import {
  GATHERING_MOST,
  GATHERING_NAME,
  GATHERING_NAME_LENGTH,
  GATHERING_REMEMBERS,
  GATHERING_SINCE,
  GATHERING_TEXT_LENGTH,
  readSaid,
  SAID_KINDS,
  type Told,
} from '#contract/gathering.ts'
import type { Lab } from './lab.ts'
import { readNumber } from './parameters.ts'
import { perSandbox } from './per-sandbox.ts'
import { Rooms, sayTo, type Room } from './rooms.ts'

const NAMELESS = '손님'

/** Milliseconds for other instances to tell what they know of a room; then it goes on with what is known. */
const ANSWER_MS = 1_000

type Said = Extract<Told, { readonly from: string }>

/** What instances say to each other about a room. */
type Shared =
  /** In order, and so with the same number everywhere. */
  | { readonly type: 'said'; readonly said: Omit<Said, 'number'> }
  | { readonly type: 'typing'; readonly said: Said }
  | { readonly type: 'people'; readonly of: string; readonly people: readonly string[] }
  /**
   * In order: the answers are what was known when it was heard. `again`: who asks has known the room for a while, and may
   * know more than who is asked.
   */
  | { readonly type: 'ask'; readonly by: string; readonly again: boolean }
  | ({ readonly type: 'answer'; readonly to: string; readonly of: string } & Known)

interface Known {
  readonly last: number
  readonly said: readonly Said[]
  readonly people: readonly string[]
}

/** Waiting for the answers of the other instances. */
interface Asking {
  /** Whether our question has come back: what comes from then on is in no answer, and kept until they are there. */
  kept: Shared[] | undefined
  missing: number
  done(): void
}

/**
 * What was said in a room, for as long as anybody is there, and who is. Every instance that has people in the room keeps
 * the same, as all hear what is said in the same order.
 */
class Memory {
  readonly #room: Room
  /** Who is here and has been told what was said before. */
  readonly #names = new Map<WebSocket, string>()
  /** People on other instances. */
  readonly #elsewhere = new Map<string, readonly string[]>()
  #last = 0
  #said: readonly Said[] = []
  #asking: Asking | undefined
  #met = false

  constructor(room: Room) {
    this.#room = room
  }

  /** Other instances with people in the room. */
  get known(): number {
    return this.#elsewhere.size
  }

  async meet(): Promise<void> {
    this.#elsewhere.clear()
    if (this.#room.others > 0) await this.#ask(this.#met)
    this.#met = true
    if (this.#names.size > 0) this.tellPeople()
  }

  /**
   * Tells somebody what they have missed, and all that they are here.
   * @param since number of the last that they heard; higher than any when the room was forgotten since, and has begun anew
   */
  welcome(webSocket: WebSocket, name: string, since: number): void {
    this.#names.set(webSocket, name)
    const heard = since > this.#last ? 0 : since
    for (const told of this.#said) if (told.number > heard) tell(webSocket, told)
    this.tellPeople()
  }

  leave(webSocket: WebSocket): void {
    this.#names.delete(webSocket)
    this.tellPeople()
  }

  say(webSocket: WebSocket, said: NonNullable<ReturnType<typeof readSaid>>): void {
    const from = this.#names.get(webSocket) ?? NAMELESS
    if (said.kind === 'typing') {
      const typing = { ...said, number: 0, from }
      this.#tellHere(typing, webSocket)
      this.#room.publish(encode({ type: 'typing', said: typing }))
    } else this.#room.publishInOrder(encode({ type: 'said', said: { ...said, from } }))
  }

  tellPeople(): void {
    const people = this.#peopleHere()
    this.#room.publish(encode({ type: 'people', of: this.#room.instance, people }))
    this.#tellPeopleHere()
  }

  hear(message: Shared): void {
    const asking = this.#asking
    switch (message.type) {
      case 'answer':
        if (message.to === this.#room.instance) this.#learn(message)
        return
      case 'ask':
        if (message.by === this.#room.instance) {
          if (asking) asking.kept ??= []
        } else if (asking?.kept) asking.kept.push(message)
        else {
          this.#answer(message.by)
          if (message.again && !asking) void this.#ask(false)
        }
        return
      case 'said':
        if (asking?.kept) asking.kept.push(message)
        else this.#add(message.said)
        return
      case 'typing':
        this.#tellHere(message.said)
        return
      case 'people':
        if (message.people.length > 0) this.#elsewhere.set(message.of, message.people)
        else this.#elsewhere.delete(message.of)
        this.#tellPeopleHere()
    }
  }

  async #ask(again: boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#asking?.done()
    const asking: Asking = { kept: undefined, missing: this.#room.others, done: resolve }
    this.#asking = asking
    const late = setTimeout(resolve, ANSWER_MS)
    this.#room.publishInOrder(encode({ type: 'ask', by: this.#room.instance, again }))
    await promise
    clearTimeout(late)
    if (this.#asking === asking) this.#asking = undefined
    for (const each of asking.kept ?? []) this.hear(each)
  }

  /** Of two who do not know the same, as after a loss of the bus, who has heard more is right. */
  #learn({ of, last, said, people }: Known & { readonly of: string }): void {
    if (people.length > 0) this.#elsewhere.set(of, people)
    if (last > this.#last) {
      for (const told of said) if (told.number > this.#last) this.#tellHere(told)
      this.#last = last
      this.#said = said
    }
    const asking = this.#asking
    if (asking && --asking.missing <= 0) asking.done()
  }

  #answer(to: string): void {
    const known = { last: this.#last, said: this.#said, people: this.#peopleHere() }
    this.#room.publish(encode({ type: 'answer', to, of: this.#room.instance, ...known }))
  }

  #add(said: Omit<Said, 'number'>): void {
    const told: Said = { ...said, number: ++this.#last }
    this.#said = [...this.#said, told].slice(-GATHERING_REMEMBERS)
    this.#tellHere(told)
  }

  #peopleHere(): string[] {
    return [...this.#names.values()]
  }

  #tellPeopleHere(): void {
    const people = [...this.#peopleHere(), ...[...this.#elsewhere.values()].flat()]
    this.#tellHere({ kind: 'people', people })
  }

  #tellHere(told: Told, but?: WebSocket): void {
    sayTo(this.#names.keys(), JSON.stringify(told), { but })
  }
}

const memories = new WeakMap<Room, Memory>()

function memoryOf(room: Room): Memory {
  const memory = memories.get(room) ?? new Memory(room)
  memories.set(room, memory)
  return memory
}

const SHARED = {
  channel: 'gathering',
  memory: {
    meet: (room: Room) => memoryOf(room).meet(),
    known: (room: Room) => memoryOf(room).known,
  },
  hear(room: Room, bytes: Buffer) {
    const message = decode(bytes)
    if (message) memoryOf(room).hear(message)
  },
}

const roomsOf = perSandbox(() => new Rooms(SHARED, GATHERING_MOST))

/**
 * A room with a memory: whoever comes is told what they have missed and who is there, and whatever is said goes to all
 * with a number. Chat, feed and notices are the same to it.
 */
export const gathering: Lab = {
  name: 'gathering',
  subprotocols: [],
  serve(webSocket, query, surroundings) {
    const room = roomsOf(surroundings).enter(webSocket, query, surroundings.bus)
    if (!room) return
    const memory = memoryOf(room)
    const name = (query.get(GATHERING_NAME) ?? '').trim().slice(0, GATHERING_NAME_LENGTH) || NAMELESS
    void room.ready.then(() => {
      if (webSocket.readyState === webSocket.OPEN)
        memory.welcome(webSocket, name, readNumber(query, GATHERING_SINCE))
    })
    webSocket.on('message', (data: Buffer, isBinary) => {
      const said = isBinary ? undefined : readSaid(data.toString())
      if (said) memory.say(webSocket, said)
      else tell(webSocket, { kind: 'fault', text: FAULT })
    })
    webSocket.on('close', () => memory.leave(webSocket))
  },
}

const FAULT = `{"kind":…,"text":…}: kind is one of ${SAID_KINDS.join(', ')}, text has at most ${GATHERING_TEXT_LENGTH} characters`

function encode(message: Shared): Buffer {
  return Buffer.from(JSON.stringify(message))
}

function decode(bytes: Buffer): Shared | undefined {
  try {
    return JSON.parse(bytes.toString()) as Shared
  } catch {
    // Whatever it is, it is not from one of us.
    return undefined
  }
}

function tell(webSocket: WebSocket, told: Told): void {
  if (webSocket.readyState === webSocket.OPEN) webSocket.send(JSON.stringify(told))
}
