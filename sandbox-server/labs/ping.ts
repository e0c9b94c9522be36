import { PING_EVERY, PING_PILE } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'
import { readNumber } from './parameters.ts'

/**
 * Pings its client at the rate of the query, whatever the page does meanwhile, and echoes messages, but for those that
 * ask for a pile of data. Each ping carries its number in ASCII, so that pongs can be told apart.
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
    let pile: NodeJS.Timeout | undefined
    webSocket.on('close', () => {
      clearInterval(timer)
      clearTimeout(pile)
    })
    webSocket.on('message', (data: Buffer, isBinary) => {
      const kib = isBinary ? 0 : wantedPile(data)
      if (kib === 0) webSocket.send(data, { binary: isBinary })
      // One at a time: what a client can have on the way to it is bounded.
      else
        pile ??= setTimeout(() => {
          pile = undefined
          for (let left = kib; left > 0; left -= MESSAGE_KIB)
            webSocket.send(new Uint8Array(Math.min(left, MESSAGE_KIB) * 1024))
        }, PING_PILE.afterMs)
    })
  },
}

/** Largest message of a pile, in KiB. */
const MESSAGE_KIB = 64

/** How many KiB a text asks for, 0 when it does not. */
function wantedPile(text: Buffer): number {
  const [, kib] = new RegExp(`^${PING_PILE.word} (\\d{1,3})$`).exec(text.toString('latin1')) ?? []
  return Math.min(Number(kib ?? 0), PING_PILE.most)
}
