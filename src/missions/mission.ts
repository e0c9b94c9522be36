import type { CapturedConnection } from '../wire/captured-connection.ts'
import type { RaceResult } from '../wire/race-figures.ts'

/** What the wire says of a mission. `near` is a hint at what the reader's last try lacked. */
export type Verdict = { readonly passed: true } | { readonly passed: false; readonly near?: string }

/** Judges what a lab has captured and counted since the page was opened, oldest first; called again as it grows. */
export type Mission = (connections: readonly CapturedConnection[], races?: readonly RaceResult[]) => Verdict

export const PASSED: Verdict = { passed: true }
export const NOT_YET: Verdict = { passed: false }

/** A mission that one connection alone decides: the latest. */
export function ofLatest(judge: (connection: CapturedConnection) => Verdict): Mission {
  return connections => {
    const latest = connections.at(-1)
    return latest === undefined ? NOT_YET : judge(latest)
  }
}
