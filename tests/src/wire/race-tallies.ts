import type { RaceWay } from '#contract/race-ways.ts'
import type { RaceTally } from '#contract/race.ts'

/** A tally of nothing, but for what is given. */
export function tally(way: RaceWay, given: Partial<RaceTally> = {}): RaceTally {
  return {
    at: 0,
    connections: 1,
    requests: 1,
    up: 0,
    down: 0,
    events: 0,
    p50: 0,
    p95: 0,
    max: 0,
    ...given,
    way,
  }
}
