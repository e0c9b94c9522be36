import type { Told } from '#contract/gathering.ts'

type Said = Extract<Told, { number: number }>

/** What a room has told so far, as a page shows it. */
export interface Gathered {
  readonly people: readonly string[]
  /** Words, posts and notices, in the order of their numbers. */
  readonly said: readonly Said[]
  /** Numbers of the notices that were read. */
  readonly read: ReadonlySet<number>
  /** Who is typing, and when that was heard, in milliseconds. */
  readonly typing: ReadonlyMap<string, number>
  /** Number of the last that was heard. */
  readonly last: number
}

export const NOTHING_YET: Gathered = { people: [], said: [], read: new Set(), typing: new Map(), last: 0 }

/** Most that is shown. */
const SHOWN = 50

/**
 * What there is to show after one more was told. What was heard before is not heard again, so that whoever comes back may
 * be told some of it twice.
 * @param now milliseconds
 */
export function gather(before: Gathered, told: Told, now: number): Gathered {
  if (told.kind === 'people') return { ...before, people: told.people }
  if (told.kind === 'fault') return before
  if (told.kind === 'typing') return { ...before, typing: new Map(before.typing).set(told.from, now) }
  if (told.number <= before.last) return before
  const typing = new Map(before.typing)
  typing.delete(told.from)
  const after = { ...before, typing, last: told.number }
  if (told.kind === 'read') return { ...after, read: new Set(before.read).add(Number(told.text)) }
  return { ...after, said: [...before.said, told].slice(-SHOWN) }
}
