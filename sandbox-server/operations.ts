import { once } from 'node:events'
import pino, { type DestinationStream, type Logger } from 'pino'
import type { BusState } from '#contract/events.ts'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Clock } from './clock.ts'
import type { LogLevel } from './config.ts'
import type { Limits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'
import type { Kind, Watch } from './watch.ts'

/** Lines of the log at once, and then a second: whoever floods the sandbox is not to flood its log. */
const LOG_RATE = { perSecond: 20, burst: 200 }
/** Bytes of the log that wait for a slow reader of it; what comes then is thrown away. */
const LOG_WAITING_BYTES = 1024 * 1024
/** Milliseconds for what waits of the log when the process stops. */
const LOG_ENDING_MS = 500
/** Seconds that a connection was open. */
const LIFETIMES = [1, 10, 60, 600, 3600]

const PREFIX = 'anatomy_'

interface OperationsOptions {
  readonly clock: Clock
  readonly log: Logger
  /** What is held at this moment, by name. */
  readonly holdings: () => Readonly<Record<string, number>>
}

/** What an operator sees: metrics of Prometheus, and a log of one JSON object a line. */
export class Operations implements Watch {
  readonly #registry = new Registry()
  readonly #log: Logger
  readonly #rate: TokenBucket
  #suppressed = 0
  readonly #limits = this.#counter('limit_hits_total', 'Limits that were hit.', ['limit'])
  readonly #refusals = this.#counter('refusals_total', 'Requests that were answered otherwise.', ['status'])
  readonly #violations = this.#counter('violations_total', 'Rules that peers broke.', ['rule'])
  readonly #opened = this.#counter('web_sockets_opened_total', 'WebSockets that were opened.', ['kind'])
  readonly #closed = this.#counter('web_sockets_closed_total', 'WebSockets that ended.', ['kind', 'code'])
  readonly #dropped = this.#counter('mirror_dropped_chunks_total', 'Chunks that pages were too slow for.', [])
  readonly #busStates = this.#counter('bus_states_total', 'How often the bus was connected, and lost.', [
    'state',
  ])
  readonly #lifetimes = new Histogram({
    name: `${PREFIX}web_socket_seconds`,
    help: 'How long WebSockets were open.',
    labelNames: ['kind'],
    buckets: LIFETIMES,
    registers: [this.#registry],
  })

  constructor({ clock, log, holdings }: OperationsOptions) {
    this.#log = log
    this.#rate = new TokenBucket(clock, LOG_RATE)
    const held = new Gauge({
      name: `${PREFIX}held`,
      help: 'What is held at this moment.',
      labelNames: ['what'],
      registers: [this.#registry],
      collect: () => {
        for (const [what, count] of Object.entries(holdings())) held.set({ what }, count)
      },
    })
  }

  /** Measures the process too: memory, CPU time, the delay of the event loop. One of each process. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.#registry })
  }

  /** In the text format of Prometheus, and its media type. */
  async metrics(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() }
  }

  limit(limit: keyof Limits): void {
    this.#limits.inc({ limit })
    this.#write('warn', { event: 'limit', limit })
  }

  refused(status: number): void {
    this.#refusals.inc({ status })
    this.#write('info', { event: 'refused', status })
  }

  violation(rule: string): void {
    this.#violations.inc({ rule })
    this.#write('info', { event: 'violation', rule })
  }

  opened(kind: Kind, lab?: string): void {
    this.#opened.inc({ kind })
    this.#write('info', { event: 'opened', kind, lab })
  }

  closed(kind: Kind, code: number, milliseconds: number): void {
    this.#closed.inc({ kind, code })
    this.#lifetimes.observe({ kind }, milliseconds / 1000)
    this.#write('info', { event: 'closed', kind, code, milliseconds: Math.round(milliseconds) })
  }

  dropped(chunks: number): void {
    this.#dropped.inc(chunks)
  }

  bus(state: BusState): void {
    this.#busStates.inc({ state })
    this.#write(state === 'lost' ? 'warn' : 'info', { event: 'bus', state })
  }

  #write(level: 'info' | 'warn', line: Readonly<Record<string, unknown>>): void {
    if (!this.#log.isLevelEnabled(level)) return
    if (!this.#rate.take()) {
      this.#suppressed++
      return
    }
    if (this.#suppressed > 0) this.#log.warn({ event: 'suppressed', lines: this.#suppressed })
    this.#suppressed = 0
    this.#log[level](line)
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
    })
  }
}

/**
 * A log that goes to the standard error stream, and costs nobody their connection when that cannot be written to.
 * @returns `end`: writes what waits, and resolves when that is done or has taken too long
 */
export function logToStandardError(level: LogLevel): { log: Logger; end: () => Promise<void> } {
  const destination = pino.destination({ fd: 2, sync: false, maxLength: LOG_WAITING_BYTES })
  // A full disk, or a pipe that nobody reads: what is lost is the log.
  destination.on('error', () => {})
  // pino would write what waits at the exit, for as long as that takes: with nobody to read it the process would stay.
  process.prependListener('exit', () => destination.destroy())
  const end = async () => {
    const ended = once(destination, 'close', { signal: AbortSignal.timeout(LOG_ENDING_MS) })
    destination.end()
    await ended.catch(() => {})
  }
  return { log: logTo(destination, level), end }
}

/** @param destination takes one line of JSON at a time */
export function logTo(destination: DestinationStream, level: LogLevel): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}

/** A log that nobody reads. */
export function noLog(): Logger {
  return pino({ level: 'silent' })
}
