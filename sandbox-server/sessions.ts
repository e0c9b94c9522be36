import type { ProxyKind } from '#contract/proxies.ts'
import type { ErrorCode } from '#contract/events.ts'
import { Viewer } from './captures.ts'
import type { Clock } from './clock.ts'
import type { Limits } from './limits.ts'
import type { Mirror } from './mirror.ts'
import type { Conversation } from './overheard.ts'
import type { PlayedEnd } from './played-end.ts'
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
  /** What tells its tickets from those of other instances, if there are others. */
  readonly instance: string | undefined
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
    { dial, overhear, instance }: Pick<Sessions, 'dial' | 'overhear' | 'instance'>,
  ) {
    this.limits = limits
    this.clock = clock
    this.random = random
    this.watch = watch
    this.dial = dial
    this.overhear = overhear
    this.instance = instance
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

/** A captured connection that another instance holds. */
export interface Away {
  /** The reader is gone. */
  abandon(): void
}

/** One reader's page: lives as long as its control channel. */
export class Session extends Viewer {
  readonly #sessions: Sessions
  /** Given out; those used or expired are forgotten when the next is asked for. */
  readonly #tickets = new Set<string>()
  /** By number. */
  readonly #away = new Map<number, Away>()
  #connections = 0
  #over = false

  constructor(sessions: Sessions, mirror: Mirror) {
    super(mirror, sessions.clock())
    this.#sessions = sessions
  }

  now(): number {
    return this.sinceBegun(this.#sessions.clock())
  }

  /**
   * Gives out a ticket to a lab, or says why not.
   * @param through the proxy on the way to it, if there is to be one
   */
  issue(
    lab: string,
    through: ProxyKind | undefined,
  ): { connection: number; ticket: string; expiresIn: number; behind?: number } | ErrorCode {
    const { tickets, limits, clock, random, instance } = this.#sessions
    const connection = this.#reserve()
    if (connection === undefined) return 'too-many-connections'
    const secret = Buffer.from(random(TICKET_BYTES)).toString('base64url')
    const ticket = instance === undefined ? secret : `${secret}.${instance}`
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
    const held = this.#unusedTickets() + this.connections + this.#away.size
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

  override async behind<T>(
    connection: number,
    open: (connection: number) => Promise<T>,
  ): Promise<T | ErrorCode> {
    return this.#isFull() ? 'too-many-connections' : this.openAs(connection, open)
  }

  async #open<T>(open: (connection: number) => Promise<T>): Promise<T | ErrorCode> {
    const connection = this.#reserve()
    return connection === undefined ? 'too-many-connections' : this.openAs(connection, open)
  }

  /** A connection of this session is another instance's. */
  lend(connection: number, away: Away): void {
    this.#away.set(connection, away)
  }

  override release(connection: number): void {
    super.release(connection)
    this.#away.delete(connection)
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

  /** The reader is gone: its tickets are void, its labs closed. */
  end(): void {
    const { tickets, open } = this.#sessions
    this.#over = true
    open.delete(this)
    for (const text of this.#tickets) tickets.delete(text)
    this.abandon()
    for (const away of this.#away.values()) away.abandon()
    this.#away.clear()
  }
}
