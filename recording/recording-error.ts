/** What can be wrong with a file. Each has its sentence in `problem-words.ts`. */
export type RecordingProblem =
  /** None of the formats that can be read. */
  | 'unknown-kind'
  /** Above a limit of `limits.ts`. */
  | 'too-large'
  /** Written by a later version of this code. */
  | 'newer-version'
  /** Cut short, contradictory, or not what its format says. */
  | 'damaged'
  /** A known format with something in it that is not read. */
  | 'unsupported'
  /** A good file with no WebSocket connection in it. */
  | 'nothing-inside'

/** A file that cannot be read as a recording. The message says what, where and what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
  readonly problem: RecordingProblem
  /** Where in the file: a field in dotted form, `byte 24`, `line 3`, `packet 7`; empty for the whole file. */
  readonly where: string
  constructor(problem: RecordingProblem, where: string, message: string) {
    super(where === '' ? message : `${where}: ${message}`)
    this.problem = problem
    this.where = where
  }
}

/** The error for a file with more of something than is read. */
export function tooMany(where: string, most: number, what: string): RecordingError {
  return new RecordingError('too-large', where, `more than ${most} ${what}`)
}

/** The error for a file that contradicts itself or its format. */
export function damaged(where: string, message: string): RecordingError {
  return new RecordingError('damaged', where, `damaged: ${message}`)
}
