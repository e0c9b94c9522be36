import type { Place, Snapshot } from '#contract/arena.ts'

/** A snapshot, and when it came, in milliseconds. */
export interface Arrived {
  readonly at: number
  readonly snapshot: Snapshot
}

/** How far behind the last snapshot a game is drawn, in milliseconds: two ticks, so that there are two to draw between. */
export const BEHIND_MS = 100

/** Snapshots that are kept to draw between. */
export const KEPT_SNAPSHOTS = 10

/**
 * Where everybody is drawn at a moment: between the snapshots before and behind it. A player that only one of the two
 * knows is where that one says.
 * @param arrived oldest first
 */
export function placesAt(arrived: readonly Arrived[], at: number): ReadonlyMap<number, Place> {
  const after = arrived.findIndex(each => each.at > at)
  const to = arrived.at(after)
  const from = after === -1 ? to : (arrived[after - 1] ?? to)
  if (!from || !to) return new Map()
  const share = to.at === from.at ? 1 : (at - from.at) / (to.at - from.at)
  return new Map(
    [...to.snapshot.players].map(([number, place]) => {
      const before = from.snapshot.players.get(number) ?? place
      return [number, between(before, place, share)]
    }),
  )
}

function between(from: Place, to: Place, share: number): Place {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}
