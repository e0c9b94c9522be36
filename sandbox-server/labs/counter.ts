import type { WebSocket } from 'ws'
import { COUNTER_FROM, COUNTER_RESTART, COUNTER_ROOM } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'
import { readNumber } from './parameters.ts'

/** Names that are long enough for nobody to guess one. */
const ROOM = /^[a-z0-9]{16,32}$/

/** What a server is that can be started again: those who are connected to it. One that nobody is connected to is gone. */
const servers = new Map<string, Set<WebSocket>>()

/**
 * Remembers of each connection how often it has spoken, as a server with state does. The word `restart` has it started
 * again: it forgets everything, and says 1012 to all that are connected.
 */
export const counter: Lab = {
  name: 'counter',
  subprotocols: [],
  serve(webSocket, query) {
    const name = query.get(COUNTER_ROOM) ?? ''
    if (!ROOM.test(name)) {
      webSocket.close(1008, `${COUNTER_ROOM} has to be 16 to 32 letters and digits`)
      return
    }
    const connected = servers.get(name) ?? new Set()
    servers.set(name, connected.add(webSocket))
    let spoken = readNumber(query, COUNTER_FROM)
    webSocket.on('message', (data: Buffer) => {
      if (data.toString() === COUNTER_RESTART)
        for (const each of connected) each.close(1012, '서버를 다시 켭니다')
      else webSocket.send(`${++spoken}번째 말입니다`)
    })
    webSocket.on('close', () => {
      connected.delete(webSocket)
      if (connected.size === 0) servers.delete(name)
    })
  },
}
