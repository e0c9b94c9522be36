import type { WebSocket } from 'ws'
import { echo } from './echo.ts'
import { ping } from './ping.ts'
import { speak } from './speak.ts'

/** An endpoint a reader can connect to. */
export interface Lab {
  /** Last segment of its path. */
  readonly name: string
  /** Subprotocols it speaks, the one it likes best first. */
  readonly subprotocols: readonly string[]
  /** Serves one connection whose handshake is done, as the query of its URL asks. */
  serve(webSocket: WebSocket, query: URLSearchParams): void
}

/** Every lab, by name. */
export const LABS: ReadonlyMap<string, Lab> = new Map([echo, ping, speak].map(lab => [lab.name, lab]))
