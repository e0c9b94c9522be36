import * as v from 'valibot'

/** Longest JSON command the sandbox reads, in bytes of UTF-8. */
export const MAX_COMMAND_BYTES = 4096

/** Most bytes that one write command may carry: a frame one byte above the largest a lab takes, and its head. */
export const MAX_WRITE_BYTES = 64 * 1024 + 256

/** Number of a command, chosen by the page; its answer carries it back. */
export const requestId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))

/** Number of a connection in its session, given by the sandbox. */
export const connectionId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff))

/** First command on every control channel: the contract the page was built with. */
const hello = v.strictObject({
  type: v.literal('hello'),
  version: v.pipe(v.number(), v.integer()),
})

/** Asks for a ticket: the right to open one captured connection to a lab. `request` comes back in the answer. */
const ticket = v.strictObject({
  type: v.literal('ticket'),
  request: requestId,
  lab: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/)),
})

/** Asks whether the sandbox still answers: a page cannot send a WebSocket ping. `request` comes back in the answer. */
const heartbeat = v.strictObject({ type: v.literal('heartbeat'), request: requestId })

/**
 * Has the sandbox open a TCP connection to itself whose client the page plays: it is captured from its first byte, and
 * reaches labs only.
 */
const dial = v.strictObject({ type: v.literal('dial'), request: requestId })

/** The ways in which a page can end a connection that it plays: its half (FIN), or all of it (RST). */
export const PLAYED_ENDINGS = ['fin', 'reset'] as const
export type PlayedEnding = (typeof PLAYED_ENDINGS)[number]
const end = v.strictObject({
  type: v.literal('end'),
  request: requestId,
  connection: connectionId,
  how: v.picklist(PLAYED_ENDINGS),
})

const jsonCommand = v.variant('type', [hello, ticket, heartbeat, dial, end])

/** Bytes for a connection that the page plays one end of; a binary message (`encodeWrite`). */
export interface Write {
  readonly type: 'write'
  /** 0 to 2^32 − 1. */
  readonly request: number
  readonly connection: number
  readonly bytes: Uint8Array
}

/** What a page may say to the sandbox: JSON text messages, but for `write`. */
export type Command = JsonCommand | Write
export type JsonCommand = v.InferOutput<typeof jsonCommand>

/** Why a command was not understood: the field at fault in dotted form (empty for the whole), and a sentence. */
export interface CommandFault {
  readonly field: string
  readonly message: string
}

/** Bytes before what is to be written: kind (1), request (4), connection (4), big-endian. */
export const WRITE_HEAD_BYTES = 9
const WRITE_KIND = 2

/** Encodes a write command as the binary message that carries it. */
export function encodeWrite(command: {
  readonly request: number
  readonly connection: number
  readonly bytes: Uint8Array
}): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(WRITE_HEAD_BYTES + command.bytes.length)
  const view = new DataView(message.buffer)
  view.setUint8(0, WRITE_KIND)
  view.setUint32(1, command.request)
  view.setUint32(5, command.connection)
  message.set(command.bytes, WRITE_HEAD_BYTES)
  return message
}

/**
 * Reads one message of the control channel, text as a string, binary as bytes. Never throws: what is not a command
 * comes back as the fault that names the field.
 */
export function parseCommand(message: string | Uint8Array): Command | { readonly fault: CommandFault } {
  if (typeof message !== 'string') return parseWrite(message)
  let json: unknown
  try {
    json = JSON.parse(message)
  } catch {
    return { fault: { field: '', message: 'not JSON' } }
  }
  const result = v.safeParse(jsonCommand, json)
  if (result.success) return result.output
  const [issue] = result.issues
  return { fault: { field: v.getDotPath(issue) ?? '', message: issue.message } }
}

function parseWrite(message: Uint8Array): Command | { readonly fault: CommandFault } {
  if (message.length < WRITE_HEAD_BYTES)
    return { fault: { field: '', message: `a binary command has at least ${WRITE_HEAD_BYTES} bytes` } }
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  if (view.getUint8(0) !== WRITE_KIND)
    return { fault: { field: 'type', message: `unknown binary kind ${view.getUint8(0)}` } }
  return {
    type: 'write',
    request: view.getUint32(1),
    connection: view.getUint32(5),
    bytes: message.subarray(WRITE_HEAD_BYTES),
  }
}
