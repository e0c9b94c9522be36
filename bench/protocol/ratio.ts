/** One way of doing a job; `run` does it once. */
export interface Contestant {
  /** Brings the inputs back to what they were; not timed. */
  readonly prepare?: () => void
  readonly run: () => void
}

const ROUNDS = 30
const ROUND_MS = 15

/**
 * Times contestants on the same job in turns and gives each one's milliseconds for one run in its best round: what
 * else the machine does can only slow a round down.
 */
export function compare(contestants: readonly Contestant[]): number[] {
  const runs = contestants.map(runsFor)
  const best = contestants.map(() => Infinity)
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, contestant] of contestants.entries())
      best[i] = Math.min(best[i] ?? Infinity, time(contestant, runs[i] ?? 1))
  return best
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
