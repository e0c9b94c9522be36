import * as v from 'valibot'
import { ROLES } from '#protocol/role.ts'
import { SOCKET_ENDINGS } from '#contract/events.ts'

/** First field of every recording file; a file without it is not ours. */
export const RECORDING_FORMAT = 'websocket-anatomy-recording'
/** Version of the file format written by this code. Older ones are migrated, newer ones refused. */
export const RECORDING_VERSION = 1

const micros = v.pipe(v.number(), v.finite(), v.minValue(0))
const base64Bytes = v.pipe(
  v.string(),
  v.base64(),
  v.transform(text => Uint8Array.from(atob(text), char => char.charCodeAt(0))),
)

const chunk = v.object({ from: v.picklist(ROLES), at: micros, bytes: base64Bytes })
const ending = v.object({ at: micros, how: v.picklist(SOCKET_ENDINGS) })

/** What JavaScript in the page was told, or did, on the same clock as the chunks. */
const scriptEvent = v.object({
  at: micros,
  what: v.picklist(['new', 'open', 'send', 'message', 'error', 'close()', 'close']),
  detail: v.string(),
})

const connection = v.object({
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  lab: v.string(),
  chunks: v.array(chunk),
  endings: v.array(ending),
  script: v.array(scriptEvent),
})

const mark = v.object({ at: micros, connection: v.optional(v.number()), label: v.string() })

const recording = v.object({
  format: v.literal(RECORDING_FORMAT),
  version: v.literal(RECORDING_VERSION),
  title: v.string(),
  /** The program at the client's end, for example `Chromium 156`. */
  client: v.string(),
  recordedAt: v.pipe(v.string(), v.isoTimestamp()),
  connections: v.array(connection),
  marks: v.array(mark),
})

/** Connections as the tap saw them, in a file: chunks with direction and time (µs since the session began). */
export type Recording = v.InferOutput<typeof recording>
export type RecordedConnection = v.InferOutput<typeof connection>
export type RecordedChunk = v.InferOutput<typeof chunk>
export type RecordedEnding = v.InferOutput<typeof ending>
export type ScriptEvent = v.InferOutput<typeof scriptEvent>

/** A file that is not a recording this code can read; the message says what, where and what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

/**
 * Reads a recording from its JSON text or parsed JSON.
 * @throws RecordingError when it is not JSON, not a recording, damaged, or of a newer version
 */
export function parseRecording(source: unknown): Recording {
  const json = typeof source === 'string' ? parseJson(source) : source
  const head = v.safeParse(v.object({ format: v.literal(RECORDING_FORMAT), version: v.number() }), json)
  if (!head.success) throw new RecordingError('not a recording: the field "format" is missing or another one')
  if (head.output.version > RECORDING_VERSION)
    throw new RecordingError(
      `written by a newer version (${head.output.version}, this reads up to ${RECORDING_VERSION}): update and open it again`,
    )
  const result = v.safeParse(recording, json)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new RecordingError(`damaged at ${v.getDotPath(issue) ?? 'the top'}: ${issue.message}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RecordingError(`not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Writes a recording as the JSON text that `parseRecording` reads back. */
export function serializeRecording(value: Recording): string {
  const connections = value.connections.map(one => ({
    ...one,
    chunks: one.chunks.map(each => ({ ...each, bytes: toBase64(each.bytes) })),
  }))
  return `${JSON.stringify({ ...value, connections }, null, 1)}\n`
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
