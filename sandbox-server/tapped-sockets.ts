import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Capture, Captured, Viewer } from './captures.ts'
import type { Clock } from './clock.ts'
import { FirstBytes } from './first-bytes.ts'
import type { Limits } from './limits.ts'
import { readHigherMinorVersions } from './minor-version.ts'
import { TapSocket } from './tap.ts'

/** Whose connection it is, and under which number. */
export interface Capturing extends Captured {
  readonly session: Viewer
}

/** Every TCP connection of the sandbox, and what each began with as long as it is open whose that is. */
export class TappedSockets {
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #open = new Map<TapSocket, FirstBytes | undefined>()
  /** Captures that began before there was a request. */
  readonly #captures = new WeakMap<TapSocket, Capture>()

  /** Listens to every one of them. */
  readonly #forget: (this: TapSocket) => void

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    const open = this.#open
    this.#forget = function () {
      open.delete(this)
    }
  }

  get size(): number {
    return this.#open.size
  }

  /** Taps a new connection; one that is known to be a session's is captured from its first byte. */
  tap(raw: Socket, capturing: Capturing | undefined): TapSocket {
    const { undecidedBytes, outgoingPauseBytes: writableHighWaterMark, lingerMs } = this.#limits
    const sink = capturing ? undefined : new FirstBytes(undecidedBytes)
    const socket = new TapSocket(raw, {
      clock: this.#clock,
      ...(sink && { sink }),
      writableHighWaterMark,
      lingerMs,
    })
    readHigherMinorVersions(socket)
    if (capturing) this.#captures.set(socket, capturing.session.capture(socket, undefined, capturing))
    this.#open.set(socket, sink)
    socket.on('close', this.#forget)
    return socket
  }

  /** The capture of a connection that a session's page plays the client of. */
  captureOf(socket: Duplex): Capture | undefined {
    return socket instanceof TapSocket ? this.#captures.get(socket) : undefined
  }

  /** Switches the tap off, and gives what it held to whoever decides about it. */
  takeFirstBytes(socket: Duplex): FirstBytes | undefined {
    if (!(socket instanceof TapSocket) || !this.#open.has(socket)) return undefined
    const first = this.#open.get(socket)
    this.#open.set(socket, undefined)
    if (first && socket.sink === first) socket.sink = undefined
    return first
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy()
  }
}
