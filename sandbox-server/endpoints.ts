import type { IncomingMessage } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import { PLAYED_LAB, SERVED_BY } from '#contract/addresses.ts'
import type { Capture } from './captures.ts'
import { serveControl } from './control.ts'
import { forbidden } from './gate.ts'
import { guard } from './guard.ts'
import { LABS, type Lab, type Surroundings } from './labs/lab.ts'
import type { Limits } from './limits.ts'
import { controlOutlet, Mirror } from './mirror.ts'
import { isLab, type Opened } from './places.ts'
import { playedEnd } from './played-end.ts'
import type { Races } from './race/races.ts'
import { refuseSocket } from './refusal.ts'
import type { Sessions } from './sessions.ts'
import type { TapSocket } from './tap.ts'
import { TokenBucket } from './token-bucket.ts'
import type { Kind, Watch } from './watch.ts'
import { Upkeep } from './upkeep.ts'

const GOING_AWAY = 'the sandbox is shutting down'
const PAGE_GONE = 'the page that opened this is gone'

/** Of every message, however short; with half the memory for each connection. `maxPayload` bounds what is inflated. */
const COMPRESSION = { threshold: 0, zlibDeflateOptions: { memLevel: 7 } }

/** What came behind a request for a lab, as `ws` is told: that goes through the gate first. */
const NOTHING = Buffer.alloc(0)

/** An admitted opening handshake. */
export interface Opening {
  readonly place: Opened
  readonly request: IncomingMessage
  readonly socket: TapSocket
  /** What came behind the request. */
  readonly rest: Buffer<ArrayBuffer>
  readonly capture: Capture | undefined
}

/** What answers behind an admitted handshake: control channels, labs, and servers that pages play. */
export class Endpoints {
  readonly #limits: Limits
  readonly #sessions: Sessions
  readonly #races: Races
  readonly #watch: Watch
  readonly #surroundings: Surroundings
  readonly #controlServer: WebSocketServer
  readonly #labServers: ReadonlyMap<string, { readonly lab: Lab; readonly server: WebSocketServer }>
  readonly #controls: Held
  readonly #labs: Held
  #closing = false

  /** @param servedBy what responses of labs name this instance, to tell it from others behind the same balancer */
  constructor(
    limits: Limits,
    sessions: Sessions,
    races: Races,
    watch: Watch,
    surroundings: Surroundings,
    servedBy: string | undefined,
  ) {
    this.#limits = limits
    this.#sessions = sessions
    this.#races = races
    this.#watch = watch
    this.#controls = holding('control', watch)
    this.#labs = holding('lab', watch)
    this.#surroundings = surroundings
    const common = {
      noServer: true,
      perMessageDeflate: false,
      clientTracking: false,
      closeTimeout: limits.closingHandshakeMs,
      maxFragments: limits.messageFragments,
    }
    this.#controlServer = new WebSocketServer({
      ...common,
      maxPayload: limits.controlMessageBytes,
      handleProtocols: () => false,
    })
    // The gate counts pings, and says why it ends a connection; `ws` would do so without a word.
    const forLabs = { ...common, maxPendingAutoPongs: 0 }
    this.#labServers = new Map(
      [...LABS.values()].map(lab => {
        const handleProtocols = (offered: Set<string>) =>
          lab.subprotocols.find(each => offered.has(each)) ?? false
        const server = new WebSocketServer({
          ...forLabs,
          perMessageDeflate: lab.compresses === true && COMPRESSION,
          maxPayload: limits.messageBytes,
          handleProtocols,
        })
        if (servedBy !== undefined) server.on('headers', headers => headers.push(`${SERVED_BY}: ${servedBy}`))
        return [lab.name, { lab, server }]
      }),
    )
  }

  /** WebSockets that are open. */
  get size(): number {
    return this.#controls.open.size + this.#labs.open.size
  }

  open(opening: Opening): void {
    const { place, request, socket, rest } = opening
    if (place.kind === 'control')
      this.#controlServer.handleUpgrade(request, socket, rest, webSocket =>
        this.#openControl(webSocket, socket, request),
      )
    else if (place.name === PLAYED_LAB) this.#openPlayed(opening)
    else {
      const found = this.#labServers.get(place.name)
      found?.server.handleUpgrade(request, socket, NOTHING, webSocket =>
        this.#openLab(found.lab, webSocket, place.query, opening),
      )
    }
  }

  /** Says 1001 to everybody in the labs, and resolves when all have gone. Control channels are still told how they end. */
  async closeLabs(): Promise<void> {
    this.#closing = true
    await closeAll(this.#labs.open)
  }

  /** The same to the control channels. */
  async closeControls(): Promise<void> {
    this.#closing = true
    await closeAll(this.#controls.open)
  }

  #openControl(webSocket: WebSocket, socket: TapSocket, { headers }: IncomingMessage): void {
    this.#hold(webSocket, this.#controls)
    const session = this.#sessions.begin(
      new Mirror(controlOutlet(webSocket, socket), this.#limits, this.#watch),
    )
    serveControl(webSocket, session, { isLab, races: this.#races, bus: this.#surroundings.bus, headers })
    Upkeep.ofControl(webSocket, this.#limits, this.#watch)
  }

  #openLab(lab: Lab, webSocket: WebSocket, query: URLSearchParams, opening: Opening): void {
    const { socket, rest, capture } = opening
    this.#hold(webSocket, this.#labs, lab.name)
    capture?.adopt(() => webSocket.close(1001, PAGE_GONE))
    lab.serve(webSocket, query, this.#surroundings)
    Upkeep.ofLab(webSocket, socket, this.#limits, this.#watch)
    const rate = new TokenBucket(
      this.#sessions.clock,
      rateOf(this.#limits, lab.isFlooded === true && capture !== undefined),
    )
    guard(webSocket, socket, rest, rate, this.#limits, this.#watch)
  }

  /** From here on the page answers: nothing of ours was written, and nothing will be. */
  #openPlayed({ socket, capture }: Opening): void {
    if (!capture) {
      refuseSocket(socket, forbidden('The page that plays this server has to bring its ticket.'))
      return
    }
    capture.play(playedEnd(socket, this.#limits.outgoingEndBytes))
    socket.setTimeout(this.#limits.idleMs, () => socket.destroy())
    const life = setTimeout(() => socket.destroy(), this.#limits.lifeMs)
    socket.on('close', () => clearTimeout(life))
    // Its bytes are for the tap only.
    socket.resume()
  }

  #hold(webSocket: WebSocket, { kind, open, onError, onClose }: Held, lab?: string): void {
    open.add(webSocket)
    this.#watch.opened(kind, lab)
    webSocket.on('error', onError)
    webSocket.on('close', onClose)
    if (this.#closing) webSocket.close(1001, GOING_AWAY)
  }
}

async function closeAll(webSockets: Iterable<WebSocket>): Promise<void> {
  await Promise.all(
    [...webSockets].map(webSocket => {
      webSocket.close(1001, GOING_AWAY)
      return new Promise(resolve => webSocket.once('close', resolve))
    }),
  )
}

/** The WebSockets of a kind that are open, and what all of them have for listeners. */
interface Held {
  readonly kind: Kind
  readonly open: Set<WebSocket>
  readonly onError: (error: NodeJS.ErrnoException) => void
  readonly onClose: (this: WebSocket) => void
}

function holding(kind: Kind, watch: Watch): Held {
  const open = new Set<WebSocket>()
  return {
    kind,
    open,
    // What went wrong is in the close code; without a listener it would end the process.
    onError({ code }) {
      if (code !== undefined) tellOf(code, kind, watch)
    },
    onClose() {
      open.delete(this)
    },
  }
}

/** Limits that `ws` keeps for us, by the code of its error. */
const KEPT_BY_WS: Readonly<Record<string, Readonly<Record<Kind, keyof Limits>>>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: { lab: 'messageBytes', control: 'controlMessageBytes' },
  WS_ERR_TOO_MANY_BUFFERED_PARTS: { lab: 'messageFragments', control: 'messageFragments' },
}

function tellOf(code: string, kind: Kind, watch: Watch): void {
  const limit = KEPT_BY_WS[code]?.[kind]
  if (limit) watch.limit(limit)
  else if (code.startsWith('WS_ERR_')) watch.violation(code)
}

/** How much may be said to a lab. */
function rateOf(limits: Limits, isFlooded: boolean): { perSecond: number; burst: number } {
  return isFlooded
    ? { perSecond: limits.floodMessagesPerSecond, burst: limits.floodMessageBurst }
    : { perSecond: limits.messagesPerSecond, burst: limits.messageBurst }
}
