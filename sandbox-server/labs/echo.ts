import type { RawData, WebSocket } from 'ws'
import { ECHO_SUBPROTOCOLS } from '#contract/addresses.ts'
import type { Lab } from './lab.ts'

/** Sends every message back, text as text and binary as binary. */
export const echo: Lab = {
  name: 'echo',
  subprotocols: ECHO_SUBPROTOCOLS,
  isFlooded: true,
  serve(webSocket) {
    webSocket.on('message', sendBack)
  },
}

function sendBack(this: WebSocket, data: RawData, isBinary: boolean): void {
  this.send(data, { binary: isBinary })
}
