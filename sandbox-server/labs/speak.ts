import { SPEAK_COUNT, SPEAK_EVERY } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'
import { readNumber } from './parameters.ts'

/** Speaks without being asked, so many times at the rate of the query, and answers nothing. */
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
}
