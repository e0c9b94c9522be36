import * as v from 'valibot'
import { ROLES } from '#protocol/role.ts'
import { connectionId, requestId } from './commands.ts'

/** Microseconds since the session began, by the sandbox's clock. */
const micros = v.pipe(v.number(), v.minValue(0), v.finite())

const bytes = v.instance(Uint8Array)

/** The session is open: `now` lets the page place its own events on the sandbox's clock. */
const welcome = v.object({
  type: v.literal('welcome'),
  version: v.pipe(v.number(), v.integer()),
  now: micros,
})

/** A ticket: open `/lab/<lab>?ticket=<ticket>` within `expiresIn` milliseconds; its bytes arrive under `connection`. */
const ticketed = v.object({
  type: v.literal('ticket'),
  request: requestId,
  connection: connectionId,
  ticket: v.string(),
  expiresIn: v.number(),
})

/** The answer to a heartbeat. */
const heartbeat = v.object({ type: v.literal('heartbeat'), request: requestId, now: micros })

/** A dialled connection is there: what the page writes to it crosses, and its bytes arrive under `connection`. */
const dialled = v.object({ type: v.literal('dialled'), request: requestId, connection: connectionId })

/** A client came with the ticket; every byte since its first follows as chunks. */
const opened = v.object({ type: v.literal('opened'), connection: connectionId, at: micros, lab: v.string() })

/**
 * How a captured connection's socket went: `client-fin` and `server-fin` are the two halves' ends, `reset` an RST
 * from the client, `destroyed` the sandbox giving up on it. `closed` comes last and once.
 */
export const SOCKET_ENDINGS = ['client-fin', 'server-fin', 'reset', 'destroyed', 'closed'] as const
const ending = v.object({
  type: v.literal('ending'),
  connection: connectionId,
  at: micros,
  how: v.picklist(SOCKET_ENDINGS),
})

/** The mirror could not keep up: this much of the connection is missing from what follows. */
const dropped = v.object({
  type: v.literal('dropped'),
  connection: connectionId,
  chunks: v.number(),
  bytes: v.number(),
})

/** Codes of an `error` event. None of them ends the session by itself, except `unsupported-version`. */
export const ERROR_CODES = [
  'malformed-command',
  'unsupported-version',
  'hello-expected',
  'unknown-lab',
  'too-many-connections',
  'command-too-long',
  'unknown-connection',
  'dial-failed',
] as const
const error = v.object({
  type: v.literal('error'),
  code: v.picklist(ERROR_CODES),
  message: v.string(),
  field: v.optional(v.string()),
  request: v.optional(requestId),
})

const jsonEvent = v.variant('type', [welcome, ticketed, heartbeat, dialled, opened, ending, dropped, error])

const chunk = v.object({
  type: v.literal('chunk'),
  connection: connectionId,
  /** Who sent the bytes. */
  from: v.picklist(ROLES),
  at: micros,
  bytes,
})

/** What the sandbox tells a page. All are JSON text messages but `chunk`, which is binary (`encodeChunk`). */
export type SandboxEvent = v.InferOutput<typeof jsonEvent> | Chunk
export type JsonEvent = v.InferOutput<typeof jsonEvent>
export type Chunk = v.InferOutput<typeof chunk>
export type SocketEnding = (typeof SOCKET_ENDINGS)[number]
export type ErrorCode = (typeof ERROR_CODES)[number]

/** A message from the sandbox that this contract does not know. `field` is dotted, empty for the whole message. */
export class ContractError extends Error {
  override readonly name = 'ContractError'
  readonly field: string
  constructor(field: string, message: string) {
    super(field === '' ? message : `${field}: ${message}`)
    this.field = field
  }
}

/** Bytes before the payload of a binary chunk: kind (1), sender (1), connection (4), time in µs (8), big-endian. */
export const CHUNK_HEAD_BYTES = 14
const CHUNK_KIND = 1

/** Encodes a chunk event as the binary message that carries it. */
export function encodeChunk(chunk: Omit<Chunk, 'type'>): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(CHUNK_HEAD_BYTES + chunk.bytes.length)
  const view = new DataView(message.buffer)
  view.setUint8(0, CHUNK_KIND)
  view.setUint8(1, ROLES.indexOf(chunk.from))
  view.setUint32(2, chunk.connection)
  view.setFloat64(6, chunk.at)
  message.set(chunk.bytes, CHUNK_HEAD_BYTES)
  return message
}

function decodeChunk(message: Uint8Array): Chunk {
  if (message.length < CHUNK_HEAD_BYTES)
    throw new ContractError('', `binary message of ${message.length} bytes`)
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  if (view.getUint8(0) !== CHUNK_KIND)
    throw new ContractError('type', `unknown binary kind ${view.getUint8(0)}`)
  const candidate = {
    type: 'chunk',
    connection: view.getUint32(2),
    from: ROLES[view.getUint8(1)],
    at: view.getFloat64(6),
    bytes: message.subarray(CHUNK_HEAD_BYTES),
  }
  return check(chunk, candidate)
}

/**
 * Reads one message of the control channel, text as a string, binary as bytes.
 * @throws ContractError naming the field that is not as this contract says
 */
export function parseEvent(message: string | Uint8Array): SandboxEvent {
  if (typeof message !== 'string') return decodeChunk(message)
  let json: unknown
  try {
    json = JSON.parse(message)
  } catch {
    throw new ContractError('', 'not JSON')
  }
  return check(jsonEvent, json)
}

function check<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new ContractError(v.getDotPath(issue) ?? '', issue.message)
}
