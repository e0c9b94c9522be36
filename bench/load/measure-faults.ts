import { setTimeout as pause } from 'node:timers/promises'
import { limitVariable, type Limits } from '../../sandbox-server/limits.ts'
import type { Tally } from './attacks.ts'
import { ALONE } from './alone.ts'
import { FAULTS, type Fault } from './faults.ts'
import { GeneratorProcess } from './generator-process.ts'
import type { Holding } from './holding.ts'
import { ECHO_PATH } from './light-client.ts'
import type { Waits } from './readers.ts'
import type { Report } from './report.ts'
import { ServerProcess } from './server-process.ts'

/**
 * Readers are listened to so often without a fault and with it, in turns, each time for so long. Other work of the machine
 * falls into either; what is compared is the median of the times.
 */
const TURNS = 3
const TURN_SECONDS = 5
/** Readers beside a fault, and how often each speaks. */
const READERS = { readers: 50, burst: 1, everyMs: 100, pages: false }
/** What other readers may wait, of what they did before. */
const MOST_WAIT = 2
/** How much of its memory a server may have more than where it began. */
const MOST_MEMORY = 0.1
/** Rounds of all faults after which the heap is compared, and what it may have grown by. */
const ROUNDS = 10
const MOST_HEAP = 0.05
/** Rounds that are not compared: what is made once is made by then. */
const WARM_ROUNDS = 2
/** How long those who do it come in a round, how many of them when all come at once, and the limits that would make it long. */
const ROUND_SECONDS = 2
const ROUND_SHARE = 0.25
const HURRIED: Partial<Limits> = {
  headMs: 1_000,
  requestMs: 2_000,
  frameMs: 1_000,
  stallMs: 2_000,
  closingHandshakeMs: 500,
}
/** For a server to be rid of what it held: its longest limit, and some more. */
const SETTLING_MS = 45_000
const LOOK_MS = 100

/** Whoever asks the sandbox about itself is a connection too. */
const ASKING = 2

export function environmentOf(limits: Partial<Limits> = {}): Record<string, string> {
  return {
    // Readers come from this machine, and one fault from one address that a proxy names.
    TRUSTED_PROXIES: '127.0.0.1',
    ...Object.fromEntries(
      Object.entries(limits).map(([name, value]) => [limitVariable(name), String(value)]),
    ),
  }
}

/** Waits until nobody is left but those who are meant to be; gives how many are. */
export async function settled(server: ServerProcess, connections: number): Promise<number> {
  const end = performance.now() + SETTLING_MS
  for (;;) {
    const held = await server.metric('held', 'what="connections"')
    if (held <= connections + ASKING || performance.now() > end)
      return Math.max(0, held - connections - ASKING)
    await pause(LOOK_MS)
  }
}

/** What is wrong with what came of a fault; undefined: nothing. */
export function faultIn(tally: Tally, { answers, mustSee }: Fault): string | undefined {
  const wrong = Object.keys(tally).filter(outcome => !answers.test(outcome))
  if (wrong.length > 0) return `answered ${wrong.join(', ')}`
  return tally[mustSee] === undefined ? `nobody was answered ${mustSee}` : undefined
}

export function countedBy(server: ServerProcess, { counted }: Fault): Promise<number> {
  if (!counted) return Promise.resolve(1)
  return 'limit' in counted
    ? server.metric('limit_hits_total', `limit="${counted.limit}"`)
    : server.metric('refusals_total', `status="${counted.status}"`)
}

function sumOf(tallies: readonly Tally[]): Tally {
  const sum: Record<string, number> = {}
  for (const [outcome, count] of tallies.flatMap(tally => Object.entries(tally)))
    sum[outcome] = (sum[outcome] ?? 0) + count
  return sum
}

/** The median of several times. */
function p95Of(times: readonly Waits[]): number {
  return times.map(({ p95 }) => p95).toSorted((a, b) => a - b)[times.length >> 1] ?? NaN
}

const told = (tally: Tally): string =>
  Object.entries(tally)
    .map(([outcome, count]) => `${count} × ${outcome}`)
    .join(', ')

const grown = (now: Holding, from: Holding, what: 'heap' | 'rss'): number => now[what] / from[what] - 1
const percent = (share: number): string => `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`

/** Each fault beside readers, on one server with the limits that it has by default. */
export async function measureFaults(report: Report): Promise<void> {
  report.section(`faults, beside ${READERS.readers} readers; what they wait is the 95th percentile`)
  const server = await ServerProcess.start('sandbox', { environment: environmentOf() })
  const attackers = new GeneratorProcess()
  const readers = new GeneratorProcess()
  await readers.ask('read', { ...READERS, port: server.port, path: ECHO_PATH })
  // Once each, so that what is made once is there when it is first compared.
  for (const { name } of FAULTS)
    await attackers.ask('attack', { port: server.port, name, seconds: 1, perSecond: 5 })
  await settled(server, READERS.readers)
  const began = await server.holding()
  for (const fault of FAULTS) {
    const { name, perSecond, seconds = TURN_SECONDS * TURNS } = fault
    const countedBefore = await countedBy(server, fault)
    const undisturbed: Waits[] = []
    const disturbed: Waits[] = []
    const tallies: Tally[] = []
    for (let turn = 0; turn < TURNS; turn++) {
      await readers.ask('waits')
      await pause(TURN_SECONDS * 1000)
      undisturbed.push(await readers.ask('waits'))
      const attacking = attackers.ask('attack', {
        port: server.port,
        name,
        seconds: seconds / TURNS,
        perSecond,
      })
      // While more of them come; what is left of them then is waited for.
      await pause((seconds / TURNS) * 1000)
      disturbed.push(await readers.ask('waits'))
      tallies.push(await attacking)
    }
    const tally = sumOf(tallies)
    const [usual, beside] = [p95Of(undisturbed), p95Of(disturbed)]
    const left = await settled(server, READERS.readers)
    const holding = await server.holding()
    const wrong = faultIn(tally, fault)
    const isCounted = !fault.counted || (await countedBy(server, fault)) > countedBefore
    const errors = [...undisturbed, ...disturbed].reduce((sum, waits) => sum + waits.errors, 0)
    report.promise(
      `${name}: as documented`,
      wrong === undefined && isCounted,
      `${told(tally)}${wrong === undefined ? '' : `: ${wrong}`}${isCounted ? '' : '; not in the metrics'}`,
    )
    report.promise(
      `${name}: others wait ${MOST_WAIT}× at most`,
      beside <= usual * MOST_WAIT && errors === 0,
      `${beside.toFixed(2)} ms of ${usual.toFixed(2)} ms (${(beside / usual).toFixed(2)}×), ${errors} errors`,
    )
    report.promise(
      `${name}: memory comes back`,
      left === 0 &&
        grown(holding, began, 'rss') <= MOST_MEMORY &&
        grown(holding, began, 'heap') <= MOST_MEMORY,
      `process ${percent(grown(holding, began, 'rss'))}, heap ${percent(grown(holding, began, 'heap'))}, ${left} connections left`,
    )
  }
  await readers.ask('stop')
  attackers.end()
  readers.end()
  report.promise(
    'no uncaught exception',
    server.isRunning && server.strayLines.length === 0,
    server.strayLines.join(' ') || 'none',
  )
  report.promise('the server ends well', (await server.stop()) === 0, `exit code ${server.child.exitCode}`)
}

/** All faults at once, again and again. */
export async function measureLeaks(report: Report): Promise<void> {
  report.section(`leaks: ${ROUNDS} rounds of all faults at once`)
  const server = await ServerProcess.start('sandbox', { environment: environmentOf(HURRIED) })
  const attackers = FAULTS.map(fault => ({ fault, generator: new GeneratorProcess() }))
  const holdings: Holding[] = []
  for (let round = 0; round < ROUNDS + WARM_ROUNDS; round++) {
    await Promise.all(
      attackers.map(({ fault: { name, perSecond }, generator }) =>
        generator.ask('attack', {
          port: server.port,
          name,
          seconds: ROUND_SECONDS,
          perSecond: perSecond * ROUND_SHARE,
        }),
      ),
    )
    await settled(server, 0)
    if (round >= WARM_ROUNDS - 1) holdings.push(await server.holding())
  }
  for (const { generator } of attackers) generator.end()
  const [first, last] = [holdings[0], holdings.at(-1)]
  if (!first || !last) throw new Error('nothing was compared')
  report.figure('heap after each', holdings.map(({ heap }) => (heap / 1e6).toFixed(1)).join(' ') + ' MB')
  report.promise(
    `heap grows by ${MOST_HEAP * 100} % at most`,
    grown(last, first, 'heap') <= MOST_HEAP,
    percent(grown(last, first, 'heap')),
  )
  report.promise(
    `the process grows by ${MOST_MEMORY * 100} % at most`,
    grown(last, first, 'rss') <= MOST_MEMORY,
    percent(grown(last, first, 'rss')),
  )
  report.promise('file descriptors are back', last.files <= first.files, `${last.files} of ${first.files}`)
  report.promise(
    'no uncaught exception',
    server.isRunning && server.strayLines.length === 0,
    server.strayLines.join(' ') || 'none',
  )
  await server.stop()
}

/** What happens to a server rather than to its port, each on one of its own. */
export async function measureAlone(report: Report): Promise<void> {
  report.section('faults of the machine, each on a server of its own')
  for (const { name, run } of ALONE) {
    const wrong = await run()
    report.promise(name, wrong.length === 0, wrong.join('; ') || 'as documented')
  }
}
