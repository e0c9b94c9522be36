import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { WebSocket } from 'ws'
import { PULSE_EVERY_MS, type Pulse } from '#contract/pulse.ts'
import type { Lab, Surroundings } from './lab.ts'

const MIB = 1024 * 1024
const NS_A_MS = 1e6
const round = (value: number) => Math.round(value * 10) / 10

/** Feels the pulse of one sandbox while anybody looks. */
class Monitor {
  readonly #surroundings: Surroundings
  readonly #lookers = new Set<WebSocket>()
  readonly #delays = monitorEventLoopDelay()
  #timer: NodeJS.Timeout | undefined

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  look(webSocket: WebSocket): void {
    this.#lookers.add(webSocket)
    this.#delays.enable()
    this.#timer ??= setInterval(() => this.#tell(), PULSE_EVERY_MS)
    webSocket.on('close', () => {
      this.#lookers.delete(webSocket)
      if (this.#lookers.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
      this.#delays.disable()
    })
  }

  #tell(): void {
    const { connections, sessions, webSockets } = this.#surroundings.holdings()
    const now: Pulse = {
      connections,
      sessions,
      webSockets,
      memory: round(process.memoryUsage.rss() / MIB),
      delay: round(this.#delays.max / NS_A_MS),
    }
    this.#delays.reset()
    const message = JSON.stringify(now)
    for (const each of this.#lookers) if (each.readyState === each.OPEN) each.send(message)
  }
}

const monitors = new WeakMap<Surroundings, Monitor>()

/** Says how the sandbox is, every second: what it holds, what that takes, and how late it is. */
export const pulse: Lab = {
  name: 'pulse',
  subprotocols: [],
  serve(webSocket, _query, surroundings) {
    const monitor = monitors.get(surroundings) ?? new Monitor(surroundings)
    monitors.set(surroundings, monitor)
    monitor.look(webSocket)
  },
}
