import type { WebSocket } from 'ws'
import type { Bus } from '../bus/bus.ts'
import { arena } from './arena.ts'
import { broadcast } from './broadcast.ts'
import { counter } from './counter.ts'
import { deflate } from './deflate.ts'
import { echo } from './echo.ts'
import { gathering } from './gathering.ts'
import { instances } from './instances.ts'
import { market } from './market.ts'
import { ping } from './ping.ts'
import { pulse } from './pulse.ts'
import { speak } from './speak.ts'

/** What a sandbox holds at this moment. */
export interface Holdings {
  readonly connections: number
  readonly sessions: number
  readonly tickets: number
  readonly webSockets: number
}

/** What a lab may know of the sandbox that it is in. */
export interface Surroundings {
  holdings(): Holdings
  /** The way to those who are connected to other instances. */
  readonly bus: Bus
}

/** An endpoint a reader can connect to. */
export interface Lab {
  /** Last segment of its path. */
  readonly name: string
  /** Subprotocols it speaks, the one it likes best first. */
  readonly subprotocols: readonly string[]
  /** Agrees to permessage-deflate (RFC 7692) when a client offers it. */
  readonly compresses?: boolean
  /** Readers may flood it, to see how that looks: a page's connection has a budget of its own. */
  readonly isFlooded?: boolean
  /** Connections go to one of two sandboxes behind a balancer; the response names it as `X-Served-By`. */
  readonly isBalanced?: boolean
  /** Serves one connection whose handshake is done, as the query of its URL asks. */
  serve(webSocket: WebSocket, query: URLSearchParams, surroundings: Surroundings): void
  /**
   * What it says to an ordinary GET of a client that a page plays; left out: nothing but WebSocket is spoken here.
   * @param now microseconds of the sandbox's clock
   */
  answer?(query: URLSearchParams, now: number): string
}

/** Every lab, by name. */
export const LABS: ReadonlyMap<string, Lab> = new Map(
  [echo, arena, broadcast, counter, deflate, gathering, instances, market, ping, pulse, speak].map(lab => [
    lab.name,
    lab,
  ]),
)
