import { parseEvent, ContractError, type BusState, type SandboxEvent } from '#contract/events.ts'
import type { ProxyKind } from '#contract/proxies.ts'
import type { JsonCommand, PlayedEnding } from '#contract/commands.ts'
import type { RaceSettings, RaceTally } from '#contract/race.ts'
import { encodeWrite, MAX_WRITE_BYTES } from '#contract/write.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import { SandboxAbsent } from './absence.ts'
import type { SandboxAddress } from './address.ts'

/** How long a page waits for the sandbox to open or answer before it says that it is away, in milliseconds. */
export const ANSWER_TIMEOUT_MS = 4_000

/** How often a page asks whether the sandbox is still there, in milliseconds. */
export const HEARTBEAT_INTERVAL_MS = 5_000

/** The right to one captured connection: open `url`, and its bytes come under `connection`. */
export interface Ticket {
  readonly connection: number
  readonly url: string
  /** Number of the connection between the proxy on the way and the lab. */
  readonly behind?: number | undefined
}

/** A proxy on the way to a lab, and who hears of the connection behind it. */
export interface Through {
  readonly kind: ProxyKind
  readonly listener: (event: ConnectionEvent) => void
}

/** Events about one captured connection. */
export type ConnectionEvent = Extract<SandboxEvent, { connection: number; at: number }> | Dropped
type Dropped = Extract<SandboxEvent, { type: 'dropped' }>

/** What gives a page a connection. */
type Connected = Extract<SandboxEvent, { type: 'ticket' | 'dialled' | 'overhearing' }>
type Answer = Connected | Extract<SandboxEvent, { type: 'race-over' }>
type Tally = Extract<SandboxEvent, { type: 'tally' }>

/** A command that waits for its answer. */
interface Pending {
  readonly command: JsonCommand
  /** Hears of the connection that the answer gives, or of the race until it is over. */
  readonly listener: (event: ConnectionEvent | Tally) => void
  resolve(answer: Answer): void
  reject(reason: SandboxAbsent): void
}

export interface ControlChannelOptions {
  readonly address: SandboxAddress
  /** Milliseconds, monotonic. */
  readonly now?: () => number
  readonly createSocket?: (url: string) => WebSocket
  readonly answerTimeoutMs?: number
}

/** The page's one control channel: asks for tickets, hands out what the tap saw, keeps the sandbox's clock. */
export class ControlChannel {
  readonly #address: SandboxAddress
  readonly #now: () => number
  /** Absent when the browser did not even try. */
  readonly #socket: WebSocket | undefined
  readonly #listeners = new Map<number, (event: ConnectionEvent) => void>()
  readonly #pending = new Map<number, Pending>()
  readonly #onBus = new Set<(state: BusState) => void>()
  #bus: BusState = 'local'
  readonly #onWelcome = new Set<() => void>()
  readonly #onGone = new Set<(why: SandboxAbsent) => void>()
  readonly #timeoutMs: number
  #nextRequest = 0
  #helloSentAt = 0
  /** Microseconds to add to the page's clock to get the session's; known once welcomed. */
  #clockOffset: number | undefined
  #gone: SandboxAbsent | undefined
  #openTimer: ReturnType<typeof setTimeout> | undefined
  #heartbeat: ReturnType<typeof setInterval> | undefined
  /** Runs while a heartbeat is unanswered. */
  #answerTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: ControlChannelOptions) {
    this.#address = options.address
    this.#now = options.now ?? (() => performance.now())
    this.#timeoutMs = options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS
    const createSocket = options.createSocket ?? (url => new WebSocket(url))
    try {
      this.#socket = createSocket(options.address.control)
    } catch (error) {
      // Only this is thrown, and everything else told by events.
      if (!(error instanceof DOMException && error.name === 'SecurityError')) throw error
      this.#gone = new SandboxAbsent('insecure', error.message)
      return
    }
    this.#socket.binaryType = 'arraybuffer'
    this.#openTimer = setTimeout(() => {
      this.#end(this.#absence('no answer in time'))
    }, this.#timeoutMs)
    this.#socket.addEventListener('open', () => {
      this.#helloSentAt = this.#now()
      this.#say({ type: 'hello', version: CONTRACT_VERSION })
      for (const { command } of this.#pending.values()) this.#say(command)
    })
    this.#socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      this.#read(typeof data === 'string' ? data : new Uint8Array(data))
    })
    this.#socket.addEventListener('close', () => {
      this.#end(
        this.#clockOffset === undefined
          ? this.#absence('the control channel did not open')
          : new SandboxAbsent('lost', 'the control channel closed'),
      )
    })
  }

  /** False once the sandbox is gone for this channel; a new one is needed. */
  get usable(): boolean {
    return this.#gone === undefined
  }

  /** Microseconds on the session's clock; before the welcome, undefined. */
  sessionTime(): number | undefined {
    return this.#clockOffset === undefined ? undefined : this.#now() * 1000 + this.#clockOffset
  }

  /** Whether the sandbox is one of several instances, and can reach the others. */
  get bus(): BusState {
    return this.#bus
  }

  /** Calls back whenever that has become another. Returns how to stop listening. */
  onBus(listener: (state: BusState) => void): () => void {
    this.#onBus.add(listener)
    return () => this.#onBus.delete(listener)
  }

  /** Calls back once, when the sandbox is there. */
  onWelcome(listener: () => void): void {
    this.#onWelcome.add(listener)
  }

  /** Calls back once, when the sandbox goes away. Returns how to stop listening. */
  onGone(listener: (why: SandboxAbsent) => void): () => void {
    this.#onGone.add(listener)
    return () => this.#onGone.delete(listener)
  }

  /**
   * Asks for the right to one captured connection to a lab; `listener` gets everything about it until `close`.
   * @param through the proxy on the way, if there is to be one
   * @throws SandboxAbsent (rejects) when the sandbox is not there, refuses, or goes away meanwhile
   */
  async ticket(lab: string, listener: (event: ConnectionEvent) => void, through?: Through): Promise<Ticket> {
    const answer = await this.#connect(
      request => ({ type: 'ticket', request, lab, through: through?.kind }),
      listener,
    )
    if (answer.type !== 'ticket') throw new SandboxAbsent('incompatible', 'a ticket was asked for')
    const { connection, behind } = answer
    if (through && behind !== undefined) this.#listeners.set(behind, through.listener)
    return { connection, url: this.#address.lab(lab, answer.ticket), behind }
  }

  /**
   * Has the sandbox connect to itself, as a client that this page plays; `listener` gets everything about it.
   * @returns number of the connection, for `write` and `end`
   * @throws SandboxAbsent as `ticket` does
   */
  async dial(listener: (event: ConnectionEvent) => void): Promise<number> {
    return (await this.#connect(request => ({ type: 'dial', request }), listener)).connection
  }

  /**
   * Has two in the sandbox say that text to each other, in the open or over TLS; `listener` gets every byte of it.
   * @returns number of the connection
   * @throws SandboxAbsent as `ticket` does
   */
  async overhear(
    what: { readonly secure: boolean; readonly text: string },
    listener: (event: ConnectionEvent) => void,
  ): Promise<number> {
    return (await this.#connect(request => ({ type: 'overhear', request, ...what }), listener)).connection
  }

  /**
   * Has the same events go over every way at once; `listener` gets what each has cost, again and again. Resolves when the
   * race is over.
   * @throws SandboxAbsent as `ticket` does
   */
  async race(settings: RaceSettings, listener: (tally: RaceTally) => void): Promise<void> {
    await this.#ask(
      request => ({ type: 'race', request, ...settings }),
      event => {
        if (event.type === 'tally') listener(event)
      },
    )
  }

  /**
   * Writes on a connection whose client or server this page plays. Nothing happens when it is closed.
   * @throws RangeError above `MAX_WRITE_BYTES`, which the sandbox would refuse
   */
  write(connection: number, bytes: Uint8Array): void {
    if (bytes.length > MAX_WRITE_BYTES)
      throw new RangeError(`one write carries at most ${MAX_WRITE_BYTES} bytes, not ${bytes.length}`)
    if (this.#socket?.readyState === WebSocket.OPEN)
      this.#socket.send(encodeWrite({ request: this.#nextRequest++, connection, bytes }))
  }

  /** Ends a connection whose client or server this page plays: its half of it, or all at once. */
  end(connection: number, how: PlayedEnding): void {
    if (this.#socket?.readyState === WebSocket.OPEN)
      this.#say({ type: 'end', request: this.#nextRequest++, connection, how })
  }

  /** Asks for a connection: a sandbox that hangs keeps its own open and answers nothing. */
  async #connect(
    commandOf: (request: number) => JsonCommand,
    listener: (event: ConnectionEvent) => void,
  ): Promise<Connected> {
    const timer = setTimeout(() => this.#end(this.#absence('no answer in time')), this.#timeoutMs)
    const answer = await this.#ask(commandOf, event => {
      if (event.type !== 'tally') listener(event)
    }).finally(() => clearTimeout(timer))
    if (answer.type === 'race-over') throw new SandboxAbsent('incompatible', 'a connection was asked for')
    return answer
  }

  async #ask(commandOf: (request: number) => JsonCommand, listener: Pending['listener']): Promise<Answer> {
    if (this.#gone !== undefined) throw this.#gone
    const request = this.#nextRequest++
    const command = commandOf(request)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#pending.set(request, { command, listener, resolve, reject })
    if (this.#socket?.readyState === WebSocket.OPEN) this.#say(command)
    return promise
  }

  close(): void {
    this.#socket?.close(1000)
  }

  #say(command: JsonCommand): void {
    this.#socket?.send(JSON.stringify(command))
  }

  /** A sandbox that hangs keeps its connections open: only its silence tells. */
  #beat(): void {
    if (this.#answerTimer !== undefined) return
    this.#say({ type: 'heartbeat', request: this.#nextRequest++ })
    this.#answerTimer = setTimeout(() => {
      this.#end(new SandboxAbsent('lost', 'no answer to a heartbeat'))
    }, this.#timeoutMs)
  }

  #read(message: string | Uint8Array): void {
    // Whatever comes is a sign of life.
    clearTimeout(this.#answerTimer)
    this.#answerTimer = undefined
    let event: SandboxEvent
    try {
      event = parseEvent(message)
    } catch (error) {
      if (!(error instanceof ContractError)) throw error
      this.#end(new SandboxAbsent('incompatible', error.message))
      return
    }
    switch (event.type) {
      case 'welcome': {
        clearTimeout(this.#openTimer)
        if (event.version !== CONTRACT_VERSION) {
          this.#end(new SandboxAbsent('incompatible', `the sandbox speaks version ${event.version}`))
          return
        }
        // The sandbox read its clock somewhere between our hello and its welcome: take the middle.
        this.#clockOffset = event.now - ((this.#helloSentAt + this.#now()) / 2) * 1000
        this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_INTERVAL_MS)
        for (const listener of this.#onWelcome) listener()
        return
      }
      case 'heartbeat':
        return
      case 'bus':
        this.#bus = event.state
        for (const listener of this.#onBus) listener(event.state)
        return
      case 'tally':
        this.#pending.get(event.request)?.listener(event)
        return
      case 'race-over':
      case 'ticket':
      case 'dialled':
      case 'overhearing':
        this.#answer(event)
        return
      case 'error': {
        const why = event.code === 'unsupported-version' ? 'incompatible' : 'refused'
        const absent = new SandboxAbsent(why, event.message)
        if (why === 'incompatible') this.#end(absent)
        else if (event.request !== undefined) {
          this.#pending.get(event.request)?.reject(absent)
          this.#pending.delete(event.request)
        }
        return
      }
      default: {
        this.#listeners.get(event.connection)?.(event)
        if (event.type === 'ending' && event.how === 'closed') this.#listeners.delete(event.connection)
      }
    }
  }

  #answer(event: Answer): void {
    const pending = this.#pending.get(event.request)
    this.#pending.delete(event.request)
    if (pending === undefined) return
    if ('connection' in event) this.#listeners.set(event.connection, pending.listener)
    pending.resolve(event)
  }

  #absence(detail: string): SandboxAbsent {
    return new SandboxAbsent(this.#address.crossesIntoLocalNetwork ? 'local-network' : 'unreachable', detail)
  }

  #end(why: SandboxAbsent): void {
    if (this.#gone !== undefined) return
    this.#gone = why
    clearTimeout(this.#openTimer)
    clearInterval(this.#heartbeat)
    clearTimeout(this.#answerTimer)
    for (const each of this.#pending.values()) each.reject(why)
    this.#pending.clear()
    this.#listeners.clear()
    for (const listener of this.#onGone) listener(why)
    this.#onGone.clear()
    this.#socket?.close()
  }
}
