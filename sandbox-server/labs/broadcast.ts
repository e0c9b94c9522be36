import { BROADCAST_MOST, BROADCAST_TO } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'
import { perSandbox } from './per-sandbox.ts'
import { TalkingRooms } from './talking.ts'

const roomsOf = perSandbox(() => new TalkingRooms('broadcast', BROADCAST_MOST))

/** Says whatever one in a room says to all of them, or to the others. */
export const broadcast: Lab = {
  name: 'broadcast',
  subprotocols: [],
  serve(webSocket, query, surroundings) {
    const hearsItself = query.get(BROADCAST_TO.name) === BROADCAST_TO.all
    roomsOf(surroundings).enter(webSocket, query, surroundings.bus, hearsItself)
  },
}
