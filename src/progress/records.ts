/**
 * What is kept of a reader: one small record for each thing they did, under `<kind>:<lesson>/<id>`.
 *
 * - `question`: the latest answer to a question, and when review asks it again
 * - `prediction`: what the reader guessed
 * - `mission`: passed
 * - `mark`: `end`, the reader came to the end of the lesson; `read`, and had answered all its questions by then
 * - `place`: `section`, where in the lesson the reader was last
 */
export const KINDS = ['question', 'prediction', 'mission', 'mark', 'place'] as const
export type Kind = (typeof KINDS)[number]

export interface ProgressRecord {
  /** Milliseconds since 1970; 0 when it was kept before times were. */
  readonly at: number
  /** Question and prediction: as their element writes it. Place: the section's id. */
  readonly answer?: string
  /** Question: whether the answer is right. Missing for one of version 1 until its lesson was opened. */
  readonly right?: boolean
  /** Question in the review deck: how often in a row it was right since it was missed. */
  readonly round?: number
  /** Question in the review deck: from when it is asked again, as `at`. */
  readonly due?: number
  /** Place: the section's heading. */
  readonly title?: string
}

/** Records by key: see `keyOf`. */
export type Records = ReadonlyMap<string, ProgressRecord>

/** Longest text a record holds, in UTF-16 units; longer ones are not ours. */
export const TEXT_LIMIT = 1000

const KEBAB = '[a-z0-9]+(?:-[a-z0-9]+)*'
/** Matches every key; its groups are kind, lesson and id. */
export const KEY = new RegExp(`^(${KINDS.join('|')}):(${KEBAB})/(${KEBAB})$`)

export function keyOf(kind: Kind, lesson: string, id: string): string {
  return `${kind}:${lesson}/${id}`
}

/** The lesson and id a key names, when it is one of that kind. */
export function partsOf(
  kind: Kind,
  key: string,
): { readonly lesson: string; readonly id: string } | undefined {
  const [, found, lesson, id] = KEY.exec(key) ?? []
  return found === kind && lesson !== undefined && id !== undefined ? { lesson, id } : undefined
}

/** The record in a stored text, or undefined when it holds none. */
export function parseRecord(text: string): ProgressRecord | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

const FIELDS: Readonly<Record<keyof ProgressRecord, (value: unknown) => boolean>> = {
  at: isTime,
  answer: isText,
  right: value => typeof value === 'boolean',
  round: isTime,
  due: isTime,
  title: isText,
}

function isRecord(value: unknown): value is ProgressRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'at') &&
    Object.entries(value).every(([name, field]) =>
      Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof ProgressRecord](field) : true,
    )
  )
}

function isTime(value: unknown): boolean {
  return Number.isFinite(value) && Number(value) >= 0
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= TEXT_LIMIT
}
