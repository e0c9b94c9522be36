import type { WebSocket } from 'ws'
import { PULSE_EVERY_MS, type Pulse } from '#contract/pulse.ts'
import type { Lab, Surroundings } from './lab.ts'
import { perSandbox } from './per-sandbox.ts'

const MIB = 1024 * 1024
/** Milliseconds between two looks at how late the event loop is. */
const DELAY_LOOK_MS = 10
const round = (value: number) => Math.round(value * 10) / 10

/**
 * How late the event loop was at worst. (`monitorEventLoopDelay` of Node does not see what begins right after a reset, and
 * counts as late what nobody watched.)
 */
class LoopDelay {
  #worst = 0
  #last = 0
  #timer: NodeJS.Timeout | undefined

  watch(): void {
    if (this.#timer) return
    this.#last = performance.now()
    this.#timer = setInterval(() => this.#look(), DELAY_LOOK_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#worst = 0
  }

  /** Milliseconds, at worst since this was asked last. */
  take(): number {
    this.#look()
    const worst = this.#worst
    this.#worst = 0
    return worst
  }

  #look(): void {
    const now = performance.now()
    this.#worst = Math.max(this.#worst, now - this.#last - DELAY_LOOK_MS)
    this.#last = now
  }
}

/** Feels the pulse of one sandbox while anybody looks. */
class Monitor {
  readonly #surroundings: Surroundings
  readonly #lookers = new Set<WebSocket>()
  readonly #delay = new LoopDelay()
  #timer: NodeJS.Timeout | undefined

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  look(webSocket: WebSocket): void {
    this.#lookers.add(webSocket)
    this.#delay.watch()
    this.#timer ??= setInterval(() => this.#tell(), PULSE_EVERY_MS)
    webSocket.on('close', () => {
      this.#lookers.delete(webSocket)
      if (this.#lookers.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
      this.#delay.stop()
    })
  }

  #tell(): void {
    const { connections, sessions, webSockets } = this.#surroundings.holdings()
    const now: Pulse = {
      connections,
      sessions,
      webSockets,
      memory: round(process.memoryUsage.rss() / MIB),
      delay: round(this.#delay.take()),
    }
    const message = JSON.stringify(now)
    for (const each of this.#lookers) if (each.readyState === each.OPEN) each.send(message)
  }
}

const monitorOf = perSandbox(surroundings => new Monitor(surroundings))

/** Says how the sandbox is, every second: what it holds, what that takes, and how late it is. */
export const pulse: Lab = {
  name: 'pulse',
  subprotocols: [],
  serve(webSocket, _query, surroundings) {
    monitorOf(surroundings).look(webSocket)
  },
}
