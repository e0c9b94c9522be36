const PREFIX = 'websocket-anatomy:'

/** Where an answer is kept: one entry of local storage for each kind, answers by `lesson/id`. */
export type AnswerKind = 'quiz' | 'predictions' | 'missions'

function readAll(kind: AnswerKind): Record<string, string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + kind) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return {}
    return Object.fromEntries(
      Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch {
    return {}
  }
}

/** What the reader answered, or undefined: never, or storage is closed or damaged. */
export function readAnswer(kind: AnswerKind, lesson: string, id: string): string | undefined {
  return readAll(kind)[`${lesson}/${id}`]
}

/** Keeps an answer, or forgets it. Returns false when the browser keeps nothing for this page. */
export function writeAnswer(
  kind: AnswerKind,
  lesson: string,
  id: string,
  answer: string | undefined,
): boolean {
  const all = new Map(Object.entries(readAll(kind)))
  if (answer === undefined) all.delete(`${lesson}/${id}`)
  else all.set(`${lesson}/${id}`, answer)
  try {
    localStorage.setItem(PREFIX + kind, JSON.stringify(Object.fromEntries(all)))
    return true
  } catch {
    return false
  }
}
