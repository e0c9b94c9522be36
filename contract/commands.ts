import * as v from 'valibot'

/** Longest command the sandbox reads, in bytes of UTF-8. */
export const MAX_COMMAND_BYTES = 4096

/** Number of a command, chosen by the page; its answer carries it back. */
export const requestId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))

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

const command = v.variant('type', [hello, ticket, heartbeat])

/** What a page may say to the sandbox, one JSON text message each. */
export type Command = v.InferOutput<typeof command>

/** Why a command was not understood: the field at fault in dotted form (empty for the whole), and a sentence. */
export interface CommandFault {
  readonly field: string
  readonly message: string
}

/** Reads one command. Never throws: a text that is not a command comes back as the fault that names the field. */
export function parseCommand(text: string): Command | { readonly fault: CommandFault } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { fault: { field: '', message: 'not JSON' } }
  }
  const result = v.safeParse(command, json)
  if (result.success) return result.output
  const [issue] = result.issues
  return { fault: { field: v.getDotPath(issue) ?? '', message: issue.message } }
}
