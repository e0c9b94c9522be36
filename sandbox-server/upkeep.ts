import type { WebSocket } from 'ws'
import type { Limits } from './limits.ts'
import type { TapSocket } from './tap.ts'
import type { Watch } from './watch.ts'

const UPKEEP = Symbol('upkeep')
/** Where listeners find it: those that all connections share are less to hold than some of each connection. */
interface Kept {
  [UPKEEP]: Upkeep
}

/**
 * What is done for a WebSocket as long as it is open, with one timer: thousands may be open, and what is held for each is
 * most of the memory that the sandbox needs.
 */
export class Upkeep {
  readonly #webSocket: WebSocket
  readonly #limits: Limits
  readonly #watch: Watch
  /** Of a connection to a lab. */
  readonly #lab: TapSocket | undefined
  readonly #openedAt = performance.now()
  #heardAt = this.#openedAt
  #pingedAt = this.#openedAt
  #answered = true
  #timer: NodeJS.Timeout
  #stalled: NodeJS.Timeout | undefined

  private constructor(webSocket: WebSocket, lab: TapSocket | undefined, limits: Limits, watch: Watch) {
    this.#webSocket = webSocket
    this.#lab = lab
    this.#limits = limits
    this.#watch = watch
    this.#timer = setTimeout(look, this.#wait(this.#openedAt), this)
    Object.assign(webSocket, { [UPKEEP]: this } satisfies Kept)
    webSocket.on('pong', Upkeep.#onPong)
    webSocket.on('close', Upkeep.#onClose)
  }

  /** Pings a page; one that has not answered when the next ping is due is gone. */
  static ofControl(webSocket: WebSocket, limits: Limits, watch: Watch): void {
    new Upkeep(webSocket, undefined, limits, watch)
  }

  /**
   * The same of a lab, which is closed too when nothing is said to it any more, and when it is old. A peer that does not
   * read what it is sent is not read from; its connection is ended when that lasts, or when too much is waiting. To be
   * called after the lab's own listeners, so that it sees what they have sent.
   */
  static ofLab(webSocket: WebSocket, socket: TapSocket, limits: Limits, watch: Watch): void {
    Object.assign(socket, { [UPKEEP]: new Upkeep(webSocket, socket, limits, watch) } satisfies Kept)
    webSocket.on('message', Upkeep.#onMessage)
    // ws answers pings by itself, which is output that the peer commands too.
    webSocket.on('ping', Upkeep.#onPing)
    socket.on('drain', Upkeep.#onDrain)
  }

  static #of(kept: object): Upkeep {
    return (kept as Kept)[UPKEEP]
  }

  static #onPong(this: WebSocket): void {
    Upkeep.#of(this).#answered = true
  }

  static #onClose(this: WebSocket, code: number): void {
    const upkeep = Upkeep.#of(this)
    clearTimeout(upkeep.#timer)
    clearTimeout(upkeep.#stalled)
    upkeep.#watch.closed(upkeep.#lab ? 'lab' : 'control', code, performance.now() - upkeep.#openedAt)
  }

  static #onMessage(this: WebSocket): void {
    const upkeep = Upkeep.#of(this)
    upkeep.#heardAt = performance.now()
    upkeep.#bound()
  }

  static #onPing(this: WebSocket): void {
    Upkeep.#of(this).#bound()
  }

  static #onDrain(this: TapSocket): void {
    const upkeep = Upkeep.#of(this)
    clearTimeout(upkeep.#stalled)
    upkeep.#stalled = undefined
    upkeep.#webSocket.resume()
  }

  /** Does what is due. */
  look(): void {
    const now = performance.now()
    if (this.#lab && now >= this.#openedAt + this.#limits.lifeMs) this.#close('lifeMs', 'open for too long')
    else if (this.#lab && now >= this.#heardAt + this.#limits.idleMs)
      this.#close('idleMs', 'idle for too long')
    else if (now < this.#pingedAt + this.#limits.pingIntervalMs || this.#ping(now))
      this.#timer = setTimeout(look, this.#wait(now), this)
  }

  /** Milliseconds until something is due. */
  #wait(now: number): number {
    const { pingIntervalMs, idleMs, lifeMs } = this.#limits
    const ping = this.#pingedAt + pingIntervalMs
    const due = this.#lab ? Math.min(ping, this.#heardAt + idleMs, this.#openedAt + lifeMs) : ping
    return Math.ceil(due - now)
  }

  /** Whether the peer is there. */
  #ping(now: number): boolean {
    this.#pingedAt = now
    // A peer we do not read from cannot be heard: the stall limit ends that.
    if (this.#webSocket.isPaused) return true
    if (!this.#answered) {
      this.#end('pingIntervalMs')
      return false
    }
    this.#answered = false
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping()
    return true
  }

  /** Looks at what waits for the peer. */
  #bound(): void {
    if (this.#webSocket.bufferedAmount > this.#limits.outgoingEndBytes) this.#end('outgoingEndBytes')
    if (this.#stalled || !this.#lab?.writableNeedDrain) return
    this.#webSocket.pause()
    this.#stalled = setTimeout(() => this.#end('stallMs'), this.#limits.stallMs)
  }

  #close(limit: 'idleMs' | 'lifeMs', reason: string): void {
    this.#watch.limit(limit)
    this.#webSocket.close(1001, reason)
  }

  #end(limit: 'pingIntervalMs' | 'outgoingEndBytes' | 'stallMs'): void {
    this.#watch.limit(limit)
    this.#webSocket.terminate()
  }
}

/** One function for all timers: a closure for each would be one more thing that is held. */
function look(upkeep: Upkeep): void {
  upkeep.look()
}
