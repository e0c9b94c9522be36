import { PING_EVERY } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'
import { readNumber } from './parameters.ts'

/**
 * Pings its client at the rate of the query, whatever the page does meanwhile, and echoes messages. Each ping carries its
 * number in ASCII, so that pongs can be told apart.
 */
export const ping: Lab = {
  name: 'ping',
  subprotocols: [],
  serve(webSocket, query) {
    let number = 0
    const timer = setInterval(
      () => {
        if (webSocket.readyState === webSocket.OPEN) webSocket.ping(String(++number))
      },
      readNumber(query, PING_EVERY),
    )
    webSocket.on('close', () => clearInterval(timer))
    webSocket.on('message', (data, isBinary) => webSocket.send(data, { binary: isBinary }))
  },
}
