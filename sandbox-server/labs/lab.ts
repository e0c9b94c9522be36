import type { WebSocket } from 'ws'
import { echo } from './echo.ts'

/** An endpoint a reader can connect to. */
export interface Lab {
  /** Last segment of its path. */
  readonly name: string
  /** Subprotocols it speaks, the one it likes best first. */
  readonly subprotocols: readonly string[]
  /** Serves one connection whose handshake is done. */
  serve(webSocket: WebSocket): void
}

/** Every lab, by name. */
export const LABS: ReadonlyMap<string, Lab> = new Map([echo].map(lab => [lab.name, lab]))
