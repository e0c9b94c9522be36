import { damaged, RecordingError } from './recording-error.ts'

type JsonObject = Record<string, unknown>

/** What makes a file of version n one of version n + 1, by n. They meet files that nobody has checked yet. */
const MIGRATIONS: Readonly<Record<number, (file: JsonObject) => JsonObject>> = {
  // Version 2 knows of gaps; before, a recording that had them did not say so.
  1: file => ({
    ...file,
    connections: Array.isArray(file['connections'])
      ? file['connections'].map((one: unknown) => (isObject(one) ? { ...one, gaps: [] } : one))
      : file['connections'],
  }),
}

/**
 * Brings parsed JSON of a recording to the given version.
 * @throws RecordingError when it is no recording, or one of a newer version
 */
export function migrate(json: unknown, format: string, version: number): JsonObject {
  if (!isObject(json) || json['format'] !== format)
    throw new RecordingError(
      'unknown-kind',
      'format',
      `not a recording: this field has to be ${JSON.stringify(format)}`,
    )
  const from = json['version']
  if (typeof from !== 'number' || !Number.isSafeInteger(from) || from < 1)
    throw damaged('version', 'no version that was ever written')
  if (from > version)
    throw new RecordingError(
      'newer-version',
      'version',
      `written by a newer version (${from}, this reads up to ${version}): update and open it again`,
    )
  let file = json
  for (let at = from; at < version; at++) file = { ...(MIGRATIONS[at]?.(file) ?? file), version: at + 1 }
  return file
}

/** Whether a value of parsed JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
