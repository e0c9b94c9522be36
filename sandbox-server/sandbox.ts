import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { CONTROL_PATH, LAB_PATH_PREFIX, TICKET_PARAMETER } from '#contract/addresses.ts'
import type { RequestHead } from '#protocol/http-head.ts'
import { processClock, type Clock } from './clock.ts'
import type { Config } from './config.ts'
import { serveControl } from './control.ts'
import { FirstBytes } from './first-bytes.ts'
import { FrameGate, type Failure } from './frame-gate.ts'
import { forbidden, readHead, rebuildHead, refusalOfHandshake, type Policy } from './gate.ts'
import { LABS, type Lab } from './labs/lab.ts'
import { Mirror } from './mirror.ts'
import { refuseRequest, refuseSocket, type HttpRefusal } from './refusal.ts'
import { Sessions, type Capture, type Random } from './sessions.ts'
import { TapSocket } from './tap.ts'
import { applyBackpressure, keepAlive, limitLife } from './upkeep.ts'

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

interface Dependencies {
  readonly clock?: Clock
  readonly random?: Random
}

type Place =
  | { readonly kind: 'control' }
  | { readonly kind: 'lab'; readonly name: string; readonly ticket: string | null }

const GOING_AWAY = 'the sandbox is shutting down'
const BAD_REQUEST = { status: 400, reason: 'Bad Request' }
const METHOD_NOT_ALLOWED: HttpRefusal = {
  status: 405,
  reason: 'Method Not Allowed',
  fields: [['Allow', 'GET, HEAD']],
  detail: 'Nothing is tunnelled here.',
}

export function createSandbox(
  config: Config,
  { clock = processClock, random = randomBytes }: Dependencies = {},
): Sandbox {
  const { limits } = config
  const sessions = new Sessions(limits, clock, random)
  /** First bytes, as long as it is open whose they are. */
  const sockets = new Map<TapSocket, FirstBytes | undefined>()
  const labSockets = new Set<WebSocket>()
  const controlSockets = new Set<WebSocket>()
  let port = config.port
  let closing = false

  const common = {
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    closeTimeout: limits.closingHandshakeMs,
    maxFragments: limits.messageFragments,
  }
  const controlServer = new WebSocketServer({
    ...common,
    maxPayload: limits.controlMessageBytes,
    handleProtocols: () => false,
  })
  const labServers = new Map(
    [...LABS.values()].map(lab => {
      const handleProtocols = (offered: Set<string>) =>
        lab.subprotocols.find(each => offered.has(each)) ?? false
      return [lab.name, new WebSocketServer({ ...common, maxPayload: limits.messageBytes, handleProtocols })]
    }),
  )

  function attach(server: Server, { owned }: { owned: boolean }): void {
    // A hard stop above our own answer, which is a 503.
    server.maxConnections = limits.connections + limits.refusedConnections
    // The server's own listeners get the tap in the socket's place. (To make another server that only emits
    // 'connection' on this one would leave this one never listening, and HTTP's timeouts run only on one that does.)
    const listeners = server.listeners('connection')
    server.removeAllListeners('connection')
    server.on('connection', (raw: Socket) => {
      const socket = tap(raw)
      if (sockets.size <= limits.connections && !closing) {
        for (const listener of listeners) Reflect.apply(listener, server, [socket])
        return
      }
      refuseSocket(socket, {
        status: 503,
        reason: 'Service Unavailable',
        fields: [['Retry-After', '5']],
        detail: 'The sandbox is full.',
      })
    })
    server.on('listening', () => {
      const address = server.address()
      if (address !== null && typeof address === 'object') port = address.port
    })
    const requestListeners = server.listeners('request')
    server.removeAllListeners('request')
    server.on('request', (request, response) => {
      if (answer(request, response, owned)) return
      for (const listener of requestListeners) Reflect.apply(listener, server, [request, response])
    })
    server.on('upgrade', (request, socket, head) => upgrade(request, socket, head, owned))
    // Without a listener http drops a CONNECT without a word. This is no proxy.
    if (server.listenerCount('connect') === 0)
      server.on('connect', (_request, socket) => {
        forgetFirstBytes(socket)
        if (socket instanceof TapSocket) refuseSocket(socket, METHOD_NOT_ALLOWED)
      })
    if (server.listenerCount('clientError') === 0) answerClientErrors(server)
  }

  function tap(raw: Socket): TapSocket {
    const sink = new FirstBytes(limits.undecidedBytes)
    const { outgoingPauseBytes: writableHighWaterMark, lingerMs } = limits
    const socket = new TapSocket(raw, { clock, sink, writableHighWaterMark, lingerMs })
    sockets.set(socket, sink)
    socket.on('close', () => sockets.delete(socket))
    return socket
  }

  /** Switches the tap off, and gives what it held to whoever decides about it. */
  function forgetFirstBytes(socket: Duplex): FirstBytes | undefined {
    if (!(socket instanceof TapSocket) || !sockets.has(socket)) return undefined
    const first = sockets.get(socket)
    sockets.set(socket, undefined)
    if (socket.sink === first) socket.sink = undefined
    return first
  }

  function answerClientErrors(server: Server): void {
    const answered = new WeakSet<Duplex>()
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (answered.has(socket)) return
      answered.add(socket)
      const first = forgetFirstBytes(socket)
      const start = first?.start()
      // What http cannot read may still carry the ticket of a page that wants to see how it is refused.
      if (first && socket instanceof TapSocket) captureUnreadable(socket, first)
      if (!(socket instanceof TapSocket) || error.code === 'ECONNRESET') socket.destroy()
      // Browsers open connections ahead of their use; one never used has asked nothing, so it gets no answer.
      else if (start?.length === 0) socket.destroySoon()
      else refuseSocket(socket, refusalOfClientError(error.code, start))
    })
  }

  function captureUnreadable(socket: TapSocket, first: FirstBytes): void {
    if (first.overflown) return
    const target = /^\S+ (\S+)/.exec(Buffer.from(first.start()).toString('latin1', 0, limits.urlBytes))?.[1]
    const place = placeOf(target)
    if (place?.kind !== 'lab' || place.ticket === null) return
    const ticket = sessions.claim(place.ticket, place.name)
    ticket?.session.capture(socket, first, ticket)
  }

  function refusalOfClientError(code: string | undefined, start: Uint8Array | undefined): HttpRefusal {
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
      return { status: 408, reason: 'Request Timeout', detail: 'The request did not come in time.' }
    if (code !== 'HPE_HEADER_OVERFLOW') return { ...BAD_REQUEST, detail: 'The request is not HTTP.' }
    const lineLength = start?.indexOf(10) ?? 0
    if (lineLength === -1 || lineLength > limits.urlBytes + 'GET  HTTP/1.1\r\n'.length) return uriTooLong()
    return {
      status: 431,
      reason: 'Request Header Fields Too Large',
      detail: `A request has at most ${limits.headBytes} bytes before its body.`,
    }
  }

  function uriTooLong(): HttpRefusal {
    return {
      status: 414,
      reason: 'URI Too Long',
      detail: `A request target has at most ${limits.urlBytes} bytes.`,
    }
  }

  function upgrade(request: IncomingMessage, socket: Duplex, rest: Buffer, owned: boolean): void {
    if (!(socket instanceof TapSocket)) return
    const place = placeOf(request.url)
    const first = forgetFirstBytes(socket)
    if (!place) {
      if (owned) refuseSocket(socket, isLong(request) ? uriTooLong() : notFound())
      return
    }
    const { refusal, capture } = admit(request, socket, first, place)
    if (refusal) refuseSocket(socket, refusal)
    else if (place.kind === 'control') controlServer.handleUpgrade(request, socket, rest, openControl(socket))
    else {
      const lab = LABS.get(place.name)
      const done = (webSocket: WebSocket) => {
        if (!lab) return
        openLab(lab, webSocket, socket, capture)
        guard(webSocket, socket, rest)
      }
      labServers.get(place.name)?.handleUpgrade(request, socket, rest, done)
    }
  }

  /** Looks at a handshake, after its tap is tied to the session whose ticket it brings, so that refusals are seen. */
  function admit(
    request: IncomingMessage,
    socket: TapSocket,
    first: FirstBytes | undefined,
    place: Place,
  ): { refusal?: HttpRefusal | undefined; capture?: Capture } {
    // Only the first request of a connection has its bytes; a later one is rebuilt.
    const isFirst = first !== undefined && !first.overflown
    const head = readHead((isFirst ? first.head() : undefined) ?? rebuildHead(request))
    if (place.kind === 'control') return { refusal: judge(request, head) }
    if (place.ticket === null)
      return { refusal: judge(request, head) ?? (LABS.has(place.name) ? undefined : notFound()) }
    // An earlier request's bytes belong to nobody's ticket, and a page shown half a connection would misread it.
    if (!isFirst)
      return { refusal: { ...BAD_REQUEST, detail: 'A ticket is for the first request of a connection.' } }
    const ticket = sessions.claim(place.ticket, place.name)
    const capture = ticket?.session.capture(socket, first, ticket)
    const refusal =
      judge(request, head) ??
      (ticket ? undefined : forbidden('The ticket is unknown, expired or already used.'))
    return { refusal, ...(capture && { capture }) }
  }

  function judge(request: IncomingMessage, head: RequestHead | HttpRefusal): HttpRefusal | undefined {
    if (isLong(request)) return uriTooLong()
    return 'status' in head ? head : refusalOfHandshake(head, policy())
  }

  function policy(): Policy {
    const { listensOnLoopback, publicOrigins, publicHosts, allowNoOrigin } = config
    return { listensOnLoopback, publicOrigins, publicHosts, allowNoOrigin, port }
  }

  function isLong(request: IncomingMessage): boolean {
    return (request.url?.length ?? 0) > limits.urlBytes
  }

  function openControl(socket: TapSocket): (webSocket: WebSocket) => void {
    return webSocket => {
      hold(webSocket, controlSockets)
      const session = sessions.begin(new Mirror(webSocket, socket, limits))
      serveControl(webSocket, session, name => LABS.has(name))
      keepAlive(webSocket, limits)
    }
  }

  function openLab(lab: Lab, webSocket: WebSocket, socket: TapSocket, capture: Capture | undefined): void {
    hold(webSocket, labSockets)
    capture?.adopt(webSocket)
    lab.serve(webSocket)
    applyBackpressure(webSocket, socket, limits)
    keepAlive(webSocket, limits)
    limitLife(webSocket, limits)
  }

  /** Fails a connection whose frames break a rule, even one that `ws` does not hold against them. */
  function guard(webSocket: WebSocket, socket: TapSocket, rest: Buffer): void {
    const gate = new FrameGate(limits.messageBytes)
    const fail = ({ closeCode, reason }: Failure) => {
      socket.inspect = undefined
      webSocket.close(closeCode, reason)
    }
    socket.inspect = (bytes, pass) => {
      const failure = gate.push(bytes)
      pass(bytes.subarray(0, failure?.at))
      if (!failure) return
      fail(failure)
      // `ws` has to see the Close frame that answers.
      pass(bytes.subarray(failure.at))
    }
    const early = gate.push(rest)
    if (early) fail(early)
  }

  function hold(webSocket: WebSocket, among: Set<WebSocket>): void {
    among.add(webSocket)
    // What went wrong is in the close code; without a listener it would end the process.
    webSocket.on('error', () => {})
    webSocket.on('close', () => among.delete(webSocket))
    if (closing) webSocket.close(1001, GOING_AWAY)
  }

  /** Answers an ordinary request if that is the sandbox's to do, and says whether it was. */
  function answer(request: IncomingMessage, response: ServerResponse, owned: boolean): boolean {
    const place = placeOf(request.url)
    const first = forgetFirstBytes(request.socket)
    if (place && request.socket instanceof TapSocket) {
      const { refusal } = admit(request, request.socket, first, place)
      // What http did not take for an upgrade has some rule against it, or comes from a server with other ideas.
      refuseRequest(response, refusal ?? { ...BAD_REQUEST, detail: 'The request is no WebSocket handshake.' })
      return true
    }
    if (pathOf(request.url) === '/healthz') {
      const body = 'ok\n'
      response.writeHead(200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Length': body.length,
        'Cache-Control': 'no-store',
      })
      response.end(body)
      return true
    }
    if (!owned || !isLong(request)) return false
    refuseRequest(response, uriTooLong())
    return true
  }

  function holdings(): Holdings {
    return {
      connections: sockets.size,
      sessions: sessions.open.size,
      tickets: sessions.tickets.size,
      webSockets: labSockets.size + controlSockets.size,
    }
  }

  async function close(): Promise<void> {
    closing = true
    // Labs first, so that pages still see on the wire how they end.
    for (const wanted of [labSockets, controlSockets]) {
      await Promise.all(
        [...wanted].map(webSocket => {
          webSocket.close(1001, GOING_AWAY)
          return new Promise(resolve => webSocket.once('close', resolve))
        }),
      )
    }
    for (const socket of sockets.keys()) socket.destroy()
  }

  return { attach, holdings, close }
}

function pathOf(target: string | undefined): string | undefined {
  return target?.split('?', 1)[0]
}

function placeOf(target: string | undefined): Place | undefined {
  const url = target === undefined ? null : URL.parse(target, 'http://sandbox')
  if (url?.pathname === CONTROL_PATH) return { kind: 'control' }
  if (!url?.pathname.startsWith(LAB_PATH_PREFIX)) return undefined
  const name = url.pathname.slice(LAB_PATH_PREFIX.length)
  return { kind: 'lab', name, ticket: url.searchParams.get(TICKET_PARAMETER) }
}

function notFound(): HttpRefusal {
  return { status: 404, reason: 'Not Found', detail: 'There is no such place in the sandbox.' }
}
