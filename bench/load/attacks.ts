import { connect, type Socket } from 'node:net'
import { headLength } from '#protocol/http-head.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { gone } from './light-client.ts'

/** How often each outcome came. */
export type Tally = Readonly<Record<string, number>>

/** A TCP client that writes what it likes, and says what came of it. */
export class Attacker {
  readonly socket: Socket
  readonly #read: Buffer[] = []

  private constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    // To be cut off is what it is here for.
    this.socket.on('error', () => {})
    this.socket.on('data', (bytes: Buffer) => this.#read.push(bytes))
  }

  /** Connects and begins to write; nothing that comes back is waited for. */
  static begin(port: number, bytes: string | Uint8Array): Attacker {
    const attacker = new Attacker(port)
    attacker.socket.write(bytes)
    return attacker
  }

  /** The same, and waits until it is in, or is not. */
  static async enter(port: number, request: string): Promise<Attacker> {
    const attacker = Attacker.begin(port, request)
    while (attacker.#head() === undefined && !attacker.#isOver()) await attacker.#next()
    return attacker
  }

  /** Status of the answer; undefined without a whole one. */
  get status(): number | undefined {
    const head = this.#head()
    return head === undefined ? undefined : Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
  }

  /**
   * Waits until the server ends, ends too, and says what was answered: `HTTP 408`, `Close 1008`, or that there was
   * nothing of the kind.
   */
  async outcome(): Promise<string> {
    while (!this.#isOver()) await this.#next()
    this.socket.destroy()
    const { status } = this
    if (status === undefined) return 'no answer'
    if (status !== 101) return `HTTP ${status}`
    const wire = Buffer.concat(this.#read)
    const frames = new FrameParser().push(wire.subarray(headLength(wire)))
    const close = frames.find(({ opcode }) => opcode === OPCODES.close)
    if (!close) return 'no Close'
    return `Close ${close.payload.length < 2 ? 'without a code' : Buffer.from(close.payload).readUInt16BE()}`
  }

  /** Goes with an RST. */
  async reset(): Promise<string> {
    this.socket.resetAndDestroy()
    await gone(this.socket)
    return 'went'
  }

  #head(): string | undefined {
    const wire = Buffer.concat(this.#read)
    const length = headLength(wire)
    return length === undefined ? undefined : wire.toString('latin1', 0, length)
  }

  #isOver(): boolean {
    return this.socket.readableEnded || this.socket.destroyed
  }

  #next(): Promise<void> {
    return new Promise(resolve => {
      const events = ['data', 'end', 'close']
      const done = () => {
        for (const event of events) this.socket.off(event, done)
        resolve()
      }
      for (const event of events) this.socket.on(event, done)
    })
  }
}

/** Between two looks at whether more are due. */
const TICK_MS = 10

/** Begins so many a second for so long, whatever became of those before, and gives what became of all. */
export async function repeat(
  perSecond: number,
  seconds: number,
  act: (number: number) => Promise<string>,
): Promise<Tally> {
  const tally: Record<string, number> = {}
  const acts: Promise<void>[] = []
  const begin = performance.now()
  const most = Math.max(1, Math.round(perSecond * seconds))
  await new Promise<void>(done => {
    const timer = setInterval(() => {
      const due = Math.min(most, Math.floor((perSecond * (performance.now() - begin)) / 1000) + 1)
      while (acts.length < due)
        acts.push(
          act(acts.length).then(outcome => {
            tally[outcome] = (tally[outcome] ?? 0) + 1
          }),
        )
      if (acts.length < most) return
      clearInterval(timer)
      done()
    }, TICK_MS)
  })
  await Promise.all(acts)
  return tally
}
