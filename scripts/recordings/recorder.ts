import type { Browser } from 'playwright-core'
import { PLAYED_LAB } from '#contract/addresses.ts'
import type { ProxyKind } from '#contract/proxies.ts'
import type { RequestHead } from '#protocol/http-head.ts'
import type { RecordedConnection } from '#recording/recording.ts'
import { Player } from '../../src/inspector/sources/player.ts'
import { headBytes, requestText } from '../../src/inspector/sources/request-text.ts'
import { acceptance } from '../../src/inspector/sources/served-session.ts'
import { sandboxAddress } from '../../src/sandbox/address.ts'
import { ControlChannel, type ConnectionEvent } from '../../src/sandbox/control-channel.ts'
import { CapturedConnection } from '../../src/wire/captured-connection.ts'
import { withQuery, type LabQuery } from '../../src/wire/lab-session.ts'
import { PageSocket } from './page-socket.ts'

/** Resolves once the tap has seen that. */
export type Until = (seen: (connection: CapturedConnection) => boolean) => Promise<void>

/** A browser's WebSocket to a lab, played to its end. */
export interface BrowserStory {
  readonly lab: string
  readonly query?: LabQuery
  readonly protocols?: readonly string[]
  /** What the page does. The recording ends when the socket is closed. */
  readonly play: (socket: PageSocket, until: Until) => Promise<void>
}

/** A browser's WebSocket to a server that is played too. */
export interface ServedStory extends Omit<BrowserStory, 'lab' | 'query' | 'play'> {
  /** The head to answer with, a line to a header; left out: one that accepts. */
  readonly answer?: (request: RequestHead) => string
  readonly play: (socket: PageSocket, server: Player, until: Until) => Promise<void>
}

/** A raw client whose every byte is written here. */
export interface RawStory {
  readonly lab: string
  readonly subprotocols?: readonly string[]
  readonly deflate?: boolean
  /** The head of its request, a line to a header; left out: one that is good. */
  readonly head?: string
  /** What the client writes after its head; the other side's frames are answered as they must be. */
  readonly play: (client: Player, until: Until) => Promise<void>
}

/** Cryptographically random bytes. */
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

/** What a scenario is recorded with: one session with the sandbox, whose clock all its connections share. */
export class Recorder {
  readonly courseUrl: string
  readonly #browser: Browser
  readonly #channel: ControlChannel

  constructor(courseUrl: string, browser: Browser) {
    this.courseUrl = courseUrl
    this.#browser = browser
    this.#channel = new ControlChannel({
      address: sandboxAddress(new URL(courseUrl), undefined),
      now: systemNow,
    })
  }

  close(): void {
    this.#channel.close()
  }

  async browser({ lab, query = {}, protocols = [], play }: BrowserStory): Promise<RecordedConnection> {
    const tapped = new Tapped()
    const ticket = await this.#channel.ticket(lab, event => tapped.take(event))
    tapped.begin(ticket.connection, lab)
    return this.#inPage(tapped, withQuery(ticket.url, query), protocols, socket => play(socket, tapped.until))
  }

  /** A browser's WebSocket through a proxy: its connection, and the one behind the proxy. */
  async through(
    kind: ProxyKind,
    { lab, query = {}, play }: BrowserStory,
  ): Promise<[front: RecordedConnection, behind: RecordedConnection]> {
    const [front, behind] = [new Tapped(), new Tapped()]
    const ticket = await this.#channel.ticket(lab, event => front.take(event), {
      kind,
      listener: event => behind.take(event),
    })
    front.begin(ticket.connection, lab)
    behind.begin(ticket.behind ?? 0, lab)
    const recorded = await this.#inPage(front, withQuery(ticket.url, query), [], socket =>
      play(socket, behind.until),
    )
    await behind.closed
    return [recorded, behind.recorded()]
  }

  async served({ protocols = [], answer = acceptance, play }: ServedStory): Promise<RecordedConnection> {
    const tapped = new Tapped()
    const ticket = await this.#channel.ticket(PLAYED_LAB, event => tapped.take(event))
    tapped.begin(ticket.connection, PLAYED_LAB)
    const server = this.#player('server', ticket.connection)
    tapped.answerAs(server)
    const request = tapped.request.then(head => server.write([headBytes(answer(head))]))
    return this.#inPage(tapped, ticket.url, protocols, async socket => {
      await request
      await play(socket, server, tapped.until)
    })
  }

  async raw({ lab, subprotocols = [], deflate = false, head, play }: RawStory): Promise<RecordedConnection> {
    const tapped = new Tapped()
    const number = await this.#channel.dial(event => tapped.take(event))
    tapped.begin(number, lab)
    const client = this.#player('client', number)
    tapped.answerAs(client)
    const { host, origin } = new URL(this.courseUrl)
    client.write([headBytes(head ?? requestText({ lab, host, origin, subprotocols, deflate }, random))])
    await play(client, tapped.until)
    await tapped.closed
    return tapped.recorded()
  }

  /** Two in the sandbox that say that text to each other. */
  async overheard(text: string, secure: boolean): Promise<RecordedConnection> {
    const tapped = new Tapped()
    const number = await this.#channel.overhear({ text, secure }, event => tapped.take(event))
    tapped.begin(number, secure ? 'wss' : 'ws')
    await tapped.closed
    return tapped.recorded()
  }

  #player(role: 'client' | 'server', connection: number): Player {
    return new Player(
      role,
      {
        write: bytes => this.#channel.write(connection, bytes),
        end: how => this.#channel.end(connection, how),
      },
      random,
    )
  }

  async #inPage(
    tapped: Tapped,
    url: string,
    protocols: readonly string[],
    play: (socket: PageSocket) => Promise<void>,
  ): Promise<RecordedConnection> {
    // The page needs an origin that the sandbox lets in, and nothing else.
    const page = await this.#browser.newPage({ locale: 'ko-KR', bypassCSP: true })
    await page.goto(new URL('healthz', this.courseUrl).href)
    const socket = await PageSocket.open(page, url, protocols)
    await play(socket)
    await socket.told('close')
    await tapped.closed
    const sessionMinusSystem = (this.#channel.sessionTime() ?? 0) - systemNow() * 1000
    for (const event of await socket.script())
      tapped.connection.addScript({ ...event, at: event.at * 1000 + sessionMinusSystem })
    await page.close()
    return tapped.recorded()
  }
}

/** Milliseconds of the system's clock, as pages have it too. */
function systemNow(): number {
  return performance.timeOrigin + performance.now()
}

/** What the tap says of one connection. */
class Tapped {
  connection = new CapturedConnection(0, '')
  readonly #closed = Promise.withResolvers<void>()
  readonly #request = Promise.withResolvers<RequestHead>()
  readonly #lookers = new Set<() => void>()
  #player: Player | undefined
  #begun = false
  /** What was said before whoever asked has heard which connection it is. */
  readonly #early: ConnectionEvent[] = []

  begin(id: number, lab: string): void {
    this.connection = new CapturedConnection(id, lab)
    this.#begun = true
    for (const event of this.#early.splice(0)) this.take(event)
  }

  /** Resolves when both ends of the socket are closed. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  /** The request, once it is whole. */
  get request(): Promise<RequestHead> {
    return this.#request.promise
  }

  answerAs(player: Player): void {
    this.#player = player
  }

  readonly until: Until = seen => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => {
      if (!seen(this.connection)) return
      this.#lookers.delete(look)
      resolve()
    }
    this.#lookers.add(look)
    look()
    return promise
  }

  take(event: ConnectionEvent): void {
    if (!this.#begun) {
      this.#early.push(event)
      return
    }
    const items = this.connection.hear(event)
    for (const item of items) if (item.kind === 'request') this.#request.resolve(item.head)
    this.#player?.answer(items)
    const ending = event.type === 'ending' ? event.how : undefined
    if (ending === 'closed') this.#closed.resolve()
    else if (ending === `${this.#player?.role === 'client' ? 'server' : 'client'}-fin`)
      this.#player?.answerFin()
    for (const look of [...this.#lookers]) look()
  }

  /** @throws Error when the mirror dropped something */
  recorded(): RecordedConnection {
    if (this.connection.dropped.chunks > 0) throw new Error('the mirror dropped chunks, record again')
    return this.connection.toRecorded()
  }
}
