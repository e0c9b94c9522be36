import { partsOf, type ProgressRecord, type Records } from './records.ts'

/** Days after which a missed question is asked again, each time it was right; after the last it leaves the deck. */
export const PAUSES: readonly number[] = [1, 3, 7]

/**
 * The record of a question that was just answered. One that was missed is in the deck from now on. Right answers take
 * it out again, one pause after the other; those given before it was due change nothing about that.
 */
export function graded(
  before: ProgressRecord | undefined,
  answer: string,
  right: boolean,
  now: number,
): Omit<ProgressRecord, 'at'> {
  if (!right) return { answer, right, round: 0, due: now }
  if (before?.due === undefined) return { answer, right }
  const round = before.round ?? 0
  if (before.due > now) return { answer, right, round, due: before.due }
  const pause = PAUSES[round]
  return pause === undefined
    ? { answer, right }
    : { answer, right, round: round + 1, due: daysLater(now, pause) }
}

/** The beginning of the day, where the reader is, that many days later. */
function daysLater(now: number, days: number): number {
  const date = new Date(now)
  date.setHours(0, 0, 0, 0)
  date.setDate(date.getDate() + days)
  return date.getTime()
}

export interface Deck {
  /** Keys of the questions to ask now, the longest due first. */
  readonly now: readonly string[]
  /** How many will be asked later, and from when the first of them. */
  readonly later: { readonly count: number; readonly from: number }
}

/** The questions that were missed. One whose outcome is not known yet is asked for once: its lesson tells. */
export function deckOf(records: Records, now: number): Deck {
  const missed = [...records].flatMap(([key, { right, due = right === undefined ? 0 : undefined }]) =>
    partsOf('question', key) && due !== undefined ? [{ key, due }] : [],
  )
  const sorted = missed.toSorted((a, b) => a.due - b.due)
  const later = sorted.filter(({ due }) => due > now)
  return {
    now: sorted.filter(({ due }) => due <= now).map(({ key }) => key),
    later: { count: later.length, from: later[0]?.due ?? Infinity },
  }
}
