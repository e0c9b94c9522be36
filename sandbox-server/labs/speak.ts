import { SPEAK_COUNT, SPEAK_EVERY } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'
import { readNumber } from './parameters.ts'

/**
 * Speaks without being asked, so many times at the rate of the query, and answers no message. Over plain HTTP it can
 * only answer: with the latest of what it says at that rate all day long.
 */
export const speak: Lab = {
  name: 'speak',
  subprotocols: [],
  serve(webSocket, query) {
    let left = readNumber(query, SPEAK_COUNT)
    let number = 0
    const timer = setInterval(
      () => {
        if (webSocket.readyState === webSocket.OPEN) webSocket.send(`서버의 말 ${++number}`)
        if (--left <= 0) clearInterval(timer)
      },
      readNumber(query, SPEAK_EVERY),
    )
    webSocket.on('close', () => clearInterval(timer))
  },
  answer: (query, now) => `서버의 말 ${Math.floor(now / 1000 / readNumber(query, SPEAK_EVERY))}`,
}
