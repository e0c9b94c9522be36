import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as connectHttp2, constants, type ClientHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { RaceWay } from '#contract/race-ways.ts'
import type { RaceSettings } from '#contract/race.ts'
import type { Meter } from './meter.ts'
import { RACE_PATHS, SINCE } from './servers.ts'

/** What a subscriber is given. */
export interface RacerOptions {
  readonly settings: RaceSettings
  readonly meter: Meter
  /** Header fields that the reader's own browser sends. */
  readonly headers: Readonly<Record<string, string>>
  /** Opens a connection to the server of this way, counted by the meter, and gives the client's end. */
  readonly dial: () => Promise<Socket>
  /** Of what may go wrong only until the race is over. */
  readonly signal: AbortSignal
}

/** One subscriber: hears of events over its way until the signal. Resolves or rejects when it cannot go on. */
export type Racer = (options: RacerOptions) => Promise<void>

export const RACERS: Readonly<Record<RaceWay, Racer>> = {
  poll: options => polling(options, httpPoller(options)),
  'poll-h2': options => polling(options, http2Poller(options)),
  'long-poll': longPolling,
  sse: streaming,
  websocket: webSocket,
}

interface Heard {
  readonly number: number
  readonly at: number
}

/** One request and the events of its answer. */
type Poller = (path: string) => Promise<readonly Heard[]>

async function polling({ settings, meter, signal }: RacerOptions, poll: Poller): Promise<void> {
  let last = 0
  let due = performance.now()
  while (!signal.aborted) {
    due += settings.pollMs
    let events: readonly Heard[]
    do {
      meter.requests++
      events = await poll(`${RACE_PATHS.poll}?${SINCE}=${last}`)
      last = hear(meter, events, last)
    } while (!settings.batching && events.length > 0)
    await pause(due - performance.now(), signal)
  }
}

async function longPolling(options: RacerOptions): Promise<void> {
  const poll = httpPoller(options)
  let last = 0
  while (!options.signal.aborted) {
    options.meter.requests++
    last = hear(options.meter, await poll(`${RACE_PATHS['long-poll']}?${SINCE}=${last}`), last)
  }
}

function hear(meter: Meter, events: readonly Heard[], last: number): number {
  for (const { at } of events) meter.heard(at)
  return events.at(-1)?.number ?? last
}

/** Over HTTP/1.1, as a page's `fetch` would ask. */
function httpPoller(options: RacerOptions): Poller {
  const ask = httpAsker(options, options.settings.keepAlive)
  return async path => JSON.parse(await textOf(await ask(path, {}))) as Heard[]
}

/** Makes requests over HTTP/1.1, one after the other, on connections that are dialled. */
function httpAsker(
  { headers, dial, signal }: RacerOptions,
  keepAlive: boolean,
): (path: string, fields: Readonly<Record<string, string>>) => Promise<IncomingMessage> {
  const agent = new Agent({ keepAlive, maxSockets: 1 })
  agent.createConnection = (_options, done) => {
    dial().then(
      socket => done?.(null, socket),
      (error: unknown) => done?.(error as Error, undefined as never),
    )
    return undefined
  }
  signal.addEventListener('abort', () => agent.destroy(), { once: true })
  return (path, fields) =>
    new Promise((resolve, reject) => {
      httpRequest({
        agent,
        path,
        headers: { ...headers, ...fields, Connection: keepAlive ? 'keep-alive' : 'close' },
        setDefaultHeaders: false,
      })
        .on('response', resolve)
        .on('error', reject)
        .end()
    })
}

/** Over one connection of HTTP/2, whose compression of headers remembers what it was told (RFC 7541). */
function http2Poller({ headers, dial, signal }: RacerOptions): Poller {
  let session: ClientHttp2Session | undefined
  const { HTTP2_HEADER_AUTHORITY, HTTP2_HEADER_PATH } = constants
  const { Host: authority = 'localhost', ...rest } = headers
  return async path => {
    if (!session) {
      const socket = await dial()
      session = connectHttp2(`http://${authority}`, { createConnection: () => socket })
      session.on('error', () => {})
      signal.addEventListener('abort', () => session?.destroy(), { once: true })
    }
    const stream = session.request({
      [HTTP2_HEADER_AUTHORITY]: authority,
      [HTTP2_HEADER_PATH]: path,
      ...rest,
    })
    return JSON.parse(await textOf(stream)) as Heard[]
  }
}

/** As a page's EventSource would. */
async function streaming(options: RacerOptions): Promise<void> {
  const { meter } = options
  meter.requests++
  const response = await httpAsker(options, true)(RACE_PATHS.sse, { Accept: 'text/event-stream' })
  let unread = ''
  response.setEncoding('utf8')
  for await (const text of response) {
    const blocks = (unread + String(text)).split('\n\n')
    unread = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, data = ''] = /^data: (.*)$/m.exec(block) ?? []
      meter.heard((JSON.parse(data) as Heard).at)
    }
  }
}

/** Of those that a browser sends with every request; the others `ws` writes itself, or nobody. */
const SENT_WITH_HANDSHAKES: ReadonlySet<string> = new Set([
  'User-Agent',
  'Accept-Encoding',
  'Accept-Language',
])

/** As a page's WebSocket would. */
async function webSocket({ headers, meter, dial, signal }: RacerOptions): Promise<void> {
  const { Host: host = 'localhost' } = headers
  const sent = Object.entries(headers).filter(([name]) => SENT_WITH_HANDSHAKES.has(name))
  const socket = await dial()
  meter.requests++
  const client = new WebSocket(`ws://${host}${RACE_PATHS.websocket}`, {
    createConnection: () => socket,
    perMessageDeflate: false,
    headers: Object.fromEntries(sent),
  })
  await new Promise<void>((resolve, reject) => {
    client.on('message', (data: Buffer) => meter.heard((JSON.parse(data.toString()) as Heard).at))
    client.on('error', reject)
    client.on('close', () => resolve())
    signal.addEventListener('abort', () => client.terminate(), { once: true })
  })
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts).toString()
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  clearTimeout(timer)
}
