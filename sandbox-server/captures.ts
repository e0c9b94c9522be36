import type { Chunk, ErrorCode, JsonEvent, SocketEnding } from '#contract/events.ts'
import type { Role } from '#protocol/role.ts'
import type { FirstBytes } from './first-bytes.ts'
import type { Mirror } from './mirror.ts'
import type { PlayedEnd } from './played-end.ts'
import type { TapSink, TapSocket } from './tap.ts'

/** A connection to be captured: its number in the session, and the lab that it is for. */
export interface Captured {
  readonly connection: number
  readonly lab: string
  /** A proxy of the sandbox is its client. */
  readonly isBehind?: boolean
}

/** Whoever is shown connections of this instance: the page of a session, here or on another instance. */
export abstract class Viewer {
  readonly #mirror: Mirror
  /** When its session began, by the clock of this instance. */
  readonly #begun: number
  readonly #captures = new Map<number, Capture>()
  readonly #dialling = new Set<number>()
  readonly #played = new Map<number, PlayedEnd>()

  constructor(mirror: Mirror, begun: number) {
    this.#mirror = mirror
    this.#begun = begun
  }

  /** Connections that are captured or about to be. */
  protected get connections(): number {
    return this.#captures.size + this.#dialling.size
  }

  /** Microseconds since the session began, never negative: browsers open sockets ahead of their use. */
  sinceBegun(at: number): number {
    return Math.max(0, at - this.#begun)
  }

  tell(event: JsonEvent): void {
    this.#mirror.event(event)
  }

  show(chunk: Omit<Chunk, 'type'>): void {
    this.#mirror.chunk(chunk)
  }

  /** Mirrors a connection, from its first bytes on. */
  capture(
    socket: TapSocket,
    first: FirstBytes | undefined,
    { connection, lab, isBehind = false }: Captured,
  ): Capture {
    const capture = new Capture(this, connection, socket, isBehind)
    this.#captures.set(connection, capture)
    this.tell({ type: 'opened', connection, at: this.sinceBegun(socket.openedAt), lab })
    first?.replay(capture)
    socket.sink = capture
    return capture
  }

  /** Opens the connection behind a proxy, under the number that its ticket has told. */
  behind<T>(connection: number, open: (connection: number) => Promise<T>): Promise<T | ErrorCode> {
    return this.openAs(connection, open)
  }

  protected async openAs<T>(
    connection: number,
    open: (connection: number) => Promise<T>,
  ): Promise<T | ErrorCode> {
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

  /** The end of a connection that the page plays, while the connection is open. */
  played(connection: number): PlayedEnd | undefined {
    return this.#played.get(connection)
  }

  /** A connection is over. */
  release(connection: number): void {
    this.#captures.delete(connection)
    this.#played.delete(connection)
  }

  /** The reader is gone: the labs are closed. */
  protected abandon(): void {
    for (const capture of this.#captures.values()) capture.abandon()
    this.#captures.clear()
    for (const played of this.#played.values()) played.end('reset')
    this.#played.clear()
  }
}

/** One connection on its way to a page. */
export class Capture implements TapSink {
  readonly #viewer: Viewer
  readonly #connection: number
  readonly #socket: TapSocket
  /** Whether a proxy of the sandbox is the client, which carries on a request that has used its ticket. */
  readonly isBehind: boolean
  #leave: (() => void) | undefined

  constructor(viewer: Viewer, connection: number, socket: TapSocket, isBehind: boolean) {
    this.#viewer = viewer
    this.#connection = connection
    this.#socket = socket
    this.isBehind = isBehind
  }

  chunk(from: Role, bytes: Uint8Array<ArrayBuffer>, at: number): void {
    this.#viewer.show({ connection: this.#connection, from, at: this.#viewer.sinceBegun(at), bytes })
  }

  ending(how: SocketEnding, at: number): void {
    const connection = this.#connection
    this.#viewer.tell({ type: 'ending', connection, at: this.#viewer.sinceBegun(at), how })
    if (how === 'closed') this.#viewer.release(connection)
  }

  /** @param leave ends the connection when the reader has left */
  adopt(leave: () => void): void {
    this.#leave = leave
  }

  /** Gives the server's end into the page's hands. */
  play(end: PlayedEnd): void {
    this.#viewer.play(this.#connection, end)
  }

  abandon(): void {
    this.#socket.sink = undefined
    this.#leave?.()
  }
}
