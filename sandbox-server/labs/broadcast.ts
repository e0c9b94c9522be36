import type { WebSocket } from 'ws'
import { BROADCAST_MOST, BROADCAST_ROOM, BROADCAST_TO } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'

/** Names that are long enough for nobody to guess one. */
const ROOM = /^[a-z0-9]{16,32}$/

/** Who is in each room; one that is empty is forgotten. */
const rooms = new Map<string, Set<WebSocket>>()

/** Says whatever one in a room says to all of them, or to the others. */
export const broadcast: Lab = {
  name: 'broadcast',
  subprotocols: [],
  serve(webSocket, query) {
    const name = query.get(BROADCAST_ROOM) ?? ''
    if (!ROOM.test(name)) {
      webSocket.close(1008, `${BROADCAST_ROOM} has to be 16 to 32 letters and digits`)
      return
    }
    const room = rooms.get(name) ?? new Set()
    if (room.size >= BROADCAST_MOST) {
      webSocket.close(1013, `a room takes ${BROADCAST_MOST}`)
      return
    }
    rooms.set(name, room.add(webSocket))
    const hearsItself = query.get(BROADCAST_TO.name) === BROADCAST_TO.all
    webSocket.on('message', (data, isBinary) => {
      for (const member of room)
        if ((hearsItself || member !== webSocket) && member.readyState === member.OPEN)
          member.send(data, { binary: isBinary })
    })
    webSocket.on('close', () => {
      room.delete(webSocket)
      if (room.size === 0) rooms.delete(name)
    })
  },
}
