import { formatExtension, type Extension } from './extensions.ts'
import type { Role } from './role.ts'

/** The name under which RFC 7692 registers its extension. */
export const DEFLATE_NAME = 'permessage-deflate'

/** LZ77 window sizes are 2^8 to 2^15 bytes. */
export const MAX_WINDOW_BITS = 15
/**
 * Largest window, in bytes: how much of what was said before a compressed message can refer to. It is kept whatever was
 * agreed on: zlib, for one, uses 9 bits where 8 were.
 */
const MAX_WINDOW_BYTES = 1 << MAX_WINDOW_BITS

/** Parameters of one offer or answer of permessage-deflate (RFC 7692 §7.1). */
export interface DeflateParameters {
  readonly serverNoContextTakeover: boolean
  readonly clientNoContextTakeover: boolean
  /** 8–15; absent: 15. */
  readonly serverMaxWindowBits?: number
  /** 8–15; `true` in an offer: the client can be told; absent: 15, and in an offer the client may not be told. */
  readonly clientMaxWindowBits?: number | true
}

/**
 * Reads one element of permessage-deflate (RFC 7692 §7.1).
 * @returns `undefined` when a parameter is unknown, twice there, or has a value it must not have
 */
export function parseDeflate(extension: Extension, from: Role): DeflateParameters | undefined {
  const seen = new Set<string>()
  let serverNoContextTakeover = false
  let clientNoContextTakeover = false
  let server: number | undefined
  let client: number | true | undefined
  for (const [name, value] of extension.parameters) {
    if (seen.has(name)) return undefined
    seen.add(name)
    if (name === 'server_no_context_takeover' && value === undefined) serverNoContextTakeover = true
    else if (name === 'client_no_context_takeover' && value === undefined) clientNoContextTakeover = true
    else if (name === 'server_max_window_bits' && isWindowBits(value)) server = Number(value)
    else if (name === 'client_max_window_bits' && isWindowBits(value)) client = Number(value)
    // Only an offer may leave the value out (RFC 7692 §7.1.2.2).
    else if (name === 'client_max_window_bits' && value === undefined && from === 'client') client = true
    else return undefined
  }
  return {
    serverNoContextTakeover,
    clientNoContextTakeover,
    ...(server !== undefined && { serverMaxWindowBits: server }),
    ...(client !== undefined && { clientMaxWindowBits: client }),
  }
}

function isWindowBits(value: string | undefined): boolean {
  return value !== undefined && /^([89]|1[0-5])$/.test(value)
}

/** True when this answer is one that this offer allows (RFC 7692 §7.1.1, §7.1.2). */
export function answersOffer(answer: DeflateParameters, offer: DeflateParameters): boolean {
  if (offer.serverNoContextTakeover && !answer.serverNoContextTakeover) return false
  const serverLimit = offer.serverMaxWindowBits
  if (serverLimit !== undefined && !((answer.serverMaxWindowBits ?? MAX_WINDOW_BITS + 1) <= serverLimit))
    return false
  if (answer.clientMaxWindowBits === undefined) return true
  if (offer.clientMaxWindowBits === undefined) return false
  return offer.clientMaxWindowBits === true || Number(answer.clientMaxWindowBits) <= offer.clientMaxWindowBits
}

/** The answer of a server that accepts an offer and asks for nothing beyond it (RFC 7692 §7.1). */
export function acceptDeflate(offer: DeflateParameters): DeflateParameters {
  const { clientMaxWindowBits, ...kept } = offer
  return typeof clientMaxWindowBits === 'number' ? { ...kept, clientMaxWindowBits } : kept
}

/** Writes parameters as an element of `Sec-WebSocket-Extensions`, the counterpart of `parseDeflate`. */
export function formatDeflate(parameters: DeflateParameters): string {
  const { serverMaxWindowBits: server, clientMaxWindowBits: client } = parameters
  return formatExtension({
    name: DEFLATE_NAME,
    parameters: [
      ...(parameters.serverNoContextTakeover ? [['server_no_context_takeover', undefined] as const] : []),
      ...(parameters.clientNoContextTakeover ? [['client_no_context_takeover', undefined] as const] : []),
      ...(server === undefined ? [] : [['server_max_window_bits', String(server)] as const]),
      ...(client === undefined
        ? []
        : [['client_max_window_bits', client === true ? undefined : String(client)] as const]),
    ],
  })
}

/**
 * Inflates one complete raw DEFLATE stream (RFC 1951). Handed in by whoever uses this layer, from `node:zlib` or a
 * library.
 * @param window what was inflated just before, at most 32 KiB: the preset dictionary
 * @param maxLength most bytes to give back
 * @throws RangeError when there would be more; anything else when the data is not DEFLATE or ends too soon
 */
export type Inflate = (compressed: Uint8Array, window: Uint8Array, maxLength: number) => Uint8Array

/** What `MESSAGE_END` inflates to when the message ends where a block does. */
const MARK = [0x9e, 0x37, 0x79, 0xb9, 0x7f, 0x4a, 0x7c, 0x15]

/**
 * The four bytes of a sync flush that are taken off before sending (RFC 7692 §7.2.1 /3), then a last block that holds
 * the mark. A message that is cut short swallows some of it as its own data, and so does not end in the mark.
 */
const MESSAGE_END = [0, 0, 0xff, 0xff, 1, MARK.length, 0, 0xff - MARK.length, 0xff, ...MARK]

/** Follows one direction's compressed messages (RFC 7692 §7.2.2), keeping the window when the context is taken over. */
export class MessageInflater {
  readonly #inflate: Inflate
  readonly #keepsContext: boolean
  #window: Uint8Array = new Uint8Array(0)

  constructor(inflate: Inflate, parameters: DeflateParameters, sender: Role) {
    this.#inflate = inflate
    this.#keepsContext = !(sender === 'client'
      ? parameters.clientNoContextTakeover
      : parameters.serverNoContextTakeover)
  }

  /**
   * Inflates the payload of one whole message.
   * @throws whatever the inflate function throws
   */
  message(payload: Uint8Array, maxLength: number): Uint8Array {
    const data = new Uint8Array(payload.length + MESSAGE_END.length)
    data.set(payload)
    data.set(MESSAGE_END, payload.length)
    const marked = this.#inflate(data, this.#window, maxLength + MARK.length)
    const end = marked.length - MARK.length
    // Without the mark it ended by itself, in a block that says it is the last (RFC 7692 §7.2.3.4), or throws.
    const inflated = MARK.every((byte, i) => marked[end + i] === byte)
      ? marked.subarray(0, end)
      : this.#inflate(payload, this.#window, maxLength)
    if (this.#keepsContext) this.#slide(inflated)
    return inflated
  }

  #slide(inflated: Uint8Array): void {
    const kept = this.#window.subarray(Math.max(0, this.#window.length + inflated.length - MAX_WINDOW_BYTES))
    const added = inflated.subarray(Math.max(0, inflated.length - MAX_WINDOW_BYTES))
    const window = new Uint8Array(kept.length + added.length)
    window.set(kept)
    window.set(added, kept.length)
    this.#window = window
  }
}
