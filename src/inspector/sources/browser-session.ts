import type { ProxyKind } from '#contract/proxies.ts'
import type { KeptBounds } from '../../wire/captured-connection.ts'
import { LabSession, type LabQuery } from '../../wire/lab-session.ts'
import type { ControlChannel } from '../../sandbox/control-channel.ts'
import type { LiveSource } from './live-source.ts'

export interface BrowserSessionOptions {
  readonly lab: string
  readonly channel: () => Promise<ControlChannel>
  readonly kept?: () => KeptBounds
  readonly onChange: () => void
  readonly onMessage?: (data: string | ArrayBuffer | Blob) => void
  readonly binaryType?: () => BinaryType
  readonly createSocket?: (url: string, protocols: string[]) => WebSocket
}

/** The reader's own WebSocket to a lab. */
export class BrowserSession implements LiveSource {
  readonly kind = 'browser'
  readonly role = 'client'
  readonly player = undefined
  readonly script: LabSession

  constructor(options: BrowserSessionOptions) {
    this.script = new LabSession(options)
  }

  get state() {
    return this.script.state
  }

  get absence() {
    return this.script.absence
  }

  get connection() {
    return this.script.connection
  }

  /** The reader's own, and the one behind the proxy on its way. */
  get connections() {
    return [this.script.connection, this.script.behind].filter(each => each !== undefined)
  }

  connect(subprotocols: readonly string[] = [], query: LabQuery = {}, through?: ProxyKind): Promise<void> {
    return this.script.connect(subprotocols, query, through)
  }

  dispose(): void {
    this.script.dispose()
  }
}
