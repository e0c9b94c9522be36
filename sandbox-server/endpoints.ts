import type { IncomingMessage } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import { PLAYED_LAB, SERVED_BY } from '#contract/addresses.ts'
import type { Capture } from './captures.ts'
import { serveControl } from './control.ts'
import { FrameGate, type Failure } from './frame-gate.ts'
import { forbidden } from './gate.ts'
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
import { applyBackpressure, keepAlive, limitLife } from './upkeep.ts'

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
  readonly #controls = new Set<WebSocket>()
  readonly #labs = new Set<WebSocket>()
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
    return this.#controls.size + this.#labs.size
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
    await closeAll(this.#labs)
  }

  /** The same to the control channels. */
  async closeControls(): Promise<void> {
    this.#closing = true
    await closeAll(this.#controls)
  }

  #openControl(webSocket: WebSocket, socket: TapSocket, { headers }: IncomingMessage): void {
    this.#hold(webSocket, this.#controls, 'control')
    const session = this.#sessions.begin(
      new Mirror(controlOutlet(webSocket, socket), this.#limits, this.#watch),
    )
    serveControl(webSocket, session, { isLab, races: this.#races, bus: this.#surroundings.bus, headers })
    keepAlive(webSocket, this.#limits, this.#watch)
  }

  #openLab(lab: Lab, webSocket: WebSocket, query: URLSearchParams, opening: Opening): void {
    const { socket, rest, capture } = opening
    this.#hold(webSocket, this.#labs, 'lab', lab.name)
    capture?.adopt(() => webSocket.close(1001, PAGE_GONE))
    lab.serve(webSocket, query, this.#surroundings)
    applyBackpressure(webSocket, socket, this.#limits, this.#watch)
    keepAlive(webSocket, this.#limits, this.#watch)
    limitLife(webSocket, this.#limits, this.#watch)
    const rate = new TokenBucket(
      this.#sessions.clock,
      rateOf(this.#limits, lab.isFlooded === true && capture !== undefined),
    )
    guard(webSocket, socket, rest, this.#limits, rate, this.#watch)
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

  #hold(webSocket: WebSocket, among: Set<WebSocket>, kind: Kind, lab?: string): void {
    among.add(webSocket)
    const openedAt = performance.now()
    this.#watch.opened(kind, lab)
    // What went wrong is in the close code; without a listener it would end the process.
    webSocket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== undefined) tellOf(error.code, kind, this.#watch)
    })
    webSocket.on('close', code => {
      among.delete(webSocket)
      this.#watch.closed(kind, code, performance.now() - openedAt)
    })
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

/** Has `ws` read only frames that break no rule, are not too many, and come to an end. */
function guard(
  webSocket: WebSocket,
  socket: TapSocket,
  rest: Buffer<ArrayBuffer>,
  limits: Limits,
  rate: TokenBucket,
  watch: Watch,
): void {
  const tell = ({ closeCode, limit }: Failure) => {
    if (limit) watch.limit(limit)
    else watch.violation(String(closeCode))
  }
  const gate = new FrameGate(limits.messageBytes, rate, webSocket.extensions !== '', tell)
  const finishing = new FrameTimer(limits.frameMs, () => {
    if (webSocket.readyState !== webSocket.OPEN) return
    tell(TOO_SLOW)
    webSocket.close(TOO_SLOW.closeCode, TOO_SLOW.reason)
  })
  webSocket.on('close', () => finishing.stop())
  const admit = (bytes: Buffer<ArrayBuffer>) => {
    const admitted = gate.push(bytes)
    finishing.look(gate.unfinished)
    return admitted
  }
  socket.inspect = (bytes, pass) => pass(admit(bytes))
  const early = admit(rest)
  if (early.length > 0) socket.unshift(early)
}

/** RFC 6455 §7.4.1: what violates the endpoint's policy. */
const TOO_SLOW = { closeCode: 1008, reason: 'a frame takes too long', limit: 'frameMs' } as const

/** Runs while a frame has begun and not ended. */
class FrameTimer {
  readonly #milliseconds: number
  readonly #overdue: () => void
  #timer: NodeJS.Timeout | undefined
  #frame: number | undefined

  constructor(milliseconds: number, overdue: () => void) {
    this.#milliseconds = milliseconds
    this.#overdue = overdue
  }

  /** @param unfinished number of the frame that has begun and not ended */
  look(unfinished: number | undefined): void {
    if (unfinished === this.#frame) return
    this.stop()
    this.#frame = unfinished
    if (unfinished !== undefined) this.#timer = setTimeout(this.#overdue, this.#milliseconds)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
