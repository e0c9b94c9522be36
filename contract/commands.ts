import * as v from 'valibot'
import { MAX_OVERHEARD_TEXT } from './addresses.ts'
import { PROXY_KINDS } from './proxies.ts'
import { RACE_BOUNDS } from './race.ts'
import { parseWrite, type CommandFault, type Write } from './write.ts'

/**
 * Longest JSON command the sandbox reads, in bytes of UTF-8. A longer message is answered with `command-too-long`; one
 * beyond the sandbox's own limit (`controlMessageBytes`) is never taken in whole, so it ends the channel with 1009.
 */
export const MAX_COMMAND_BYTES = 4096

/** Number of a command, chosen by the page; its answer carries it back. */
export const requestId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))

/** Number of a connection in its session, given by the sandbox. */
export const connectionId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff))

/** First command on every control channel: the contract the page was built with. */
const hello = v.strictObject({
  type: v.literal('hello'),
  version: v.pipe(v.number(), v.integer()),
})

/**
 * Asks for a ticket: the right to open one captured connection to a lab. `request` comes back in the answer. With
 * `through` the connection ends at a proxy of the sandbox, which opens one of its own to the lab.
 */
const ticket = v.strictObject({
  type: v.literal('ticket'),
  request: requestId,
  lab: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/)),
  through: v.optional(v.picklist(PROXY_KINDS)),
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

/**
 * Has a client and a server in the sandbox say that text to each other, in the open or over TLS 1.3. The page listens
 * between them: the connection is captured from its first byte, and it plays neither end.
 */
const overhear = v.strictObject({
  type: v.literal('overhear'),
  request: requestId,
  secure: v.boolean(),
  text: v.pipe(v.string(), v.maxLength(MAX_OVERHEARD_TEXT)),
})

const between = ({ least, most }: { readonly least: number; readonly most: number }) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))

/** Has the same events go over every way at once, and what that costs told as `tally`, until `race-over`. */
const race = v.strictObject({
  type: v.literal('race'),
  request: requestId,
  rate: between(RACE_BOUNDS.rate),
  size: between(RACE_BOUNDS.size),
  subscribers: between(RACE_BOUNDS.subscribers),
  pollMs: between(RACE_BOUNDS.pollMs),
  seconds: between(RACE_BOUNDS.seconds),
  batching: v.boolean(),
  keepAlive: v.boolean(),
})

const jsonCommand = v.variant('type', [hello, ticket, heartbeat, dial, end, overhear, race])

/** What a page may say to the sandbox: JSON text messages, but for `write`. */
export type Command = JsonCommand | Write
export type JsonCommand = v.InferOutput<typeof jsonCommand>

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
