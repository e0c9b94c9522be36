// Apart from `commands.ts`, whose checks no page needs.

/** Most bytes that one write command may carry: a frame one byte above the largest a lab takes, and its head. */
export const MAX_WRITE_BYTES = 64 * 1024 + 256

/** Bytes for a connection that the page plays one end of; a binary message (`encodeWrite`). */
export interface Write {
  readonly type: 'write'
  /** 0 to 2^32 − 1. */
  readonly request: number
  readonly connection: number
  readonly bytes: Uint8Array
}

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

/** Reads a binary message of a page; what is no write comes back as the fault. */
export function parseWrite(message: Uint8Array): Write | { readonly fault: CommandFault } {
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
