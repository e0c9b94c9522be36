import { KEY, keyOf, type Records } from './records.ts'

/** How far a reader is with a lesson. */
export interface Standing {
  /** `begun`: anything is kept of it. `read`: its end was reached with every question answered. */
  readonly state: 'new' | 'begun' | 'read'
  /** Missions not passed yet; they can wait for a sandbox, so a lesson may be read before. */
  readonly missionsLeft: number
}

/** @param missions how many the lesson has */
export function standingOf(records: Records, lesson: string, missions: number): Standing {
  const parts = [...records.keys()].map(key => KEY.exec(key)).filter(match => match?.[2] === lesson)
  const passed = parts.filter(match => match?.[1] === 'mission').length
  const read = records.has(keyOf('mark', lesson, 'read'))
  return {
    state: read ? 'read' : parts.length > 0 ? 'begun' : 'new',
    missionsLeft: Math.max(0, missions - passed),
  }
}

/** Where the reader was last: the lesson, and the section in it. */
export interface Place {
  readonly lesson: string
  /** Id of the section's heading. */
  readonly section: string
  readonly title: string
}

export function lastPlace(records: Records): Place | undefined {
  let last: Place | undefined
  let at = -1
  for (const [key, record] of records) {
    const [, kind, lesson] = KEY.exec(key) ?? []
    if (kind !== 'place' || lesson === undefined || record.at <= at) continue
    at = record.at
    last = { lesson, section: record.answer ?? '', title: record.title ?? '' }
  }
  return last
}
