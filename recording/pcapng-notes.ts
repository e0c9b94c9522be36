import * as v from 'valibot'
import { parseJson } from './json.ts'
import { RecordingError } from './recording-error.ts'
import {
  connectionSchema,
  endingSchema,
  gapSchema,
  markSchema,
  RECORDING_VERSION,
  recordingHeadSchema,
  scriptEventSchema,
} from './recording.ts'
import { validated } from './validate.ts'

/**
 * What a recording holds and packets cannot: notes of one thing each, every one a comment of the packet it belongs to,
 * so that Wireshark shows it there (docs/decisions/0010).
 */
const noteSchema = v.object({
  recording: v.exactOptional(v.object({ version: v.number(), ...recordingHeadSchema.entries })),
  connection: v.exactOptional(v.pick(connectionSchema, ['id', 'lab'])),
  script: v.exactOptional(scriptEventSchema),
  ending: v.exactOptional(endingSchema),
  gap: v.exactOptional(gapSchema),
  mark: v.exactOptional(markSchema),
  /** Place of the connection or mark among all of the recording. */
  index: v.exactOptional(v.number()),
})
export type Note = v.InferOutput<typeof noteSchema>

/** A comment that begins so is a note. */
const WHOLE = 'websocket-anatomy '
/** One that begins so is the first part of a note that goes on in the next comment. */
const PART = 'websocket-anatomy+ '
/** Most UTF-16 units of a note in one comment; each is at most three bytes of UTF-8, and a comment has 65,535. */
const PART_LENGTH = 20_000

/** The comments that carry a note. */
export function commentsOf(note: Note): string[] {
  const json = JSON.stringify(note)
  const comments: string[] = []
  let at = 0
  while (json.length - at > PART_LENGTH) {
    // Not between the halves of a surrogate pair.
    const end = at + PART_LENGTH - (isHighSurrogate(json.charCodeAt(at + PART_LENGTH - 1)) ? 1 : 0)
    comments.push(PART + json.slice(at, end))
    at = end
  }
  return [...comments, WHOLE + json.slice(at)]
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

/** Reads comments in the order of the file. */
export class NoteReader {
  #parts = ''

  /**
   * Takes the next comment.
   * @param where it stands, for the error
   * @returns the note it completes, if it does
   * @throws RecordingError when it says to be a note and is none, or is one of a newer version
   */
  read(comment: string, where: string): Note | undefined {
    if (comment.startsWith(PART)) {
      this.#parts += comment.slice(PART.length)
      return undefined
    }
    if (!comment.startsWith(WHOLE)) return undefined
    const json = this.#parts + comment.slice(WHOLE.length)
    this.#parts = ''
    const place = `${where}, note`
    const value = parseJson(json, place)
    refuseNewer(value, place)
    return validated(noteSchema, value, place)
  }
}

function refuseNewer(value: unknown, where: string): void {
  const head = v.safeParse(v.object({ recording: v.object({ version: v.number() }) }), value)
  if (head.success && head.output.recording.version > RECORDING_VERSION)
    throw new RecordingError(
      'newer-version',
      where,
      `written by a newer version (${head.output.recording.version}, this reads up to ${RECORDING_VERSION}): update and open it again`,
    )
}
