import type { WebSocket } from 'ws'
import type { ProxyKind } from '#contract/proxies.ts'
import type { ErrorCode, JsonEvent, SocketEnding } from '#contract/events.ts'
import type { Role } from '#protocol/role.ts'
import type { Clock } from './clock.ts'
import type { FirstBytes } from './first-bytes.ts'
import type { Limits } from './limits.ts'
import type { Mirror } from './mirror.ts'
import type { Conversation } from './overheard.ts'
import type { PlayedEnd } from './played-end.ts'
import type { TapSink, TapSocket } from './tap.ts'
import type { Watch } from './watch.ts'

/** Cryptographically random bytes. */
export type Random = (length: number) => Uint8Array

const TICKET_BYTES = 16

/** A proxy on the way to a lab, and the number of the connection behind it. */
export interface Route {
  readonly through: ProxyKind
  readonly behind: number
}

interface Ticket {
  readonly session: Session
  readonly connection: number
  readonly lab: string
  readonly route: Route | undefined
  readonly expiresAt: number
}

/** All sessions of a sandbox, and the tickets they gave out. */
export class Sessions {
  readonly clock: Clock
  readonly random: Random
  readonly limits: Limits
  readonly watch: Watch
  readonly tickets = new Map<string, Ticket>()
  readonly open = new Set<Session>()
  /** Opens a connection to the sandbox itself, captured for a session under that number; gives its client's end. */
  readonly dial: (session: Session, connection: number) => Promise<PlayedEnd>
  /** Opens one that two in the sandbox talk over, captured for a session under that number. */
  readonly overhear: (
    session: Session,
    connection: number,
    what: Conversation,
  ) => Promise<() => Promise<void>>

  constructor(
    limits: Limits,
    clock: Clock,
    random: Random,
    watch: Watch,
    { dial, overhear }: Pick<Sessions, 'dial' | 'overhear'>,
  ) {
    this.limits = limits
    this.clock = clock
    this.random = random
    this.watch = watch
    this.dial = dial
    this.overhear = overhear
  }

  begin(mirror: Mirror): Session {
    const session = new Session(this, mirror)
    this.open.add(session)
    return session
  }

  /** Takes a ticket off its owner: it opens one connection to its lab, in time, once. */
  claim(text: string, lab: string): Ticket | undefined {
    const ticket = this.tickets.get(text)
    if (!ticket) return undefined
    this.tickets.delete(text)
    const isLate = this.clock() >= ticket.expiresAt
    if (isLate) this.watch.limit('ticketMs')
    return ticket.lab === lab && !isLate ? ticket : undefined
  }
}

/** One reader's page: lives as long as its control channel. */
export class Session {
  readonly #sessions: Sessions
  readonly #mirror: Mirror
  readonly #begun: number
  /** Given out; those used or expired are forgotten when the next is asked for. */
  readonly #tickets = new Set<string>()
  readonly #captures = new Map<number, Capture>()
  readonly #dialling = new Set<number>()
  readonly #played = new Map<number, PlayedEnd>()
  #connections = 0
  #over = false

  constructor(sessions: Sessions, mirror: Mirror) {
    this.#sessions = sessions
    this.#mirror = mirror
    this.#begun = sessions.clock()
  }

  /** Microseconds since the session began, never negative: browsers open sockets ahead of their use. */
  sinceBegun(at: number): number {
    return Math.max(0, at - this.#begun)
  }

  now(): number {
    return this.sinceBegun(this.#sessions.clock())
  }

  tell(event: JsonEvent): void {
    this.#mirror.event(event)
  }

  /**
   * Gives out a ticket to a lab, or says why not.
   * @param through the proxy on the way to it, if there is to be one
   */
  issue(
    lab: string,
    through: ProxyKind | undefined,
  ): { connection: number; ticket: string; expiresIn: number; behind?: number } | ErrorCode {
    const { tickets, limits, clock, random } = this.#sessions
    const connection = this.#reserve()
    if (connection === undefined) return 'too-many-connections'
    const ticket = Buffer.from(random(TICKET_BYTES)).toString('base64url')
    this.#tickets.add(ticket)
    const route = through && { through, behind: ++this.#connections }
    tickets.set(ticket, {
      session: this,
      connection,
      lab,
      route,
      expiresAt: clock() + limits.ticketMs * 1000,
    })
    return { connection, ticket, expiresIn: limits.ticketMs, ...(route && { behind: route.behind }) }
  }

  /** Number of one more connection, if the session may have one. */
  #reserve(): number | undefined {
    return this.#isFull() ? undefined : ++this.#connections
  }

  #isFull(): boolean {
    const held = this.#unusedTickets() + this.#dialling.size + this.#captures.size
    const isFull = held >= this.#sessions.limits.sessionConnections
    if (isFull) this.#sessions.watch.limit('sessionConnections')
    return isFull
  }

  /** Has a connection opened whose client the page plays. */
  dial(): Promise<{ connection: number } | ErrorCode> {
    return this.#open(async connection => {
      const client = await this.#sessions.dial(this, connection)
      if (this.#over) client.end('reset')
      else this.play(connection, client)
      return { connection }
    })
  }

  /** Opens a connection on which two in the sandbox talk as soon as `talk` is called, and which the page sees. */
  overhear(what: Conversation): Promise<{ connection: number; talk: () => Promise<void> } | ErrorCode> {
    return this.#open(async connection => ({
      connection,
      talk: await this.#sessions.overhear(this, connection, what),
    }))
  }

  /** Opens the connection behind a proxy, under the number that its ticket has told. */
  async behind<T>(connection: number, open: (connection: number) => Promise<T>): Promise<T | ErrorCode> {
    return this.#isFull() ? 'too-many-connections' : this.#openAs(connection, open)
  }

  async #open<T>(open: (connection: number) => Promise<T>): Promise<T | ErrorCode> {
    const connection = this.#reserve()
    return connection === undefined ? 'too-many-connections' : this.#openAs(connection, open)
  }

  async #openAs<T>(connection: number, open: (connection: number) => Promise<T>): Promise<T | ErrorCode> {
    this.#dialling.add(connection)
    try {
      return await open(connection)
    } catch {
      return 'dial-failed'
    } finally {
      this.#dialling.delete(connection)
    }
  }

  /** Gives one end of a captured connection into the page's hands. */
  play(connection: number, end: PlayedEnd): void {
    this.#played.set(connection, end)
  }

  /** The end of a connection that this page plays, while the connection is open. */
  played(connection: number): PlayedEnd | undefined {
    return this.#played.get(connection)
  }

  #unusedTickets(): number {
    const { tickets, clock } = this.#sessions
    for (const text of this.#tickets) {
      const ticket = tickets.get(text)
      if (ticket && clock() < ticket.expiresAt) continue
      tickets.delete(text)
      this.#tickets.delete(text)
    }
    return this.#tickets.size
  }

  /** Mirrors a connection, from its first bytes on. */
  capture(
    socket: TapSocket,
    first: FirstBytes | undefined,
    { connection, lab, isBehind = false }: { connection: number; lab: string; isBehind?: boolean },
  ): Capture {
    const capture = new Capture(this, this.#mirror, connection, socket, isBehind)
    this.#captures.set(connection, capture)
    this.tell({ type: 'opened', connection, at: this.sinceBegun(socket.openedAt), lab })
    first?.replay(capture)
    socket.sink = capture
    return capture
  }

  release(connection: number): void {
    this.#captures.delete(connection)
    this.#played.delete(connection)
  }

  /** The reader is gone: its tickets are void, its labs closed. */
  end(): void {
    const { tickets, open } = this.#sessions
    this.#over = true
    open.delete(this)
    for (const text of this.#tickets) tickets.delete(text)
    for (const capture of this.#captures.values()) capture.abandon()
    this.#captures.clear()
    for (const played of this.#played.values()) played.end('reset')
    this.#played.clear()
  }
}

/** One connection on its way to a page. */
export class Capture implements TapSink {
  readonly #session: Session
  readonly #mirror: Mirror
  readonly #connection: number
  readonly #socket: TapSocket
  /** Whether a proxy of the sandbox is the client, which carries on a request that has used its ticket. */
  readonly isBehind: boolean
  #webSocket: WebSocket | undefined

  constructor(session: Session, mirror: Mirror, connection: number, socket: TapSocket, isBehind: boolean) {
    this.#session = session
    this.#mirror = mirror
    this.#connection = connection
    this.#socket = socket
    this.isBehind = isBehind
  }

  chunk(from: Role, bytes: Uint8Array<ArrayBuffer>, at: number): void {
    this.#mirror.chunk({ connection: this.#connection, from, at: this.#session.sinceBegun(at), bytes })
  }

  ending(how: SocketEnding, at: number): void {
    const connection = this.#connection
    this.#session.tell({ type: 'ending', connection, at: this.#session.sinceBegun(at), how })
    if (how === 'closed') this.#session.release(connection)
  }

  /** Says which WebSocket to close when the reader leaves. */
  adopt(webSocket: WebSocket): void {
    this.#webSocket = webSocket
  }

  /** Gives the server's end into the page's hands. */
  play(end: PlayedEnd): void {
    this.#session.play(this.#connection, end)
  }

  abandon(): void {
    this.#socket.sink = undefined
    this.#webSocket?.close(1001, 'the page that opened this is gone')
  }
}
