import { BROADCAST_MOST, BROADCAST_TO } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'
import { TalkingRooms } from './talking.ts'

const rooms = new TalkingRooms('broadcast', BROADCAST_MOST)

/** Says whatever one in a room says to all of them, or to the others. */
export const broadcast: Lab = {
  name: 'broadcast',
  subprotocols: [],
  serve(webSocket, query, { bus }) {
    rooms.enter(webSocket, query, bus, query.get(BROADCAST_TO.name) === BROADCAST_TO.all)
  },
}
