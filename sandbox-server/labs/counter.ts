import { COUNTER_FROM, COUNTER_RESTART } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'
import { readNumber } from './parameters.ts'
import { perSandbox } from './per-sandbox.ts'
import { Rooms, type Room } from './rooms.ts'

/** What a server is that can be started again: those who are connected to it. */
const serversOf = perSandbox(() => new Rooms({ channel: 'counter', hear: closeAll }))

/**
 * Remembers of each connection how often it has spoken, as a server with state does. The word `restart` has it started
 * again: it forgets everything, and says 1012 to all that are connected.
 */
export const counter: Lab = {
  name: 'counter',
  subprotocols: [],
  serve(webSocket, query, surroundings) {
    const server = serversOf(surroundings).enter(webSocket, query, surroundings.bus)
    if (!server) return
    let spoken = readNumber(query, COUNTER_FROM)
    webSocket.on('message', (data: Buffer) => {
      if (data.toString() === COUNTER_RESTART) {
        server.publish(data)
        closeAll(server)
      } else webSocket.send(`${++spoken}번째 말입니다`)
    })
  },
}

function closeAll(server: Room): void {
  for (const each of server) each.close(1012, '서버를 다시 켭니다')
}
