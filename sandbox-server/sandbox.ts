import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { Addresses } from './addresses.ts'
import { Admission, type Carried } from './admission.ts'
import { BalancedPair, type Instance } from './balanced-pair.ts'
import { LocalBus, type Bus } from './bus/bus.ts'
import { Instances, nameInstance } from './bus/instances.ts'
import { RedisBus } from './bus/redis-bus.ts'
import type { Capture, Viewer } from './captures.ts'
import { processClock, type Clock } from './clock.ts'
import type { Config } from './config.ts'
import { Dialler, LOOPBACK } from './dialler.ts'
import { Endpoints } from './endpoints.ts'
import { asksForEvents, streamEvents } from './event-stream.ts'
import type { FirstBytes } from './first-bytes.ts'
import { hostNameOf, isLoopbackName } from './host-name.ts'
import { createHttpServer } from './http-server.ts'
import { LABS, type Holdings } from './labs/lab.ts'
import type { Limits } from './limits.ts'
import { clientOf, Networks, withoutMapping } from './networks.ts'
import { noLog, Operations } from './operations.ts'
import { OverheardPair, type Conversation } from './overheard.ts'
import { placeOf, type Opened } from './places.ts'
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
  type HttpRefusal,
} from './refusal.ts'
import { Races } from './race/races.ts'
import { Sessions, type Random } from './sessions.ts'
import { TapSocket } from './tap.ts'
import { TappedSockets, type Capturing } from './tapped-sockets.ts'
import { Turns } from './turns.ts'

export interface Sandbox {
  /**
   * Puts the sandbox on an HTTP server, before its first connection and after its request listener. Requests to paths
   * that are not the sandbox's are left to that listener, upgrades to them too unless the server is `owned`.
   */
  attach(server: Server, options: { owned: boolean }): void
  holdings(): Holdings
  /** What its operator sees. */
  readonly operations: Operations
  /** Says 1001 to every WebSocket and ends every connection, at the latest when the closing handshake's time is up. */
  close(): Promise<void>
}

/** Limits whose answer is a status of HTTP's own. */
const LIMIT_OF_STATUS: Readonly<Record<number, keyof Limits>> = {
  408: 'headMs',
  414: 'urlBytes',
  431: 'headBytes',
}

/** How often addresses that have gone quiet are forgotten. */
const FORGETTING_MS = 60_000

interface Dependencies {
  readonly clock?: Clock
  readonly random?: Random
  readonly log?: Logger
  /** For one of the instances behind the balancer of another sandbox. */
  readonly behind?: Behind
}

interface Behind {
  /** Its name among those behind the balancer. */
  readonly servedBy: string
  readonly bus: Bus
  readonly watch: Operations
}

export function createSandbox(
  config: Config,
  { clock = processClock, random = randomBytes, log = noLog(), behind }: Dependencies = {},
): Sandbox {
  const { limits } = config
  const watch = behind?.watch ?? new Operations({ clock, log, holdings: () => ({ ...holdings() }) })
  const sockets = new TappedSockets(limits, clock)
  const addresses = new Addresses(limits, clock)
  const turns = new Turns(limits, watch)
  const dialler = new Dialler(limits.dialMs)
  const overheard = new OverheardPair(limits.overheardMs, limits.messageBytes)
  const races = new Races(limits.races, clock, () => dialler.dial())
  const bus =
    behind?.bus ??
    (config.redisUrl === undefined ? new LocalBus() : new RedisBus(config.redisUrl, limits, random, watch))
  const instance = behind || bus.state === 'local' ? undefined : nameInstance(random)
  const sessions = new Sessions(limits, clock, random, watch, { dial, overhear, instance })
  const instances = new Instances(instance, { bus, sessions, limits, clock, watch })
  const admission = new Admission(config, instances, sockets, () => port)
  const endpoints = new Endpoints(limits, sessions, races, watch, { holdings, bus }, behind?.servedBy)
  const pair = behind ? undefined : new BalancedPair(() => dialler.dial(), startBehind)
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
      if (closing) turnAway(socket, FULL)
      else if (sockets.size > limits.connections) turnAway(socket, FULL, 'connections')
      // Of one that a proxy opens, the request says whose it is.
      else if (config.trustedProxies.has(peer) || isAdmitted(socket, peer))
        for (const listener of listeners) Reflect.apply(listener, to, [socket])
      else turnAway(socket, TOO_MANY_CONNECTIONS)
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
      if (socket instanceof TapSocket)
        turns.afterAll(socket, () => void upgrade(request, socket, head, owned))
    })
    // Without a listener http drops a CONNECT without a word. This is no proxy.
    if (to.listenerCount('connect') === 0)
      to.on('connect', (_request, socket) => {
        sockets.takeFirstBytes(socket)
        if (socket instanceof TapSocket) turns.afterAll(socket, () => turnAway(socket, METHOD_NOT_ALLOWED))
      })
    if (to.listenerCount('clientError') === 0) answerClientErrors(to)
  }

  function turnAway(socket: TapSocket, refusal: HttpRefusal, limit?: keyof Limits): void {
    if (limit) watch.limit(limit)
    watch.refused(refusal.status)
    refuseSocket(socket, refusal)
  }

  function decline(response: ServerResponse, refusal: HttpRefusal): void {
    watch.refused(refusal.status)
    refuseRequest(response, refusal)
  }

  /** Counts a connection among those of its address, if that may have it. */
  function isAdmitted(socket: TapSocket, address: string): boolean {
    const admitted = addresses.admit(address)
    if (typeof admitted === 'string') {
      watch.limit(admitted)
      return false
    }
    if (admitted) socket.on('close', admitted)
    return true
  }

  /** The same for whom a trusted proxy speaks; the proxy itself is not counted. */
  function isAdmittedThroughProxy(request: IncomingMessage, socket: TapSocket): boolean {
    const peer = socket.remoteAddress ?? ''
    const client = clientOf(config.trustedProxies, peer, request.headers['x-forwarded-for']?.toString())
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
  async function dial(session: Viewer, connection: number): Promise<PlayedEnd> {
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
    if (typeof back === 'string') turnAway(asked.front, BAD_GATEWAY)
    else carry(through, asked, back, limits.headBytes)
  }

  /** Has one of two sandboxes of our own serve a request, as a balancer does. */
  async function balance(
    pair: BalancedPair,
    query: URLSearchParams,
    asked: Asked,
    capture: Capture | undefined,
  ): Promise<void> {
    const back = await pair.connect(query).catch(() => undefined)
    if (!back) {
      turnAway(asked.front, BAD_GATEWAY)
      return
    }
    capture?.adopt(() => back.destroy())
    carry('balancing', asked, back, limits.headBytes)
  }

  /** One of the two. */
  function startBehind(servedBy: string): Instance {
    // Who asks has been looked at where the connection came in.
    const trustedProxies = new Networks([LOOPBACK])
    const instance = createSandbox(
      { ...config, port, trustedProxies },
      { clock, random, log, behind: { servedBy, bus, watch } },
    )
    const server = createHttpServer(limits, (_request, response) => decline(response, NOT_FOUND))
    instance.attach(server, { owned: true })
    return { server, size: () => instance.holdings().webSockets, close: () => instance.close() }
  }

  /** A connection inside the sandbox that is captured in its middle; gives what has its two ends talk. */
  async function overhear(
    session: Viewer,
    connection: number,
    what: Conversation,
  ): Promise<() => Promise<void>> {
    const { client, server: raw } = await dialler.dial()
    const socket = sockets.tap(raw, { session, connection, lab: 'overheard' })
    // What comes may be TLS.
    socket.inspector = undefined
    return () => overheard.talk(client, socket, what)
  }

  function answerClientErrors(to: Server): void {
    const answered = new WeakSet<Duplex>()
    to.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (answered.has(socket)) return
      answered.add(socket)
      void answerError(error, socket)
    })
    async function answerError(error: NodeJS.ErrnoException, socket: Duplex): Promise<void> {
      const first = sockets.takeFirstBytes(socket)
      const start = first?.start()
      if (first && socket instanceof TapSocket) await admission.captureUnreadable(socket, first)
      if (!(socket instanceof TapSocket) || error.code === 'ECONNRESET') socket.destroy()
      // Browsers open connections ahead of their use; one never used has asked nothing, so it gets no answer.
      else if (start?.length === 0) socket.destroySoon()
      else
        turns.afterAll(socket, () => {
          const refusal = refusalOfClientError(error.code, start, limits)
          turnAway(socket, refusal, LIMIT_OF_STATUS[refusal.status])
        })
    }
  }

  async function upgrade(
    request: IncomingMessage,
    socket: TapSocket,
    rest: Buffer<ArrayBuffer>,
    owned: boolean,
  ): Promise<void> {
    const place = placeOf(request.url)
    const first = sockets.takeFirstBytes(socket)
    if (!place || place.kind === 'events') {
      if (owned) turnAway(socket, isLong(request, limits) ? uriTooLong(limits) : NOT_FOUND)
      return
    }
    const { refusal, capture, carried } = await admission.admit(request, socket, first, place)
    if (!sockets.captureOf(socket) && !isAdmittedThroughProxy(request, socket))
      turnAway(socket, TOO_MANY_CONNECTIONS)
    else if (place.kind === 'lab' && hasNoMemory()) turnAway(socket, FULL, 'memoryBytes')
    else if (refusal) turnAway(socket, refusal, LIMIT_OF_STATUS[refusal.status])
    else if (carried && place.kind === 'lab')
      void carryOn(carried, place.name, { request, front: socket, rest })
    else if (place.kind === 'lab' && pair && LABS.get(place.name)?.isBalanced)
      void balance(pair, place.query, { request, front: socket, rest }, capture)
    else endpoints.open({ place, request, socket, rest, capture })
  }

  /** Answers an ordinary request if that is the sandbox's to do, and says whether it was. */
  function answer(request: IncomingMessage, response: ServerResponse, owned: boolean): boolean {
    const { socket } = request
    const place = placeOf(request.url)
    const asked = operatorPath(request)
    const first = sockets.takeFirstBytes(socket)
    if (place?.kind === 'events') answerEvents(place.query, request, response)
    else if (place && socket instanceof TapSocket)
      void answerOpened({ place, request, response, socket, first })
    else if (sockets.captureOf(socket)) decline(response, NOT_FOUND)
    else if (asked !== undefined && (asked !== '/metrics' || mayMeasure(request)))
      answerOperator(asked, request, response)
    else if (owned && isLong(request, limits)) decline(response, uriTooLong(limits))
    else return false
    return true
  }

  /** To what only a handshake opens. */
  async function answerOpened({ place, request, response, socket, first }: Asking): Promise<void> {
    const { refusal, capture } = await admission.admit(request, socket, first, place)
    const answered = capture && plainAnswer(place, request, clock())
    if (answered !== undefined) answerText(response, answered)
    // What http did not take for an upgrade has some rule against it, or comes from a server with other ideas.
    else decline(response, refusal ?? { ...BAD_REQUEST, detail: 'The request is no WebSocket handshake.' })
  }

  /** An EventSource is no handshake, so it is only asked who it belongs to. */
  function answerEvents(query: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
    const refusal = asksForEvents(request)
      ? admission.refusalOfPlain(request)
      : {
          ...BAD_REQUEST,
          detail: 'Only an EventSource is answered here: Accept has to name text/event-stream.',
        }
    if (refusal) decline(response, refusal)
    else streamEvents(request, response, query, request.headers.origin)
  }

  function hasNoMemory(): boolean {
    try {
      return process.memoryUsage.rss() > limits.memoryBytes
    } catch {
      // To be told takes a file descriptor. Whoever has none left has no room for a lab either.
      return true
    }
  }

  /** This machine, unless it speaks for somebody else, and whom the operator has named; to others there is nothing. */
  function mayMeasure({ socket, headers }: IncomingMessage): boolean {
    const peer = withoutMapping(socket.remoteAddress ?? '')
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
    const isOwnName = isLoopbackName(hostNameOf(headers.host ?? '') ?? '')
    return config.metricsFrom.has(peer) || (isLoopbackName(peer) && isOwnName && !isForwarded)
  }

  /** What an operator, or a balancer, asks about: is it in health, would it serve the next reader, how is it. */
  function answerOperator(path: OperatorPath, { method }: IncomingMessage, response: ServerResponse): void {
    if (method !== 'GET' && method !== 'HEAD') decline(response, ONLY_ASKED)
    else if (path === '/metrics')
      void watch.metrics().then(({ type, text }) => answerText(response, text, type))
    else if (path === '/readyz' && (closing || sockets.size >= limits.connections || hasNoMemory()))
      decline(response, FULL)
    else answerText(response, 'ok\n')
  }

  function holdings(): Holdings {
    return {
      connections: sockets.size,
      sessions: sessions.open.size,
      tickets: sessions.tickets.size,
      webSockets: endpoints.size + (pair?.size ?? 0),
    }
  }

  async function close(): Promise<void> {
    closing = true
    clearInterval(forgetting)
    races.stop()
    // Labs first, so that pages see how they end.
    await Promise.all([endpoints.closeLabs(), pair?.close()])
    await endpoints.closeControls()
    instances.close()
    if (!behind) await bus.close()
    sockets.destroyAll()
    dialler.close()
  }

  return { attach, holdings, operations: watch, close }
}

interface Asking {
  readonly place: Opened
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly socket: TapSocket
  readonly first: FirstBytes | undefined
}

const OPERATOR_PATHS = ['/healthz', '/readyz', '/metrics'] as const
type OperatorPath = (typeof OPERATOR_PATHS)[number]

function operatorPath({ url }: IncomingMessage): OperatorPath | undefined {
  return OPERATOR_PATHS.find(path => path === url?.split('?', 1)[0])
}

const ONLY_ASKED: HttpRefusal = {
  ...METHOD_NOT_ALLOWED,
  detail: 'How the sandbox is can only be asked for.',
}

/** What a lab says to an ordinary GET; only for clients that pages play, as no page of a browser is to be made of it. */
function plainAnswer(place: Opened, { method, headers }: IncomingMessage, now: number): string | undefined {
  if (place.kind !== 'lab' || place.ticket !== null || method !== 'GET') return undefined
  return headers.upgrade === undefined ? LABS.get(place.name)?.answer?.(place.query, now) : undefined
}

function answerText(response: ServerResponse, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  })
  response.end(text)
}
