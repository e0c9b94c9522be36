import { ROLES } from '#protocol/role.ts'
import {
  byteArray,
  integer,
  notNegative,
  number,
  oneOf,
  optional,
  shaped,
  text,
  upTo,
  type Shape,
  type Shaped,
} from './fields.ts'
import { RACE_WAYS } from './race-ways.ts'

/** Microseconds since the session began, by the sandbox's clock. */
const micros = notNegative
/** As in `commands.ts`. */
const request = upTo(Number.MAX_SAFE_INTEGER)
const connection = upTo(0xffffffff)
const count = upTo(Number.MAX_SAFE_INTEGER)

/**
 * How a captured connection's socket went: `client-fin` and `server-fin` are the two halves' ends, `reset` an RST
 * from the client, `destroyed` the sandbox giving up on it. `closed` comes last and once.
 */
export const SOCKET_ENDINGS = ['client-fin', 'server-fin', 'reset', 'destroyed', 'closed'] as const

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
  'too-many-races',
] as const

/**
 * Whether a sandbox is alone (`local`), or one of several instances that share rooms and sessions over a bus, and whether it
 * can reach the others.
 */
export const BUS_STATES = ['local', 'connected', 'lost'] as const
export type BusState = (typeof BUS_STATES)[number]

/** Events that are JSON text messages, by type. Pages check them without a library: every lesson has this code. */
const JSON_EVENTS = {
  /** The session is open: `now` lets the page place its own events on the sandbox's clock. */
  welcome: { version: integer, now: micros },
  /**
   * A ticket: open `/lab/<lab>?ticket=<ticket>` within `expiresIn` milliseconds; its bytes arrive under `connection`, and
   * those between a proxy and the lab under `behind`.
   */
  ticket: { request, connection, ticket: text, expiresIn: number, behind: optional(connection) },
  /** The answer to a heartbeat. */
  heartbeat: { request, now: micros },
  /** A dialled connection is there: what the page writes to it crosses, and its bytes arrive under `connection`. */
  dialled: { request, connection },
  /** What was to be overheard is being said; its bytes arrive under `connection`. */
  overhearing: { request, connection },
  /** A client came with the ticket; every byte since its first follows as chunks. */
  opened: { connection, at: micros, lab: text },
  /** What one way of a race has cost so far, as `RaceTally` says. */
  tally: {
    request,
    way: oneOf(RACE_WAYS),
    at: notNegative,
    connections: count,
    requests: count,
    up: count,
    down: count,
    events: count,
    p50: notNegative,
    p95: notNegative,
    max: notNegative,
  },
  'race-over': { request },
  /**
   * How it is with the other instances: told after the welcome where there are any, and when it has become another. While it
   * is `lost`, a room is that of one instance, and a connection that comes to another one than its page is answered 503.
   */
  bus: { state: oneOf(BUS_STATES) },
  ending: { connection, at: micros, how: oneOf(SOCKET_ENDINGS) },
  /** The mirror could not keep up: this much of the connection is missing from what follows. */
  dropped: { connection, chunks: number, bytes: number },
  error: {
    code: oneOf(ERROR_CODES),
    message: text,
    field: optional(text),
    request: optional(request),
  },
} as const satisfies Readonly<Record<string, Shape>>
type EventType = keyof typeof JSON_EVENTS

const CHUNK = {
  connection,
  /** Who sent the bytes. */
  from: oneOf(ROLES),
  at: micros,
  bytes: byteArray,
} as const satisfies Shape

/** What the sandbox tells a page. All are JSON text messages but `chunk`, which is binary (`encodeChunk`). */
export type SandboxEvent = JsonEvent | Chunk
export type JsonEvent = {
  [Type in EventType]: { type: Type } & Shaped<(typeof JSON_EVENTS)[Type]>
}[EventType]
export type Chunk = { type: 'chunk' } & Shaped<typeof CHUNK>
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
    connection: view.getUint32(2),
    from: ROLES[view.getUint8(1)],
    at: view.getFloat64(6),
    bytes: message.subarray(CHUNK_HEAD_BYTES),
  }
  return { type: 'chunk', ...shaped(CHUNK, candidate, refuse) }
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
  if (typeof json !== 'object' || json === null) throw new ContractError('', 'not an object')
  const type = 'type' in json ? json.type : undefined
  if (!isEventType(type)) refuse('type', 'one that this contract knows')
  return { type, ...shaped(JSON_EVENTS[type], json, refuse) } as JsonEvent
}

function isEventType(type: unknown): type is EventType {
  return typeof type === 'string' && Object.hasOwn(JSON_EVENTS, type)
}

function refuse(field: string, expected: string): never {
  throw new ContractError(field, `has to be ${expected}`)
}
