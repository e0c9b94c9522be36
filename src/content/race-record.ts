import { RACE_WAYS, type RaceWay } from '#contract/race-ways.ts'
import type { RaceSettings, RaceTally } from '#contract/race.ts'
import { bytesOf, bytesPerEvent, ratioOf, tallyOf } from '../wire/race-figures.ts'
import { RecordedError } from './recorded.ts'

/** A race as it was recorded for a lesson, in `races/<name>.json`. */
export interface RaceRecord {
  /** Whose header fields were sent. */
  readonly client: string
  readonly recordedAt: string
  readonly settings: RaceSettings
  /** In the order in which they were told. */
  readonly tallies: readonly RaceTally[]
}

const READ: Readonly<Record<string, (tally: RaceTally) => number | undefined>> = {
  up: ({ up }) => up,
  down: ({ down }) => down,
  bytes: bytesOf,
  perEvent: bytesPerEvent,
  requests: ({ requests }) => requests,
  connections: ({ connections }) => connections,
  events: ({ events }) => events,
  p50: ({ p50 }) => p50,
  p95: ({ p95 }) => p95,
  max: ({ max }) => max,
}

/**
 * A figure of a recorded race, as lessons print it: `<way>.` + `up`, `down`, `bytes`, `perEvent` (bytes), `requests`,
 * `connections`, `events`, `p50`, `p95`, `max` (milliseconds); `ratio.<way>.<way>` of bytes for each event;
 * `setting.` + a setting.
 * @throws RecordedError when there is no such figure
 */
export function measuredValue(name: string, race: RaceRecord, path: string): string {
  const value = read(race, path)
  if (value === undefined) throw new RecordedError(`the race "${name}" has no "${path}"`)
  const digits = value < 10 && !Number.isInteger(value) ? 1 : 0
  return value.toLocaleString('ko', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function read({ tallies, settings }: RaceRecord, path: string): number | undefined {
  const [first = '', second = '', third = ''] = path.split('.')
  if (first === 'setting') {
    const set: Readonly<Record<string, unknown>> = settings
    return typeof set[second] === 'number' ? set[second] : undefined
  }
  if (first === 'ratio') return isWay(second) && isWay(third) ? ratioOf(tallies, second, third) : undefined
  const tally = isWay(first) ? tallyOf(tallies, first) : undefined
  return tally && READ[second]?.(tally)
}

function isWay(name: string): name is RaceWay {
  return RACE_WAYS.some(way => way === name)
}
