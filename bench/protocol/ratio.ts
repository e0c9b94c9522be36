/** One way of doing a job; `run` does it once. */
export interface Contestant {
  readonly name: string
  /** Brings the inputs back to what they were; not timed. */
  readonly prepare?: () => void
  readonly run: () => void
}

const ROUNDS = 15
const ROUND_MS = 40

/**
 * Times contestants on the same job in turns, so that a busy machine slows all of them, and gives each one's median
 * milliseconds for one run.
 */
export function compare(contestants: readonly Contestant[]): number[] {
  const runs = contestants.map(contestant => runsFor(contestant))
  const times = contestants.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, contestant] of contestants.entries()) times[i]?.push(time(contestant, runs[i] ?? 1))
  return times.map(median)
}

/** How many runs fill a round, found while warming up. */
function runsFor(contestant: Contestant): number {
  let runs = 1
  while (time(contestant, runs) * runs < ROUND_MS && runs < 1 << 24) runs *= 2
  return runs
}

function time({ prepare, run }: Contestant, runs: number): number {
  if (!prepare) {
    const start = performance.now()
    for (let i = 0; i < runs; i++) run()
    return (performance.now() - start) / runs
  }
  let total = 0
  for (let i = 0; i < runs; i++) {
    prepare()
    const start = performance.now()
    run()
    total += performance.now() - start
  }
  return total / runs
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
