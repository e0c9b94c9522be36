import { readFileSync } from 'node:fs'
import { RecordingError } from '#recording/recording-error.ts'
import { parseRecording, type Recording } from '#recording/recording.ts'
import { RecordedError } from './recorded.ts'

/** The folder of the recordings, seen from here before any bundling: lessons are checked outside of it. */
const FOLDER = new URL('./recordings/', import.meta.url)

/**
 * Reads a recording by name, for the check of lessons; pages have them from `recordings.ts`.
 * @throws RecordedError when there is none of that name or it cannot be read
 */
export function readRecordingFile(name: string): Recording {
  let json: string
  try {
    json = readFileSync(new URL(`${encodeURIComponent(name)}.json`, FOLDER), 'utf8')
  } catch {
    throw new RecordedError(`there is no recording "${name}" in src/content/recordings`)
  }
  try {
    return parseRecording(json)
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
    throw new RecordedError(`recording "${name}": ${error.message}`)
  }
}
