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
import { Rooms } from './rooms.ts'

const rooms = new Rooms(GATHERING_MOST)
const names = new WeakMap<WebSocket, string>()

/** What was said in a room, for as long as anybody is there. */
interface Memory {
  last: number
  readonly said: Told[]
}
const memories = new WeakMap<ReadonlySet<WebSocket>, Memory>()

const NAMELESS = '손님'

/**
 * A room with a memory: whoever comes is told what they have missed and who is there, and whatever is said goes to all
 * with a number. Chat, feed and notices are the same to it.
 */
export const gathering: Lab = {
  name: 'gathering',
  subprotocols: [],
  serve(webSocket, query) {
    const room = rooms.enter(webSocket, query)
    if (!room) return
    const from = (query.get(GATHERING_NAME) ?? '').trim().slice(0, GATHERING_NAME_LENGTH) || NAMELESS
    names.set(webSocket, from)
    const memory = memories.get(room) ?? { last: 0, said: [] }
    memories.set(room, memory)
    const since = readNumber(query, GATHERING_SINCE)
    for (const told of memory.said) if ('number' in told && told.number > since) tell(webSocket, told)
    tellPeople(room)
    webSocket.on('message', (data: Buffer, isBinary) => {
      const said = isBinary ? undefined : readSaid(data.toString())
      if (!said) {
        tell(webSocket, { kind: 'fault', text: FAULT })
        return
      }
      if (said.kind === 'typing') {
        for (const each of room) if (each !== webSocket) tell(each, { ...said, number: 0, from })
        return
      }
      const told = { ...said, number: ++memory.last, from }
      memory.said.push(told)
      if (memory.said.length > GATHERING_REMEMBERS) memory.said.shift()
      tellAll(room, told)
    })
    webSocket.on('close', () => tellPeople(room))
  },
}

const FAULT = `{"kind":…,"text":…}: kind is one of ${SAID_KINDS.join(', ')}, text has at most ${GATHERING_TEXT_LENGTH} characters`

function tellPeople(room: ReadonlySet<WebSocket>): void {
  tellAll(room, { kind: 'people', people: [...room].map(each => names.get(each) ?? NAMELESS) })
}

function tellAll(room: ReadonlySet<WebSocket>, told: Told): void {
  const message = JSON.stringify(told)
  for (const each of room) if (each.readyState === each.OPEN) each.send(message)
}

function tell(webSocket: WebSocket, told: Told): void {
  if (webSocket.readyState === webSocket.OPEN) webSocket.send(JSON.stringify(told))
}
