import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Addresses } from './addresses.ts'
import { Admission, type Carried } from './admission.ts'
import { processClock, type Clock } from './clock.ts'
import type { Config } from './config.ts'
import { Dialler } from './dialler.ts'
import { Endpoints } from './endpoints.ts'
import { asksForEvents, streamEvents } from './event-stream.ts'
import { LABS } from './labs/lab.ts'
import { OverheardPair, type Conversation } from './overheard.ts'
import { placeOf, queryOf, type Place } from './places.ts'
import { playedEnd, type PlayedEnd } from './played-end.ts'
import { carry, type Asked } from './proxy.ts'
import {
  BAD_GATEWAY,
  BAD_REQUEST,
  FULL,
  isLong,
  METHOD_NOT_ALLOWED,
  NOT_FOUND,
  refusalOfClientError,
  refuseRequest,
  refuseSocket,
  TOO_MANY_CONNECTIONS,
  uriTooLong,
} from './refusal.ts'
import { Races } from './race/races.ts'
import { Sessions, type Random, type Session } from './sessions.ts'
import { TapSocket } from './tap.ts'
import { TappedSockets, type Capturing } from './tapped-sockets.ts'
import { Turns } from './turns.ts'

/** What is held at this moment. */
export interface Holdings {
  readonly connections: number
  readonly sessions: number
  readonly tickets: number
  readonly webSockets: number
}

export interface Sandbox {
  /**
   * Puts the sandbox on an HTTP server, before its first connection and after its request listener. Requests to paths
   * that are not the sandbox's are left to that listener, upgrades to them too unless the server is `owned`.
   */
  attach(server: Server, options: { owned: boolean }): void
  holdings(): Holdings
  /** Says 1001 to every WebSocket and ends every connection, at the latest when the closing handshake's time is up. */
  close(): Promise<void>
}

/** How often addresses that have gone quiet are forgotten. */
const FORGETTING_MS = 60_000

interface Dependencies {
  readonly clock?: Clock
  readonly random?: Random
}

export function createSandbox(
  config: Config,
  { clock = processClock, random = randomBytes }: Dependencies = {},
): Sandbox {
  const { limits } = config
  const sockets = new TappedSockets(limits, clock)
  const addresses = new Addresses(limits, clock)
  const turns = new Turns(limits)
  const dialler = new Dialler(limits.dialMs)
  const overheard = new OverheardPair(limits.overheardMs, limits.messageBytes)
  const races = new Races(limits.races, clock, () => dialler.dial())
  const sessions = new Sessions(limits, clock, random, { dial, overhear })
  const admission = new Admission(config, sessions, sockets, () => port)
  const endpoints = new Endpoints(limits, sessions, races)
  /** Connections that the sandbox opened to itself: the server's end, and who is to see it. */
  const dialled = new WeakMap<Socket, Capturing>()
  const forgetting = setInterval(() => addresses.forgetQuiet(), FORGETTING_MS).unref()
  let server: Server | undefined
  let port = config.port
  let closing = false

  function attach(to: Server, { owned }: { owned: boolean }): void {
    server = to
    // A hard stop above our own answer, which is a 503.
    to.maxConnections = limits.connections + limits.refusedConnections
    // The server's own listeners get the tap in the socket's place. (To make another server that only emits
    // 'connection' on this one would leave this one never listening, and HTTP's timeouts run only on one that does.)
    const listeners = to.listeners('connection')
    to.removeAllListeners('connection')
    to.on('connection', (raw: Socket) => {
      const socket = sockets.tap(raw, dialled.get(raw))
      const peer = socket.remoteAddress ?? ''
      if (sockets.size > limits.connections || closing) refuseSocket(socket, FULL)
      // Of one that a proxy opens, the request says whose it is.
      else if (!config.trustedProxies.has(peer) && !isAdmitted(socket, peer))
        refuseSocket(socket, TOO_MANY_CONNECTIONS)
      else for (const listener of listeners) Reflect.apply(listener, to, [socket])
    })
    to.on('listening', () => {
      const address = to.address()
      if (address !== null && typeof address === 'object') port = address.port
    })
    const requestListeners = to.listeners('request')
    to.removeAllListeners('request')
    const answerAny: RequestListener = (request, response) => {
      if (answer(request, response, owned)) return
      for (const listener of requestListeners) Reflect.apply(listener, to, [request, response])
    }
    to.on('request', turns.inTurn(answerAny))
    to.on('upgrade', (request, socket, head) => {
      if (socket instanceof TapSocket) turns.afterAll(socket, () => upgrade(request, socket, head, owned))
    })
    // Without a listener http drops a CONNECT without a word. This is no proxy.
    if (to.listenerCount('connect') === 0)
      to.on('connect', (_request, socket) => {
        sockets.takeFirstBytes(socket)
        if (socket instanceof TapSocket)
          turns.afterAll(socket, () => refuseSocket(socket, METHOD_NOT_ALLOWED))
      })
    if (to.listenerCount('clientError') === 0) answerClientErrors(to)
  }

  /** Counts a connection among those of its address, if that may have it. */
  function isAdmitted(socket: TapSocket, address: string): boolean {
    const admitted = addresses.admit(address)
    if (typeof admitted === 'string') return false
    socket.on('close', admitted)
    return true
  }

  /** The same for whom a trusted proxy speaks; the proxy itself is not counted. */
  function isAdmittedThroughProxy(request: IncomingMessage, socket: TapSocket): boolean {
    const peer = socket.remoteAddress ?? ''
    const client = config.trustedProxies.clientOf(peer, request.headers['x-forwarded-for']?.toString())
    return client === peer || isAdmitted(socket, client)
  }

  /** A connection to ourselves, captured from its first byte; gives the client's end. */
  async function connectToOurselves(capturing: Capturing): Promise<Socket> {
    const { client, server: raw } = await dialler.dial()
    dialled.set(raw, capturing)
    server?.emit('connection', raw)
    return client
  }

  /** One whose client a page plays. */
  async function dial(session: Session, connection: number): Promise<PlayedEnd> {
    const client = await connectToOurselves({ session, connection, lab: 'dialled' })
    // What comes back is shown by the tap.
    client.resume()
    return playedEnd(client, limits.outgoingEndBytes)
  }

  /** Has a proxy carry on a request over a connection of its own. */
  async function carryOn({ session, through, behind }: Carried, lab: string, asked: Asked): Promise<void> {
    const back = await session.behind(behind, connection =>
      connectToOurselves({ session, connection, lab, isBehind: true }),
    )
    if (typeof back === 'string') refuseSocket(asked.front, BAD_GATEWAY)
    else carry(through, asked, back, limits.headBytes)
  }

  /** A connection inside the sandbox that is captured in its middle; gives what has its two ends talk. */
  async function overhear(
    session: Session,
    connection: number,
    what: Conversation,
  ): Promise<() => Promise<void>> {
    const { client, server: raw } = await dialler.dial()
    const socket = sockets.tap(raw, { session, connection, lab: 'overheard' })
    // What comes may be TLS.
    socket.inspect = undefined
    return () => overheard.talk(client, socket, what)
  }

  function answerClientErrors(to: Server): void {
    const answered = new WeakSet<Duplex>()
    to.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (answered.has(socket)) return
      answered.add(socket)
      const first = sockets.takeFirstBytes(socket)
      const start = first?.start()
      if (first && socket instanceof TapSocket) admission.captureUnreadable(socket, first)
      if (!(socket instanceof TapSocket) || error.code === 'ECONNRESET') socket.destroy()
      // Browsers open connections ahead of their use; one never used has asked nothing, so it gets no answer.
      else if (start?.length === 0) socket.destroySoon()
      else turns.afterAll(socket, () => refuseSocket(socket, refusalOfClientError(error.code, start, limits)))
    })
  }

  function upgrade(request: IncomingMessage, socket: TapSocket, rest: Buffer, owned: boolean): void {
    const place = placeOf(request.url)
    const first = sockets.takeFirstBytes(socket)
    if (!place) {
      if (owned) refuseSocket(socket, isLong(request, limits) ? uriTooLong(limits) : NOT_FOUND)
      return
    }
    const { refusal, capture, carried } = admission.admit(request, socket, first, place)
    if (!sockets.captureOf(socket) && !isAdmittedThroughProxy(request, socket))
      refuseSocket(socket, TOO_MANY_CONNECTIONS)
    else if (place.kind === 'lab' && process.memoryUsage.rss() > limits.memoryBytes)
      refuseSocket(socket, FULL)
    else if (refusal) refuseSocket(socket, refusal)
    else if (carried && place.kind === 'lab')
      void carryOn(carried, place.name, { request, front: socket, rest })
    else endpoints.open({ place, request, socket, rest, capture })
  }

  /** Answers an ordinary request if that is the sandbox's to do, and says whether it was. */
  function answer(request: IncomingMessage, response: ServerResponse, owned: boolean): boolean {
    const { socket } = request
    const place = placeOf(request.url)
    const first = sockets.takeFirstBytes(socket)
    if (admission.isEvents(request)) answerEvents(request, response)
    else if (place && socket instanceof TapSocket) {
      const { refusal, capture } = admission.admit(request, socket, first, place)
      const answered = capture && plainAnswer(place, request, clock())
      if (answered !== undefined) {
        answerText(response, answered)
        return true
      }
      // What http did not take for an upgrade has some rule against it, or comes from a server with other ideas.
      refuseRequest(response, refusal ?? { ...BAD_REQUEST, detail: 'The request is no WebSocket handshake.' })
    } else if (sockets.captureOf(socket)) refuseRequest(response, NOT_FOUND)
    else if (request.url?.split('?', 1)[0] === '/healthz') answerHealth(request, response)
    else if (owned && isLong(request, limits)) refuseRequest(response, uriTooLong(limits))
    else return false
    return true
  }

  /** An EventSource is no handshake, so it is only asked who it belongs to. */
  function answerEvents(request: IncomingMessage, response: ServerResponse): void {
    const refusal = asksForEvents(request)
      ? admission.refusalOfPlain(request)
      : {
          ...BAD_REQUEST,
          detail: 'Only an EventSource is answered here: Accept has to name text/event-stream.',
        }
    if (refusal) refuseRequest(response, refusal)
    else streamEvents(request, response, queryOf(request.url), request.headers.origin)
  }

  function holdings(): Holdings {
    return {
      connections: sockets.size,
      sessions: sessions.open.size,
      tickets: sessions.tickets.size,
      webSockets: endpoints.size,
    }
  }

  async function close(): Promise<void> {
    closing = true
    clearInterval(forgetting)
    races.stop()
    await endpoints.close()
    sockets.destroyAll()
    dialler.close()
  }

  return { attach, holdings, close }
}

function answerHealth({ method = '' }: IncomingMessage, response: ServerResponse): void {
  if (method !== 'GET' && method !== 'HEAD') {
    refuseRequest(response, {
      ...METHOD_NOT_ALLOWED,
      detail: 'The health of the sandbox can only be asked for.',
    })
    return
  }
  answerText(response, 'ok\n')
}

/** What a lab says to an ordinary GET; only for clients that pages play, as no page of a browser is to be made of it. */
function plainAnswer(place: Place, { method, headers }: IncomingMessage, now: number): string | undefined {
  if (place.kind !== 'lab' || place.ticket !== null || method !== 'GET') return undefined
  return headers.upgrade === undefined ? LABS.get(place.name)?.answer?.(place.query, now) : undefined
}

function answerText(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  })
  response.end(text)
}
