import * as v from 'valibot'
import { ROLES } from '#protocol/role.ts'
import { SOCKET_ENDINGS } from '#contract/events.ts'
import { bytesOfBase64 } from './base64.ts'
import { microsOfIso } from './iso-time.ts'
import { parseJson } from './json.ts'
import { MAX_CHUNKS, MAX_CONNECTIONS, MAX_TEXT_LENGTH, MAX_TIME_US, RECORDED_YEARS } from './limits.ts'
import { isObject, migrate } from './migrations.ts'
import { damaged, tooMany } from './recording-error.ts'
import { validated } from './validate.ts'

/** First field of every recording file; a file without it is not ours. */
export const RECORDING_FORMAT = 'websocket-anatomy-recording'
/** Version of the file format written by this code. Older ones are migrated, newer ones refused. */
export const RECORDING_VERSION = 2

/** Largest number of a connection: the contract has 32 bits for it. */
const MAX_ID = 0xffffffff

const text = v.pipe(v.string(), v.maxLength(MAX_TEXT_LENGTH))
const micros = v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_TIME_US))
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
const connectionId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_ID))

// Not valibot's `base64()`: its pattern overflows the stack at a chunk of some megabytes.
const base64Bytes = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const bytes = bytesOfBase64(dataset.value)
    if (bytes) return bytes
    addIssue({ message: 'not base64' })
    return NEVER
  }),
)

const chunk = v.object({
  /** Who sent the bytes. */
  from: v.picklist(ROLES),
  at: micros,
  bytes: base64Bytes,
})

export const endingSchema = v.object({ at: micros, how: v.picklist(SOCKET_ENDINGS) })

/** What JavaScript in the page was told, or did, on the same clock as the chunks. */
export const scriptEventSchema = v.object({
  at: micros,
  what: v.picklist(['new', 'open', 'send', 'message', 'error', 'close()', 'close']),
  detail: text,
})

/** Something of the connection that is missing from its chunks. */
export const gapSchema = v.object({
  /** Index of the chunk before which it is missing; the number of chunks, when it is missing at the end. */
  before: count,
  /** How many chunks are missing; 0 when that is not known. */
  chunks: count,
  /** How many bytes are missing. */
  bytes: count,
  /** Whose bytes they are; absent when that is not known. */
  from: v.exactOptional(v.picklist(ROLES)),
})

export const connectionSchema = v.object({
  id: connectionId,
  /** Name of the lab; empty for a connection that was not with one of ours. */
  lab: text,
  /** In the order of the tap, both directions together. */
  chunks: v.array(chunk),
  /** In order of their places. */
  gaps: v.array(gapSchema),
  endings: v.array(endingSchema),
  script: v.array(scriptEventSchema),
})

export const markSchema = v.object({
  at: micros,
  /** Absent: the first. */
  connection: v.exactOptional(connectionId),
  /**
   * Number of the head, frame or fault that is meant, from 0 on: several may have come at one time. Frames are read
   * anew from a file, so the number counts only while what has it came at the mark's time.
   */
  item: v.exactOptional(count),
  label: text,
})

/** What a recording says of itself. */
export const recordingHeadSchema = v.object({
  title: text,
  /** The program at the client's end, for example `Chromium 156`; empty when it is not known. */
  client: text,
  /** When the clock was at 0, as far as is known: ISO 8601. */
  recordedAt: v.pipe(v.string(), v.isoTimestamp()),
})

const recording = v.object({
  format: v.literal(RECORDING_FORMAT),
  version: v.literal(RECORDING_VERSION),
  ...recordingHeadSchema.entries,
  connections: v.array(connectionSchema),
  /** What whoever made the recording wanted to point at. */
  marks: v.array(markSchema),
})

/** Connections as the tap saw them, in a file: chunks with direction and time (µs since the session began). */
export type Recording = v.InferOutput<typeof recording>
export type RecordedConnection = v.InferOutput<typeof connectionSchema>
export type RecordedChunk = v.InferOutput<typeof chunk>
export type RecordedEnding = v.InferOutput<typeof endingSchema>
export type RecordedGap = v.InferOutput<typeof gapSchema>
export type ScriptEvent = v.InferOutput<typeof scriptEventSchema>
export type Mark = v.InferOutput<typeof markSchema>

/**
 * Reads a recording from its JSON text or parsed JSON.
 * @throws RecordingError when it is not JSON, not a recording, too large, damaged, or of a newer version
 */
export function parseRecording(source: unknown): Recording {
  const json = typeof source === 'string' ? parseJson(source) : source
  const file = migrate(json, RECORDING_FORMAT, RECORDING_VERSION)
  refuseTooMany(file['connections'])
  const read = validated(recording, file, '')
  checkRecording(read)
  return read
}

/**
 * Checks what no field can show alone: ids that name one connection, times that do not go backwards, gaps and marks
 * that point at something.
 * @throws RecordingError naming the field that contradicts another
 */
export function checkRecording({ connections, marks, recordedAt }: Recording): void {
  refuseTooMany(connections)
  const year = new Date(startOf({ recordedAt }) / 1000).getUTCFullYear()
  if (year < RECORDED_YEARS[0] || year > RECORDED_YEARS[1])
    throw damaged('recordedAt', `not between the years ${RECORDED_YEARS.join(' and ')}`)
  const ids = new Set<number>()
  for (const [i, { id, chunks, gaps, endings, script }] of connections.entries()) {
    const where = `connections.${i}`
    if (!(Number.isInteger(id) && id >= 0 && id <= MAX_ID))
      throw damaged(`${where}.id`, `${id} is no number of a connection`)
    if (ids.has(id)) throw damaged(`${where}.id`, `a second connection ${id}`)
    ids.add(id)
    checkAscending(`${where}.chunks`, 'at', chunks, MAX_TIME_US)
    checkAscending(`${where}.endings`, 'at', endings, MAX_TIME_US)
    checkAscending(`${where}.script`, 'at', script, MAX_TIME_US)
    checkAscending(`${where}.gaps`, 'before', gaps, chunks.length)
  }
  for (const [i, { connection: id }] of marks.entries())
    if (id !== undefined && !ids.has(id)) throw damaged(`marks.${i}.connection`, `no connection ${id}`)
}

/** Counts before anything is made of it; what is no list is somebody else's to refuse. */
function refuseTooMany(connections: unknown): void {
  if (!Array.isArray(connections)) return
  if (connections.length > MAX_CONNECTIONS) throw tooMany('connections', MAX_CONNECTIONS, 'connections')
  let chunks = 0
  for (const one of connections as unknown[]) {
    if (isObject(one) && Array.isArray(one['chunks'])) chunks += one['chunks'].length
  }
  if (chunks > MAX_CHUNKS) throw tooMany('connections', MAX_CHUNKS, 'chunks')
}

function checkAscending<K extends string>(
  where: string,
  key: K,
  items: readonly Record<K, number>[],
  most: number,
): void {
  let last = 0
  for (const [i, item] of items.entries()) {
    if (item[key] < last) throw damaged(`${where}.${i}.${key}`, `goes back from ${last} to ${item[key]}`)
    if (item[key] > most) throw damaged(`${where}.${i}.${key}`, `${item[key]} is beyond ${most}`)
    last = item[key]
  }
}

/**
 * Microseconds from 1970 to the beginning of a recording.
 * @throws RecordingError when that is no time
 */
export function startOf({ recordedAt }: Pick<Recording, 'recordedAt'>): number {
  return microsOfIso(recordedAt, 'recordedAt')
}
