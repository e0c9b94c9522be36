import { OPCODES } from '#protocol/opcodes.ts'
import type { TraceItem } from '#protocol/trace.ts'

/** A ping of the server, and how long its pong took. Times are microseconds of the session's clock. */
export interface PingOf {
  readonly at: number
  /** Undefined while there is no pong. */
  readonly micros: number | undefined
}

/** The server's pings in their order, each with its pong; a pong also answers the pings before its own (RFC 6455 §5.5.3). */
export function serverPings(items: readonly TraceItem[]): readonly PingOf[] {
  const pings: { at: number; payload: string; micros: number | undefined }[] = []
  let answered = 0
  for (const item of items) {
    if (item.kind !== 'frame') continue
    const { opcode, payload } = item.frame
    const key = String.fromCharCode(...payload.subarray(0, 125))
    if (item.from === 'server' && opcode === OPCODES.ping)
      pings.push({ at: item.at, payload: key, micros: undefined })
    else if (item.from === 'client' && opcode === OPCODES.pong) {
      const place = pings.findLastIndex((ping, index) => index >= answered && ping.payload === key)
      const ping = pings[place]
      if (!ping) continue
      ping.micros = item.at - ping.at
      answered = place + 1
    }
  }
  return pings.map(({ at, micros }) => ({ at, micros }))
}
