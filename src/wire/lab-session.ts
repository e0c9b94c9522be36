import { SandboxAbsent, type Absence } from '../sandbox/absence.ts'
import type { ConnectionEvent, ControlChannel } from '../sandbox/control-channel.ts'
import type { ProxyKind } from '#contract/proxies.ts'
import type { ScriptEvent } from '#recording/recording.ts'
import { CapturedConnection, type KeptBounds } from './captured-connection.ts'

/** How long the reader's own WebSocket may stay CONNECTING, in milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 8_000

/**
 * Where a lab stands. `waiting`: nothing tried yet. `ended`: the reader's connection is over and its bytes are
 * here. `absent`: there is no sandbox; `absence` says why.
 */
export type LabState = 'waiting' | 'connecting' | 'live' | 'ended' | 'absent'

/** Query parameters of a lab by name. */
export type LabQuery = Readonly<Record<string, string | number>>

export interface LabSessionOptions {
  readonly lab: string
  /** The page's control channel, opened when first needed and again after it was lost. */
  readonly channel: () => Promise<ControlChannel>
  /** Called after every change of anything a view shows. */
  readonly onChange: () => void
  /** Called with every message, before the change that it makes. */
  readonly onMessage?: (data: string | ArrayBuffer | Blob) => void
  /** What binary messages become (default `arraybuffer`); read when a connection is opened. */
  readonly binaryType?: () => BinaryType
  readonly createSocket?: (url: string, protocols: string[]) => WebSocket
  /** How much of a connection is kept. */
  readonly kept?: () => KeptBounds
}

/** One lab's dealings with the sandbox: the reader's own WebSocket, and what the tap saw of it. */
export class LabSession {
  readonly #options: LabSessionOptions
  #socket: WebSocket | undefined
  #channel: ControlChannel | undefined
  #stopWatching: () => void = () => {}
  #attempt = 0
  state: LabState = 'waiting'
  absence: Absence | undefined
  /** The reader's latest connection, live or over. */
  connection: CapturedConnection | undefined
  /** The one between a proxy and the lab, where there is a proxy on the way. */
  behind: CapturedConnection | undefined
  /** Milliseconds from `new WebSocket` to its `open` event. */
  openedIn: number | undefined
  /** What the browser told the page at the end. */
  closed: { readonly code: number; readonly reason: string; readonly wasClean: boolean } | undefined

  constructor(options: LabSessionOptions) {
    this.#options = options
  }

  /**
   * Opens a new captured connection, leaving the former one behind. Resolves when it is open, over or impossible.
   * @param query what the lab is asked for in its URL, as `contract/addresses.ts` names it
   * @param through the proxy that is to stand on the way
   */
  async connect(protocols: readonly string[] = [], query: LabQuery = {}, through?: ProxyKind): Promise<void> {
    const attempt = ++this.#attempt
    this.#leave()
    this.state = 'connecting'
    this.absence = undefined
    this.closed = undefined
    this.openedIn = undefined
    this.#changed()
    try {
      const channel = await this.#options.channel()
      if (attempt !== this.#attempt) return
      this.#channel = channel
      // Nothing can be said of the connections before the ticket is used, which is further down.
      const capture = (of: () => CapturedConnection | undefined) => (event: ConnectionEvent) => {
        const connection = of()
        if (attempt !== this.#attempt || connection === undefined) return
        connection.hear(event)
        this.#changed()
      }
      const ticket = await channel.ticket(
        this.#options.lab,
        capture(() => this.connection),
        through && { kind: through, listener: capture(() => this.behind) },
      )
      if (attempt !== this.#attempt) return
      this.connection = this.#captured(ticket.connection)
      this.behind = ticket.behind === undefined ? undefined : this.#captured(ticket.behind)
      this.#stopWatching = channel.onGone(why => this.#vanish(why))
      await this.#open(withQuery(ticket.url, query), [...protocols])
    } catch (error) {
      if (!(error instanceof SandboxAbsent)) throw error
      if (attempt === this.#attempt) this.#vanish(error)
    }
  }

  /** Over which the latest connection was asked for, once it was. */
  get channel(): ControlChannel | undefined {
    return this.#channel
  }

  /** What `WebSocket.bufferedAmount` says: bytes the browser has taken and not yet handed on. */
  get bufferedAmount(): number {
    return this.#socket?.bufferedAmount ?? 0
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return
    this.#note('send', typeof data === 'string' ? quoted(data) : `${data.length}바이트 바이너리`)
    this.#socket.send(data)
    this.#changed()
  }

  /** Starts the closing handshake (RFC 6455 §7.1.2), as `WebSocket.close` does. */
  close(code?: number, reason?: string): void {
    if (this.#socket === undefined) return
    this.#note('close()', [code, reason].filter(part => part !== undefined && part !== '').join(' '))
    if (code === undefined) this.#socket.close()
    else this.#socket.close(code, reason)
    this.#changed()
  }

  /** The page that the WebSocket belonged to is gone: no script hears of it any more, and the tap still tells. */
  forsake(): void {
    this.#socket = undefined
    this.state = 'ended'
    this.#changed()
  }

  /** The page is leaving: ends the connection and calls nothing any more. */
  dispose(): void {
    this.#attempt++
    this.#leave()
  }

  #leave(): void {
    this.#stopWatching()
    this.#stopWatching = () => {}
    this.#socket?.close()
    this.#socket = undefined
  }

  async #open(url: string, protocols: string[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const createSocket =
      this.#options.createSocket ??
      ((to, offered) => (offered.length === 0 ? new WebSocket(to) : new WebSocket(to, offered)))
    const started = performance.now()
    this.#note('new', protocols.length === 0 ? '' : `[${protocols.map(quoted).join(', ')}]`)
    const socket = createSocket(url, protocols)
    socket.binaryType = this.#options.binaryType?.() ?? 'arraybuffer'
    this.#socket = socket
    const timer = setTimeout(() => socket.close(), HANDSHAKE_TIMEOUT_MS)
    const mine = (act: () => void) => () => {
      if (this.#socket !== socket) return
      act()
      this.#changed()
    }
    socket.addEventListener(
      'open',
      mine(() => {
        clearTimeout(timer)
        this.openedIn = performance.now() - started
        this.state = 'live'
        this.#note('open', socket.protocol === '' ? '' : `protocol: ${quoted(socket.protocol)}`)
      }),
    )
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer | Blob>) =>
      mine(() => {
        this.#note('message', receivedWords(data))
        this.#options.onMessage?.(data)
      })(),
    )
    socket.addEventListener(
      'error',
      mine(() => this.#note('error', '')),
    )
    socket.addEventListener('close', ({ code, reason, wasClean }) => {
      clearTimeout(timer)
      mine(() => {
        this.closed = { code, reason, wasClean }
        this.#note(
          'close',
          [`code ${code}`, reason === '' ? '' : quoted(reason), `wasClean ${wasClean}`]
            .filter(Boolean)
            .join(' · '),
        )
        if (this.state !== 'absent') this.state = 'ended'
      })()
      resolve()
    })
    return promise
  }

  #captured(number: number): CapturedConnection {
    const { lab, kept } = this.#options
    return new CapturedConnection(number, lab, kept?.(), () => this.#changed())
  }

  #note(what: ScriptEvent['what'], detail: string): void {
    const at = this.#channel?.sessionTime()
    if (at !== undefined) this.connection?.addScript({ at: Math.max(0, at), what, detail })
  }

  #vanish(why: SandboxAbsent): void {
    this.state = 'absent'
    this.absence = why.why
    this.#changed()
  }

  #changed(): void {
    this.#options.onChange()
  }
}

export function withQuery(url: string, query: LabQuery): string {
  const to = new URL(url)
  for (const [name, value] of Object.entries(query)) to.searchParams.set(name, String(value))
  return to.href
}

function receivedWords(data: string | ArrayBuffer | Blob): string {
  if (typeof data === 'string') return quoted(data)
  return data instanceof Blob ? `Blob ${data.size}바이트` : `ArrayBuffer ${data.byteLength}바이트`
}

/** Script details show at most this many UTF-16 units of a text; the wire below shows all of it. */
const QUOTE_LIMIT = 60

function quoted(text: string): string {
  if (text.length <= QUOTE_LIMIT) return JSON.stringify(text)
  return `${JSON.stringify(text.slice(0, QUOTE_LIMIT))}… (length ${text.length})`
}
