import { KEY, keyOf, TEXT_LIMIT, type Kind, type ProgressRecord } from './records.ts'

/**
 * What the course kept before `store.ts`: three entries of local storage, each a JSON object from `lesson/id` to
 * a text. A quiz held the index of its option, a prediction its value, a mission `passed`. Nothing held a time.
 */
export const VERSION_1: Readonly<Record<string, Kind>> = {
  'websocket-anatomy:quiz': 'question',
  'websocket-anatomy:predictions': 'prediction',
  'websocket-anatomy:missions': 'mission',
}

/** The records that can be read in an entry of version 1, and whether that is all of it. */
export function recordsOfVersion1(
  name: string,
  text: string,
): { readonly records: Map<string, ProgressRecord>; readonly whole: boolean } {
  const kind = VERSION_1[name]
  const kept = parseObject(text)
  const records = new Map<string, ProgressRecord>()
  if (!kind || !kept) return { records, whole: false }
  const entries = Object.entries(kept)
  for (const [path, answer] of entries) {
    const [lesson = '', id = ''] = path.split('/')
    const key = keyOf(kind, lesson, id)
    if (typeof answer === 'string' && answer.length <= TEXT_LIMIT && KEY.test(key))
      records.set(key, kind === 'mission' ? { at: 0 } : { at: 0, answer })
  }
  return { records, whole: records.size === entries.length }
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
