import { RACE_WAYS, type RaceWay } from '#contract/race-ways.ts'
import type { RaceSettings, RaceTally } from '#contract/race.ts'

/** A race that was run to its end. */
export interface RaceResult {
  readonly settings: RaceSettings
  /** How many times as many bytes the reader expected polling to need as WebSocket, if they said so before. */
  readonly guess: number | undefined
  /** The last of each way. */
  readonly tallies: readonly RaceTally[]
}

/** The last tally of each way, in the order of `RACE_WAYS`. */
export function lastTallies(tallies: readonly RaceTally[]): RaceTally[] {
  return RACE_WAYS.flatMap(way => tallies.findLast(tally => tally.way === way) ?? [])
}

export function tallyOf(tallies: readonly RaceTally[], way: RaceWay): RaceTally | undefined {
  return tallies.findLast(tally => tally.way === way)
}

/** Bytes that crossed, both ways. */
export function bytesOf({ up, down }: RaceTally): number {
  return up + down
}

/** Bytes for each event that arrived; undefined when none did. */
export function bytesPerEvent(tally: RaceTally): number | undefined {
  return tally.events === 0 ? undefined : bytesOf(tally) / tally.events
}

/** How many times as many bytes one way needs for each event as another; undefined before both have heard of one. */
export function ratioOf(tallies: readonly RaceTally[], way: RaceWay, to: RaceWay): number | undefined {
  const [one, other] = [way, to].map(each => {
    const tally = tallyOf(tallies, each)
    return tally && bytesPerEvent(tally)
  })
  return one === undefined || other === undefined ? undefined : one / other
}

/** Bytes of each way over time: a column of seconds, and one of bytes for each way. */
export function bytesOverTime(tallies: readonly RaceTally[]): {
  readonly seconds: readonly number[]
  readonly bytes: Readonly<Record<RaceWay, readonly number[]>>
} {
  const of = (way: RaceWay) => tallies.filter(tally => tally.way === way)
  const seconds = of('websocket').map(({ at }) => at / 1000)
  const bytes = Object.fromEntries(
    RACE_WAYS.map(way => [way, of(way).map(bytesOf).slice(0, seconds.length)]),
  ) as Record<RaceWay, number[]>
  return { seconds, bytes }
}

const COLUMNS = ['at', 'connections', 'requests', 'up', 'down', 'events', 'p50', 'p95', 'max'] as const

/** Every tally as a line of CSV (RFC 4180); times in milliseconds. */
export function raceCsv(tallies: readonly RaceTally[]): string {
  const lines = tallies.map(tally => [tally.way, ...COLUMNS.map(column => round(tally[column]))].join(','))
  return [['way', ...COLUMNS].join(','), ...lines, ''].join('\r\n')
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
