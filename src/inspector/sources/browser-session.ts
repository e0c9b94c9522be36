import type { KeptBounds } from '../../wire/captured-connection.ts'
import { LabSession, type LabQuery } from '../../wire/lab-session.ts'
import type { ControlChannel } from '../../sandbox/control-channel.ts'
import type { LiveSource } from './live-source.ts'

export interface BrowserSessionOptions {
  readonly lab: string
  readonly channel: () => ControlChannel
  readonly kept?: () => KeptBounds
  readonly onChange: () => void
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

  connect(subprotocols: readonly string[] = [], query: LabQuery = {}): Promise<void> {
    return this.script.connect(subprotocols, query)
  }

  dispose(): void {
    this.script.dispose()
  }
}
