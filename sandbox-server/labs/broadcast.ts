import { BROADCAST_MOST, BROADCAST_TO } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'
import { Rooms } from './rooms.ts'

const rooms = new Rooms(BROADCAST_MOST)

/** Says whatever one in a room says to all of them, or to the others. */
export const broadcast: Lab = {
  name: 'broadcast',
  subprotocols: [],
  serve(webSocket, query) {
    const room = rooms.enter(webSocket, query)
    if (!room) return
    const hearsItself = query.get(BROADCAST_TO.name) === BROADCAST_TO.all
    webSocket.on('message', (data, isBinary) => {
      for (const member of room)
        if ((hearsItself || member !== webSocket) && member.readyState === member.OPEN)
          member.send(data, { binary: isBinary })
    })
  },
}
