import { randomBytes } from 'node:crypto'
import { createHistogram } from 'node:perf_hooks'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { gone, LightClient } from './light-client.ts'
import { LightPage } from './light-page.ts'

/** Bytes of a message, of which the first four are its number. */
const MESSAGE_BYTES = 32
/** Bursts that are made ahead; masking keys are fresh, as browsers' are. */
const PREPARED = 16
/** For what is on its way when they stop. */
const LAST_ANSWERS_MS = 10_000

export interface ReadersSetting {
  readonly port: number
  readonly path: string
  readonly readers: number
  /** Messages that a reader sends at once, and how long it is from one time to the next. */
  readonly burst: number
  readonly everyMs: number
  /** Each has a page that sees its connection: what is mirrored is read too. */
  readonly pages: boolean
}

/** What became of messages, from being written to their echo being read; in milliseconds. */
export interface Waits {
  readonly count: number
  readonly median: number
  readonly p95: number
  readonly p99: number
  readonly worst: number
  /** Connections that ended, answers that are wrong or missing, chunks that pages were not told. */
  readonly errors: number
}

/** Many who talk to an echo for as long as they are let. */
export class Readers {
  readonly #setting: ReadersSetting
  readonly #bursts: readonly Buffer[]
  readonly #waits = createHistogram()
  readonly #clients: LightClient[] = []
  readonly #pages: LightClient[] = []
  readonly #timers: NodeJS.Timeout[] = []
  #onTheWay = 0
  #errors = 0
  #over = false

  private constructor(setting: ReadersSetting) {
    this.#setting = setting
    this.#bursts = Array.from({ length: PREPARED }, () =>
      Buffer.concat(Array.from({ length: setting.burst }, (_, number) => messageOf(number))),
    )
  }

  static async open(setting: ReadersSetting): Promise<Readers> {
    const readers = new Readers(setting)
    for (let number = 0; number < setting.readers; number++) await readers.#openOne()
    return readers
  }

  async #openOne(): Promise<void> {
    const { port, path, pages } = this.#setting
    const client = await LightClient.open(port, pages ? await this.#pathOfPage() : path)
    this.#clients.push(client)
    client.socket.on('close', () => {
      if (!this.#over) this.#errors++
    })
  }

  /** Opens a page, and gives where its ticket leads. */
  async #pathOfPage(): Promise<string> {
    const page = await LightPage.open(this.#setting.port)
    page.onEvent = ({ type }) => {
      if (type === 'dropped' || type === 'error') this.#errors++
    }
    this.#pages.push(page.client)
    page.client.socket.on('close', () => {
      if (!this.#over) this.#errors++
    })
    return page.path()
  }

  /** All begin to talk, each at its own moment. */
  start(): void {
    const { everyMs } = this.#setting
    for (const [number, client] of this.#clients.entries()) {
      const say = this.#teach(client)
      const begin = setTimeout(
        () => {
          say()
          this.#timers.push(setInterval(say, everyMs))
        },
        (number * everyMs) / this.#clients.length,
      )
      this.#timers.push(begin)
    }
  }

  /** Gives what has a client send its next burst. */
  #teach(client: LightClient): () => void {
    const { burst } = this.#setting
    const sentAt: number[] = []
    let received = 0
    let sent = 0
    client.onMessage = payload => {
      const [since] = sentAt
      if (
        since === undefined ||
        payload.length !== MESSAGE_BYTES ||
        payload.readUInt32BE() !== received % burst
      )
        this.#errors++
      // Microseconds, of which a histogram wants at least one.
      else this.#waits.record(Math.max(1, Math.round((performance.now() - since) * 1000)))
      this.#onTheWay--
      if (++received % burst === 0) sentAt.shift()
    }
    return () => {
      if (client.socket.destroyed) return
      sentAt.push(performance.now())
      this.#onTheWay += burst
      client.socket.write(this.#bursts[sent++ % PREPARED] ?? '')
    }
  }

  /** What became of messages since this was asked last. */
  waits(): Waits {
    const at = (percent: number) => (this.#waits.count === 0 ? NaN : this.#waits.percentile(percent) / 1000)
    const waits: Waits = {
      count: this.#waits.count,
      median: at(50),
      p95: at(95),
      p99: at(99),
      worst: at(100),
      errors: this.#errors,
    }
    this.#waits.reset()
    this.#errors = 0
    return waits
  }

  /** All stop talking; answers that do not come in time are errors. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    const overdue = AbortSignal.timeout(LAST_ANSWERS_MS)
    while (this.#onTheWay > 0 && !overdue.aborted) await new Promise(setImmediate)
    this.#errors += this.#onTheWay
    this.#over = true
  }

  /** All go, and are gone. */
  async leave(): Promise<void> {
    this.#over = true
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all([...this.#clients, ...this.#pages].map(({ socket }) => gone(socket.destroy())))
  }
}

function messageOf(number: number): Uint8Array {
  const payload = Buffer.alloc(MESSAGE_BYTES, 'x')
  payload.writeUInt32BE(number)
  return encodeFrame({ opcode: OPCODES.binary, payload, maskingKey: randomBytes(4) })
}
