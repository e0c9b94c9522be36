import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type Http2Server, type Http2ServerRequest } from 'node:http2'
import { WebSocketServer } from 'ws'
import type { Feed, FeedEvent } from './feed.ts'

/** Where each way is served. */
export const RACE_PATHS = {
  poll: '/poll',
  'long-poll': '/long-poll',
  sse: '/events',
  websocket: '/socket',
  'poll-h2': '/poll',
} as const

/** Query of a poll: the number of the last event that is known. */
export const SINCE = 'since'

export interface RaceServers {
  /** For the ways of HTTP/1.1. Neither listens: they are given their connections. */
  readonly http: Server
  readonly http2: Http2Server
}

/** The servers of a race, which tell all that happens in a feed. @param batching as in `RaceSettings` */
export function raceServers(feed: Feed, batching: boolean): RaceServers {
  const ready = (url = '') => {
    const since = Number(new URL(url, 'http://race').searchParams.get(SINCE))
    const events = feed.since(since)
    return batching ? events : events.slice(0, 1)
  }
  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://race')
    if (pathname === RACE_PATHS.sse) tellAsStream(feed, response)
    else if (pathname === RACE_PATHS['long-poll']) tellWhenThereIs(feed, request, response, ready)
    else tellNow(response, ready(request.url))
  })
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false })
  http.on('upgrade', (request, socket, head) => {
    webSockets.handleUpgrade(request, socket, head, webSocket => {
      webSocket.on('error', () => {})
      webSocket.on(
        'close',
        feed.listen(({ text }) => webSocket.send(text)),
      )
    })
  })
  const http2 = createHttp2Server((request: Http2ServerRequest, response) => {
    const body = bodyOf(ready(request.url))
    response.writeHead(200, { ...HEAD, 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
  http2.on('sessionError', () => {})
  return { http, http2 }
}

/** What a server says of an answer that is not to be kept. */
const HEAD = { 'content-type': 'application/json', 'cache-control': 'no-store' }

const bodyOf = (events: readonly FeedEvent[]) => `[${events.map(({ text }) => text).join(',')}]`

function tellNow(response: ServerResponse, events: readonly FeedEvent[]): void {
  const body = bodyOf(events)
  response.writeHead(200, { ...HEAD, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function tellWhenThereIs(
  feed: Feed,
  request: IncomingMessage,
  response: ServerResponse,
  ready: (url?: string) => readonly FeedEvent[],
): void {
  const events = ready(request.url)
  if (events.length > 0) {
    tellNow(response, events)
    return
  }
  const stop = feed.listen(() => {
    stop()
    tellNow(response, ready(request.url))
  })
  response.on('close', stop)
}

/** As an EventSource reads it (HTML §9.2). */
function tellAsStream(feed: Feed, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
  response.on(
    'close',
    feed.listen(({ number, text }) => response.write(`id: ${number}\ndata: ${text}\n\n`)),
  )
}
