/** 10,000 who say nothing and 1,000 who talk, on the sandbox and on plain `ws` in the same run. */
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { GeneratorProcess } from './generator-process.ts'
import { ECHO_PATH } from './light-client.ts'
import type { Waits } from './readers.ts'
import type { Report } from './report.ts'
import { ServerProcess, type ServerKind } from './server-process.ts'

export interface LoadScale {
  readonly idle: number
  readonly readers: number
  readonly seconds: number
}

/** What connections may cost, in the memory that those of plain `ws` do. */
const MOST_MEMORY = 1.5
/** Connections that come and go before anything is measured: what is made once is made by then. */
const WARM = 200
/** Of a reader: so many at once, once a second. */
const BURST = 20
/** Beside those that are counted. */
const SPARE = 500

const KIB = 1024
const MB = 1e6

async function startFor(kind: ServerKind, connections: number): Promise<ServerProcess> {
  return ServerProcess.start(kind, { environment: { LIMIT_CONNECTIONS: String(connections + SPARE) } })
}

const pathOn = (kind: ServerKind): string => (kind === 'plain' ? '/' : ECHO_PATH)

/** Bytes of a process that are in memory, as it runs. */
function residentBytes({ child }: ServerProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * KIB
}

interface Idle {
  readonly answering: number
  /** Bytes of a connection: of the process, of its heap, and of the process before anything was collected. */
  readonly resident: number
  readonly heap: number
  readonly uncollected: number
}

async function idle(kind: ServerKind, { idle: count, seconds }: LoadScale): Promise<Idle> {
  const server = await startFor(kind, count)
  const generator = new GeneratorProcess()
  const warming = { port: server.port, path: pathOn(kind), count: WARM }
  await generator.ask('idle', warming)
  await generator.ask('leave')
  const before = await server.holding()
  await generator.ask('idle', { ...warming, count })
  await pause(seconds * 1000)
  const uncollected = residentBytes(server)
  const during = await server.holding()
  const answering = await generator.ask('answering')
  generator.end()
  await server.stop()
  const each = (bytes: number, from: number) => (bytes - from) / count
  return {
    answering,
    resident: each(during.rss, before.rss),
    heap: each(during.heap, before.heap),
    uncollected: each(uncollected, before.rss),
  }
}

export async function measureIdle(report: Report, scale: LoadScale): Promise<void> {
  report.section(`${scale.idle} connections that say nothing, for ${scale.seconds} s`)
  const plain = await idle('plain', scale)
  const sandbox = await idle('sandbox', scale)
  for (const [name, one] of [
    ['plain ws', plain],
    ['the sandbox', sandbox],
  ] as const) {
    report.promise(`on ${name}: all are there`, one.answering === scale.idle, `${one.answering} answer`)
    report.figure(
      `on ${name}: memory of one`,
      `${kib(one.resident)} of the process, ${kib(one.heap)} of its heap (${kib(one.uncollected)} uncollected)`,
    )
  }
  const ratio = sandbox.resident / plain.resident
  report.promise(
    `memory of a connection, of plain ws at most ${MOST_MEMORY}×`,
    ratio <= MOST_MEMORY,
    times(ratio),
  )
}

interface Active extends Waits {
  readonly resident: number
  /** Share of a core. */
  readonly processor: number
}

async function active(kind: ServerKind, pages: boolean, { readers, seconds }: LoadScale): Promise<Active> {
  const server = await startFor(kind, readers * 2)
  const generator = new GeneratorProcess()
  const before = await server.holding()
  const setting = { port: server.port, path: pathOn(kind), readers, burst: BURST, everyMs: 1_000, pages }
  await generator.ask('read', setting)
  await pause(1_000)
  // What was slow while all of them came is not what is asked about.
  const { errors } = await generator.ask('waits')
  const started = performance.now()
  const begun = await server.holding()
  await pause(seconds * 1000)
  const resident = residentBytes(server)
  await generator.ask('stop')
  const waits = await generator.ask('waits')
  const passed = performance.now() - started
  const after = await server.holding()
  await generator.ask('leave')
  generator.end()
  await server.stop()
  return {
    ...waits,
    errors: waits.errors + errors,
    resident: (resident - before.rss) / readers,
    processor: (after.processor - begun.processor) / 1000 / passed,
  }
}

export async function measureActive(report: Report, scale: LoadScale): Promise<void> {
  const { readers, seconds } = scale
  report.section(`${readers} readers with ${BURST} messages a second each, all at once, for ${seconds} s`)
  const plain = await active('plain', false, scale)
  const tapped = await active('sandbox', false, scale)
  const mirrored = await active('sandbox', true, scale)
  for (const [name, one] of [
    ['plain ws', plain],
    ['the sandbox', tapped],
    ['the sandbox, seen by their pages', mirrored],
  ] as const) {
    report.promise(`on ${name}: no error`, one.errors === 0, `${one.count} messages, ${one.errors} errors`)
    report.figure(
      `on ${name}: waits`,
      `median ${ms(one.median)}, p95 ${ms(one.p95)}, p99 ${ms(one.p99)} (${times(one.p99 / plain.p99)}), worst ${ms(one.worst)}`,
    )
    report.figure(
      `on ${name}: takes`,
      `${(one.processor * 100).toFixed(0)} % of a core, ${((one.resident * readers) / MB).toFixed(0)} MB (${kib(one.resident)} a reader)`,
    )
  }
}

const kib = (bytes: number): string => `${(bytes / KIB).toFixed(1)} KiB`
const ms = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`
const times = (ratio: number): string => `${ratio.toFixed(2)}×`
