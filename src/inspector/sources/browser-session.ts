import type { ProxyKind } from '#contract/proxies.ts'
import type { Absence } from '../../sandbox/absence.ts'
import type { ControlChannel } from '../../sandbox/control-channel.ts'
import type { CapturedConnection, KeptBounds } from '../../wire/captured-connection.ts'
import type { LabQuery, LabSession, LabState } from '../../wire/lab-session.ts'
import type { LiveSource, ToldAtClose } from './live-source.ts'

export interface BrowserSessionOptions {
  readonly lab: string
  readonly channel: () => Promise<ControlChannel>
  readonly kept?: () => KeptBounds
  readonly onChange: () => void
  readonly onMessage?: (data: string | ArrayBuffer | Blob) => void
  readonly binaryType?: () => BinaryType
  readonly createSocket?: (url: string, protocols: string[]) => WebSocket
}

/** The reader's own WebSocket to a lab. What there is to a session is loaded when the reader connects. */
export class BrowserSession implements LiveSource {
  readonly kind = 'browser'
  readonly role = 'client'
  readonly player = undefined
  readonly script = new PageScript()
  readonly #options: BrowserSessionOptions
  #attempt = 0
  /** Before there is a session, or without one. */
  #state: LabState = 'waiting'

  constructor(options: BrowserSessionOptions) {
    this.#options = options
  }

  get #session(): LabSession | undefined {
    return this.script.session
  }

  get state(): LabState {
    return this.#session?.state ?? this.#state
  }

  get absence(): Absence | undefined {
    return this.#session ? this.#session.absence : this.#state === 'absent' ? 'unreachable' : undefined
  }

  get connection(): CapturedConnection | undefined {
    return this.#session?.connection
  }

  /** The connection behind the proxy on the way, where there is one. */
  get behind(): CapturedConnection | undefined {
    return this.#session?.behind
  }

  /** The reader's own, and the one behind the proxy on its way. */
  get connections() {
    return [this.connection, this.behind].filter(each => each !== undefined)
  }

  async connect(
    subprotocols: readonly string[] = [],
    query: LabQuery = {},
    through?: ProxyKind,
  ): Promise<void> {
    const attempt = ++this.#attempt
    if (!this.#session) {
      this.#become('connecting')
      try {
        const { LabSession } = await import('../../wire/lab-session.ts')
        this.script.session ??= new LabSession(this.#options)
      } catch {
        // Whoever cannot reach the site's files does not reach its sandbox either.
        if (attempt === this.#attempt) this.#become('absent')
        return
      }
    }
    if (attempt === this.#attempt) await this.#session?.connect(subprotocols, query, through)
  }

  dispose(): void {
    this.#attempt++
    this.#session?.dispose()
  }

  #become(state: LabState): void {
    this.#state = state
    this.#options.onChange()
  }
}

/** What a script of the page would know of its WebSocket, and can do with it. Nothing happens before there is one. */
class PageScript {
  session: LabSession | undefined

  get openedIn(): number | undefined {
    return this.session?.openedIn
  }

  get bufferedAmount(): number {
    return this.session?.bufferedAmount ?? 0
  }

  get closed(): ToldAtClose | undefined {
    return this.session?.closed
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    this.session?.send(data)
  }

  close(code?: number, reason?: string): void {
    this.session?.close(code, reason)
  }

  forsake(): void {
    this.session?.forsake()
  }
}
