import { MAX_FILE_BYTES, MAX_JSON_OBJECTS } from './limits.ts'
import { damaged, tooMany } from './recording-error.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING = [0x5b, 0x7b]

/**
 * Reads a JSON text.
 * @param where it stands in its file, for the error
 * @throws RecordingError when it is too large or not JSON
 */
export function parseJson(source: string, where = ''): unknown {
  if (source.length > MAX_FILE_BYTES) throw tooMany(where, MAX_FILE_BYTES, 'bytes')
  // An empty list is two characters in a file and some thirty times as much in memory.
  if (!hasAtMost(MAX_JSON_OBJECTS, source)) throw tooMany(where, MAX_JSON_OBJECTS, 'objects and lists')
  try {
    return JSON.parse(source)
  } catch (error) {
    throw damaged(where, `not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Whether a JSON text opens at most that many objects and lists. */
function hasAtMost(most: number, source: string): boolean {
  let count = 0
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (code === QUOTE) at = endOfString(source, at)
    else if (OPENING.includes(code) && ++count > most) return false
  }
  return true
}

/** Index of the quote that ends the string which begins at an index; the text's length when none does. */
function endOfString(source: string, start: number): number {
  for (let end = source.indexOf('"', start + 1); end >= 0; end = source.indexOf('"', end + 1)) {
    let before = end
    while (source.charCodeAt(before - 1) === BACKSLASH) before--
    if ((end - before) % 2 === 0) return end
  }
  return source.length
}
