import type { WebSocket } from 'ws'
import { FrameGate, type Failure } from './frame-gate.ts'
import type { Limits } from './limits.ts'
import type { Inspector, TapSocket } from './tap.ts'
import type { TokenBucket } from './token-bucket.ts'
import type { Watch } from './watch.ts'

/** RFC 6455 §7.4.1: what violates the endpoint's policy. */
const TOO_SLOW = { closeCode: 1008, reason: 'a frame takes too long', limit: 'frameMs' } as const

/**
 * Has `ws` read only frames that break no rule, are not too many, and come to an end.
 * @param rest what came behind the request
 * @param rate of messages and control frames
 */
export function guard(
  webSocket: WebSocket,
  socket: TapSocket,
  rest: Buffer<ArrayBuffer>,
  rate: TokenBucket,
  limits: Limits,
  watch: Watch,
): void {
  const guarding = new Guard(webSocket, rate, limits, watch)
  socket.inspector = guarding
  const early = guarding.admit(rest)
  if (early.length > 0) socket.unshift(early)
}

class Guard implements Inspector {
  readonly #webSocket: WebSocket
  readonly #limits: Limits
  readonly #watch: Watch
  readonly #gate: FrameGate
  /** The frame that has begun and not ended, and the time that it has. */
  #unfinished: { readonly number: number; readonly timer: NodeJS.Timeout } | undefined
  #looksAfterEnd = false

  constructor(webSocket: WebSocket, rate: TokenBucket, limits: Limits, watch: Watch) {
    this.#webSocket = webSocket
    this.#limits = limits
    this.#watch = watch
    this.#gate = new FrameGate(limits.messageBytes, rate, webSocket.extensions !== '')
  }

  admit(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    const before = this.#gate.failure
    const admitted = this.#gate.push(bytes)
    const { failure } = this.#gate
    if (failure && failure !== before) this.#tell(failure)
    this.#time(this.#gate.unfinished)
    return admitted
  }

  #tell({ closeCode, limit }: Failure): void {
    if (limit) this.#watch.limit(limit)
    else this.#watch.violation(String(closeCode))
  }

  /** @param number of the frame that has begun and not ended */
  #time(number: number | undefined): void {
    if (number === this.#unfinished?.number) return
    clearTimeout(this.#unfinished?.timer)
    this.#unfinished = undefined
    if (number === undefined) return
    this.#begin(number)
    if (this.#looksAfterEnd) return
    // Only now: most connections never begin a frame without ending it, and listeners are memory.
    this.#looksAfterEnd = true
    this.#webSocket.on('close', () => clearTimeout(this.#unfinished?.timer))
  }

  #begin(number: number): void {
    this.#unfinished = { number, timer: setTimeout(() => this.#overdue(number), this.#limits.frameMs) }
  }

  #overdue(number: number): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return
    // Of a peer we do not read from the rest may long be here: the stall limit ends that.
    if (this.#webSocket.isPaused) {
      this.#begin(number)
      return
    }
    this.#tell(TOO_SLOW)
    this.#webSocket.close(TOO_SLOW.closeCode, TOO_SLOW.reason)
  }
}
