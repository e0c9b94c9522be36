import { PLAYED_LAB } from '#contract/addresses.ts'
import { PLAYED_ENDINGS } from '#contract/commands.ts'
import { parseEvent, type SandboxEvent } from '#contract/events.ts'
import { PROXY_KINDS } from '#contract/proxies.ts'
import {
  notNegative,
  oneOf,
  optional,
  shaped,
  text,
  upTo,
  type Shape,
  type Shaped,
} from '#contract/fields.ts'
import { Viewer } from '../captures.ts'
import type { Clock } from '../clock.ts'
import type { Limits } from '../limits.ts'
import { Mirror, type Outlet } from '../mirror.ts'
import type { PlayedEnd } from '../played-end.ts'
import type { Away, Random, Route, Session, Sessions } from '../sessions.ts'
import type { Watch } from '../watch.ts'
import type { Bus } from './bus.ts'
import { ClockOffset } from './clock-offset.ts'

const NAME_BYTES = 9
/** A ticket ends with the name of the instance that gave it out. */
const TICKET_OF = /\.([\w-]{12})$/

/** Number of a claim, given by the instance that makes it; what it has claimed goes on under it. */
const link = upTo(Number.MAX_SAFE_INTEGER)
const connection = upTo(0xffffffff)
const count = upTo(Number.MAX_SAFE_INTEGER)
/** The instance that holds the connection. */
const from = text

/** What instances say to each other, by type; bytes may follow. */
const MESSAGES = {
  /** A client came with your ticket: whose is it? */
  claim: { from, link, ticket: text, lab: text },
  /** `clock`: what the owner's clock says, in microseconds; `begun`: what it said when the session began. */
  claimed: {
    link,
    connection,
    clock: notNegative,
    begun: notNegative,
    through: optional(oneOf(PROXY_KINDS)),
    behind: optional(connection),
  },
  unknown: { link },
  /**
   * A message for the control channel follows. Before it there were so many chunks and bytes of its connection: what of
   * them did not arrive is lost.
   */
  told: { from, link, kind: oneOf(['text', 'binary']), chunks: count, bytes: count },
  /** The page writes these bytes on the connection whose end it plays. */
  write: { link, connection },
  end: { link, connection, how: oneOf(PLAYED_ENDINGS) },
  /** I still hold it; and the answer: its page is still there. */
  held: { from, link },
  wanted: { link },
  /** Its page is gone. */
  over: { link },
} as const satisfies Readonly<Record<string, Shape>>
type MessageType = keyof typeof MESSAGES
type Message = { [Type in MessageType]: { type: Type } & Shaped<(typeof MESSAGES)[Type]> }[MessageType]
type MessageOf<Type extends MessageType> = Extract<Message, { type: Type }>

type Say = (message: Message, bytes?: Uint8Array) => void
type Tell = (told: Omit<MessageOf<'told'>, 'type' | 'from' | 'link'>, bytes: Uint8Array) => void

/** What a client's ticket gives it, whichever instance that is of. */
export interface Claimed {
  readonly session: Viewer
  readonly connection: number
  readonly lab: string
  readonly route: Route | undefined
}

interface Dependencies {
  readonly bus: Bus
  readonly sessions: Sessions
  readonly limits: Limits
  readonly clock: Clock
  readonly watch: Watch
}

/** Names an instance among those on its bus. */
export function nameInstance(random: Random): string {
  return Buffer.from(random(NAME_BYTES)).toString('base64url')
}

/**
 * This instance and the others on its bus. A page's control channel is on one of them and its connections are on any: who
 * gets a client with another's ticket claims it from that one, and tells it what the tap sees.
 */
export class Instances {
  readonly #name: string
  readonly #with: Dependencies
  #links = 0
  readonly #claims = new Map<number, (answer: MessageOf<'claimed' | 'unknown'>) => void>()
  readonly #offsets = new Map<string, ClockOffset>()
  /** Sessions of other instances, whose connections are here. */
  readonly #elsewhere = new Map<number, SessionElsewhere>()
  /** Connections that are on other instances, whose sessions are here; by instance and link. */
  readonly #away = new Map<string, ConnectionAway>()
  readonly #renewing: NodeJS.Timeout | undefined

  /** @param name undefined for one that is alone */
  constructor(name: string | undefined, dependencies: Dependencies) {
    this.#name = name ?? ''
    this.#with = dependencies
    const { bus, limits } = dependencies
    if (name === undefined) return
    bus.subscribe(channelOf(name), bytes => this.#read(bytes))
    let { state } = bus
    bus.onChange(() => {
      if (bus.state === state) return
      ;({ state } = bus)
      if (state === 'connected') this.#reach()
    })
    this.#renewing = setInterval(() => this.#renew(), limits.busLeaseMs / 3).unref()
  }

  /** Whose a ticket is, if another instance gave it out. */
  ownerOf(ticket: string): string | undefined {
    const owner = TICKET_OF.exec(ticket)?.[1]
    return owner === this.#name ? undefined : owner
  }

  /** Takes a ticket off its owner; `unreachable` when that does not answer. */
  async claim(ticket: string, lab: string): Promise<Claimed | 'unreachable' | undefined> {
    const { bus, sessions, limits, clock, watch } = this.#with
    const owner = this.ownerOf(ticket)
    if (owner === undefined) return sessions.claim(ticket, lab)
    if (bus.state !== 'connected') return bus.state === 'local' ? undefined : 'unreachable'
    const link = ++this.#links
    const askedAt = clock()
    const { promise, resolve } = Promise.withResolvers<MessageOf<'claimed' | 'unknown'> | undefined>()
    this.#claims.set(link, resolve)
    this.#say(owner, { type: 'claim', from: this.#name, link, ticket, lab })
    const late = setTimeout(resolve, limits.claimMs)
    const answer = await promise
    clearTimeout(late)
    this.#claims.delete(link)
    if (!answer) watch.limit('claimMs')
    if (answer?.type !== 'claimed') return answer ? undefined : 'unreachable'
    const { connection, through, behind } = answer
    const offset = this.#offsets.get(owner) ?? new ClockOffset()
    this.#offsets.set(owner, offset)
    offset.compare(answer.clock, askedAt, clock())
    const begun = answer.begun - offset.ahead
    const held = { from: this.#name, link }
    const say: Say = (message, bytes) => this.#say(owner, message, bytes)
    const outlet = new BusOutlet(
      bus,
      (told, bytes) => say({ type: 'told', ...held, ...told }, bytes),
      () => session.lapse(),
    )
    const session: SessionElsewhere = new SessionElsewhere(outlet, begun, {
      ...this.#with,
      hold: () => say({ type: 'held', ...held }),
      onOver: () => this.#elsewhere.delete(link),
    })
    this.#elsewhere.set(link, session)
    const route = through && behind !== undefined ? { through, behind } : undefined
    return { session, connection, lab, route }
  }

  close(): void {
    clearInterval(this.#renewing)
  }

  #say(to: string, message: Message, bytes?: Uint8Array): void {
    this.#with.bus.publish(channelOf(to), encode(message, bytes))
  }

  #read(bytes: Buffer): void {
    const read = decode(bytes)
    if (!read) return
    const { message, body } = read
    switch (message.type) {
      case 'claim':
        this.#lend(message)
        return
      case 'claimed':
      case 'unknown':
        this.#claims.get(message.link)?.(message)
        return
      case 'told':
        this.#away.get(keyOf(message))?.told(message, body)
        return
      case 'held': {
        const away = this.#away.get(keyOf(message))
        if (!away) this.#say(message.from, { type: 'over', link: message.link })
        away?.renew()
        away?.want()
        return
      }
      default:
        this.#elsewhere.get(message.link)?.obey(message, body)
    }
  }

  #lend({ from, link, ticket, lab }: MessageOf<'claim'>): void {
    const claimed = this.#with.sessions.claim(ticket, lab)
    if (!claimed) {
      this.#say(from, { type: 'unknown', link })
      return
    }
    const { session, connection, route } = claimed
    const key = keyOf({ from, link })
    const say: Say = (message, bytes) => this.#say(from, message, bytes)
    const away = new ConnectionAway(session, [connection, ...(route ? [route.behind] : [])], {
      ...this.#with,
      link,
      say,
      onOver: () => this.#away.delete(key),
    })
    this.#away.set(key, away)
    if (lab === PLAYED_LAB) session.play(connection, away.playedEnd(connection))
    const now = this.#with.clock()
    say({ type: 'claimed', link, connection, clock: now, begun: now - session.now(), ...route })
  }

  #renew(): void {
    const { bus, clock, limits, watch } = this.#with
    if (bus.state !== 'connected') return
    const oldest = clock() - limits.busLeaseMs * 1000
    for (const each of [...this.#elsewhere.values(), ...this.#away.values()])
      if (each.heardAt < oldest) {
        watch.limit('busLeaseMs')
        each.lapse()
      }
    for (const session of this.#elsewhere.values()) session.hold()
  }

  /** While there was no bus nobody could be heard: everybody gets as long as at first, and hears that we are back. */
  #reach(): void {
    for (const session of this.#elsewhere.values()) {
      session.renew()
      session.hold()
    }
    for (const away of this.#away.values()) {
      away.renew()
      away.want()
    }
  }
}

function channelOf(instance: string): string {
  return `instance:${instance}`
}

function keyOf({ from, link }: { readonly from: string; readonly link: number }): string {
  return `${from}/${link}`
}

/** Chunks of a connection, and their bytes. */
interface Amount {
  readonly chunks: number
  readonly bytes: number
}
const NOTHING: Amount = { chunks: 0, bytes: 0 }

interface Holding extends Dependencies {
  /** Says to the instance of the page that the connection is still held. */
  readonly hold: () => void
  readonly onOver: () => void
}

/** The session of a page whose control channel is on another instance, for one of its tickets. */
class SessionElsewhere extends Viewer {
  heardAt: number
  readonly hold: () => void
  readonly #outlet: BusOutlet
  readonly #mirror: Mirror
  readonly #clock: Clock
  readonly #onOver: () => void

  constructor(outlet: BusOutlet, begun: number, { clock, limits, watch, hold, onOver }: Holding) {
    const mirror = new Mirror(outlet, limits, watch)
    super(mirror, begun)
    this.heardAt = clock()
    this.hold = hold
    this.#outlet = outlet
    this.#mirror = mirror
    this.#clock = clock
    this.#onOver = onOver
  }

  renew(): void {
    this.heardAt = this.#clock()
  }

  obey(message: MessageOf<'write' | 'end' | 'wanted' | 'over'>, body: Uint8Array): void {
    this.renew()
    this.#outlet.reach()
    if (message.type === 'over') this.lapse()
    else if (message.type === 'write') this.played(message.connection)?.write(body)
    else if (message.type === 'end') this.played(message.connection)?.end(message.how)
    else this.#leaveIfDone()
  }

  /** Its page is gone, or its instance. */
  lapse(): void {
    this.abandon()
    this.#mirror.stop()
    this.#onOver()
  }

  override release(connection: number): void {
    super.release(connection)
    this.#leaveIfDone()
  }

  /** What still waits is to be told before. */
  #leaveIfDone(): void {
    if (this.connections > 0 || !this.#mirror.isIdle) return
    this.#mirror.stop()
    this.#onOver()
  }
}

/** The way to a control channel on another instance. */
class BusOutlet implements Outlet {
  readonly giveUp: () => void
  readonly #bus: Bus
  readonly #tell: Tell
  readonly #sent = new Map<number, Amount>()
  #drained: () => void = () => {}
  /** After a loss, whether the other instance has been heard of again. */
  #isReached = true

  constructor(bus: Bus, tell: Tell, giveUp: () => void) {
    this.#bus = bus
    this.#tell = tell
    this.giveUp = giveUp
  }

  get isFull(): boolean {
    return !this.#isReached || this.#bus.isFull
  }

  onDrain(listener: () => void): () => void {
    this.#drained = listener
    return this.#bus.onChange(() => {
      if (this.#bus.state === 'lost') this.#isReached = false
      listener()
    })
  }

  reach(): void {
    if (this.#isReached) return
    this.#isReached = true
    this.#drained()
  }

  send(message: string | Uint8Array): void {
    const { connection, ...now } = amountOf(parseEvent(message))
    const before = this.#sent.get(connection) ?? NOTHING
    this.#sent.set(connection, sum(before, now))
    if (typeof message === 'string') this.#tell({ kind: 'text', ...before }, Buffer.from(message))
    else this.#tell({ kind: 'binary', ...before }, message)
  }
}

/** What an event brings of its connection. */
function amountOf(event: SandboxEvent): Amount & { readonly connection: number } {
  const connection = 'connection' in event ? event.connection : 0
  return event.type === 'chunk'
    ? { connection, chunks: 1, bytes: event.bytes.length }
    : { connection, ...NOTHING }
}

function sum(one: Amount, other: Amount): Amount {
  return { chunks: one.chunks + other.chunks, bytes: one.bytes + other.bytes }
}

/** A connection of a page of this instance that another one holds, and the one behind its proxy. */
class ConnectionAway implements Away {
  heardAt: number
  readonly #session: Session
  readonly #open: Set<number>
  readonly #received = new Map<number, Amount>()
  readonly #with: Dependencies & { readonly link: number; readonly say: Say; readonly onOver: () => void }

  constructor(
    session: Session,
    connections: readonly number[],
    dependencies: Dependencies & { readonly link: number; readonly say: Say; readonly onOver: () => void },
  ) {
    this.#session = session
    this.#open = new Set(connections)
    this.#with = dependencies
    this.heardAt = dependencies.clock()
    for (const connection of connections.slice(0, 1)) session.lend(connection, this)
  }

  renew(): void {
    this.heardAt = this.#with.clock()
  }

  /** Says that its page is still there. */
  want(): void {
    const { say, link } = this.#with
    say({ type: 'wanted', link })
  }

  playedEnd(connection: number): PlayedEnd {
    const { say, link } = this.#with
    return {
      write: bytes => say({ type: 'write', link, connection }, bytes),
      end: how => say({ type: 'end', link, connection, how }),
    }
  }

  told({ kind, ...before }: MessageOf<'told'>, body: Buffer): void {
    this.renew()
    const event = read(kind === 'text' ? body.toString() : new Uint8Array(body))
    if (!event || !('connection' in event) || !this.#open.has(event.connection)) return
    const { connection } = event
    this.#missTo(before, connection)
    this.#received.set(connection, sum(before, amountOf(event)))
    if (event.type === 'chunk') {
      this.#session.show(event)
      return
    }
    this.#session.tell(event)
    if (event.type === 'opened') this.#session.lend(connection, this)
    if (event.type === 'ending' && event.how === 'closed') this.#close(connection)
  }

  /** Whoever holds the connection is not heard of any more. */
  lapse(): void {
    const at = this.#session.now()
    for (const connection of this.#open) {
      for (const how of ['destroyed', 'closed'] as const)
        this.#session.tell({ type: 'ending', connection, at, how })
      this.#close(connection)
    }
    this.#with.onOver()
  }

  abandon(): void {
    const { say, link, onOver } = this.#with
    say({ type: 'over', link })
    onOver()
  }

  /** Tells the page of what came before and did not come here. */
  #missTo(before: Amount, connection: number): void {
    const received = this.#received.get(connection) ?? NOTHING
    const chunks = before.chunks - received.chunks
    if (chunks <= 0) return
    this.#with.watch.dropped(chunks)
    this.#session.tell({ type: 'dropped', connection, chunks, bytes: before.bytes - received.bytes })
  }

  #close(connection: number): void {
    this.#open.delete(connection)
    this.#session.release(connection)
  }
}

/** A length of four bytes, JSON of that length, and the bytes that follow it. */
function encode(message: Message, bytes: Uint8Array = new Uint8Array()): Buffer {
  const json = Buffer.from(JSON.stringify(message))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  return Buffer.concat([length, json, bytes])
}

function decode(bytes: Buffer): { readonly message: Message; readonly body: Buffer } | undefined {
  const end = bytes.length < 4 ? 0 : 4 + bytes.readUInt32BE()
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8', 4, end))
    if (typeof json !== 'object' || json === null || !('type' in json)) return undefined
    const { type } = json
    if (typeof type !== 'string' || !Object.hasOwn(MESSAGES, type)) return undefined
    const message = { type, ...shaped(MESSAGES[type as MessageType], json, refuse) } as Message
    return { message, body: bytes.subarray(end) }
  } catch {
    // Whatever it is, it is not from one of us.
    return undefined
  }
}

function refuse(field: string): never {
  throw new TypeError(field)
}

function read(message: string | Uint8Array): SandboxEvent | undefined {
  try {
    return parseEvent(message)
  } catch {
    return undefined
  }
}
