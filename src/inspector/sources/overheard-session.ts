import { SandboxAbsent, type Absence } from '../../sandbox/absence.ts'
import type { ControlChannel } from '../../sandbox/control-channel.ts'
import { CapturedConnection } from '../../wire/captured-connection.ts'
import type { LabState } from '../../wire/lab-session.ts'
import type { LiveSource } from './live-source.ts'

export interface OverheardSessionOptions {
  readonly channel: () => Promise<ControlChannel>
  /** Called after every change of anything a view shows. */
  readonly onChange: () => void
}

/** A conversation of two in the sandbox, seen from between them. */
export class OverheardSession implements LiveSource {
  readonly kind = 'raw'
  readonly role = 'client'
  readonly player = undefined
  readonly script = undefined
  state: LabState = 'waiting'
  absence: Absence | undefined
  connection: CapturedConnection | undefined
  readonly #options: OverheardSessionOptions
  #disposed = false

  constructor(options: OverheardSessionOptions) {
    this.#options = options
  }

  /** Listens to the two saying that text. Resolves when they have parted, or cannot be heard. */
  async listen(text: string, secure: boolean): Promise<void> {
    const { promise: over, resolve } = Promise.withResolvers<void>()
    this.state = 'connecting'
    this.#changed()
    let stopWatching = () => {}
    try {
      const channel = await this.#options.channel()
      stopWatching = channel.onGone(why => {
        this.#vanish(why)
        resolve()
      })
      const number = await channel.overhear({ secure, text }, event => {
        if (this.connection === undefined) return
        this.connection.hear(event)
        if (event.type === 'ending' && event.how === 'closed') {
          if (this.state === 'live') this.state = 'ended'
          resolve()
        }
        this.#changed()
      })
      this.connection = new CapturedConnection(number, secure ? 'wss' : 'ws')
      this.state = 'live'
      this.#changed()
      await over
    } catch (error) {
      if (!(error instanceof SandboxAbsent)) throw error
      this.#vanish(error)
    } finally {
      stopWatching()
    }
  }

  dispose(): void {
    this.#disposed = true
  }

  #vanish(why: SandboxAbsent): void {
    this.state = 'absent'
    this.absence = why.why
    this.#changed()
  }

  #changed(): void {
    if (!this.#disposed) this.#options.onChange()
  }
}
