import { SandboxAbsent, type Absence } from '../../sandbox/absence.ts'
import type { ControlChannel } from '../../sandbox/control-channel.ts'
import { CapturedConnection, type KeptBounds } from '../../wire/captured-connection.ts'
import type { LabState } from '../../wire/lab-session.ts'
import type { LiveSource } from './live-source.ts'
import { Player, type RandomBytes } from './player.ts'
import { headBytes } from './request-text.ts'

export interface RawSessionOptions {
  readonly channel: () => Promise<ControlChannel>
  readonly random: RandomBytes
  readonly kept?: () => KeptBounds
  /** Called after every change of anything a view shows. */
  readonly onChange: () => void
}

/** A raw TCP client inside the sandbox, whose every byte the reader may choose. */
export class RawSession implements LiveSource {
  readonly kind = 'raw'
  readonly role = 'client'
  readonly script = undefined
  state: LabState = 'waiting'
  absence: Absence | undefined
  connection: CapturedConnection | undefined
  player: Player | undefined
  readonly #options: RawSessionOptions
  #stopWatching: () => void = () => {}
  #disposed = false

  constructor(options: RawSessionOptions) {
    this.#options = options
  }

  /** Opens the connection and writes that head. Resolves when it is written, or impossible. */
  async connect(head: string): Promise<void> {
    this.state = 'connecting'
    this.#changed()
    try {
      const channel = await this.#options.channel()
      const number = await channel.dial(event => {
        const { connection, player } = this
        if (!connection || !player || this.#disposed) return
        const items = connection.hear(event)
        if (items.some(item => item.kind === 'response' && item.head.status === 101)) this.state = 'live'
        player.answer(items)
        if (event.type === 'ending' && event.how === 'server-fin') player.answerFin()
        else if (event.type === 'ending' && event.how === 'closed') this.#over()
        this.#changed()
      })
      const wire = {
        write: (bytes: Uint8Array) => channel.write(number, bytes),
        end: (how: 'fin' | 'reset') => channel.end(number, how),
      }
      if (this.#disposed) {
        wire.end('reset')
        return
      }
      this.connection = new CapturedConnection(number, 'raw', this.#options.kept?.(), () => this.#changed())
      this.player = new Player('client', wire, this.#options.random)
      this.#stopWatching = channel.onGone(why => this.#vanish(why))
      this.player.write([headBytes(head)])
    } catch (error) {
      if (!(error instanceof SandboxAbsent)) throw error
      this.#vanish(error)
    }
    this.#changed()
  }

  dispose(): void {
    if (this.state === 'connecting' || this.state === 'live') this.player?.end('reset')
    this.#disposed = true
    this.#stopWatching()
  }

  #over(): void {
    if (this.state !== 'absent') this.state = 'ended'
    this.#stopWatching()
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
