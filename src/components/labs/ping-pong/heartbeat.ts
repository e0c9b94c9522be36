import { OPCODES } from '#protocol/opcodes.ts'
import { ServedSession } from '../../../inspector/sources/served-session.ts'
import { pageChannel } from '../../../sandbox/page-channel.ts'

export interface Heartbeat {
  /** Between two beats, in milliseconds. */
  readonly every: number
  /** How long a beat may stay without an answer, in milliseconds. */
  readonly patience: number
}

/** When the server falls silent, in milliseconds after the connection opened: not to be foretold. */
const SILENT_AFTER = { least: 5_000, most: 9_000 }
/** How often the page looks whether an answer is overdue, in milliseconds. */
const LOOK = 50

/** A page with a heartbeat, and a server, played by it too, that answers until it does not. */
export class HeartbeatTrial {
  readonly session: ServedSession
  readonly #beat: Heartbeat
  readonly #timers: ReturnType<typeof setInterval>[] = []
  #seen = 0
  #silent = false
  /** When each beat was sent, by the page's clock. */
  readonly #beats: number[] = []

  constructor(beat: Heartbeat, changed: () => void) {
    this.#beat = beat
    this.session = new ServedSession(
      {
        channel: pageChannel,
        onChange: () => {
          this.#answer()
          changed()
        },
      },
      length => crypto.getRandomValues(new Uint8Array(length)),
    )
  }

  async run(): Promise<void> {
    await this.session.connect([])
    if (this.session.state !== 'live') return
    const { least, most } = SILENT_AFTER
    this.#timers.push(
      setTimeout(() => this.#fallSilent(), least + Math.random() * (most - least)),
      setInterval(() => this.#send(), this.#beat.every),
      setInterval(() => this.#look(), LOOK),
    )
    this.#send()
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  #send(): void {
    this.#beats.push(performance.now())
    this.session.script.send(`하트비트 ${this.#beats.length}`)
  }

  /** The page: an answer that is overdue means that nobody is there any more. */
  #look(): void {
    if (this.session.state !== 'live') {
      this.stop()
      return
    }
    const heard = this.session.connection?.script.filter(({ what }) => what === 'message').length ?? 0
    const oldest = this.#beats[heard]
    if (oldest === undefined || performance.now() - oldest < this.#beat.patience) return
    this.stop()
    this.session.script.close(4000, '하트비트에 답이 없습니다')
  }

  #fallSilent(): void {
    this.#silent = true
    if (this.session.player) this.session.player.answers = false
  }

  /** The server: says every message back. */
  #answer(): void {
    const { connection, player } = this.session
    if (!connection) return
    const before = this.#seen
    this.#seen = connection.end
    for (let number = before; number < connection.end; number++) {
      const item = connection.itemAt(number)
      if (item?.kind !== 'frame' || item.from !== 'client' || item.frame.opcode !== OPCODES.text) continue
      if (!this.#silent) player?.say({ opcode: OPCODES.text, payload: item.frame.payload })
    }
  }
}
