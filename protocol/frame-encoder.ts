import { maskRange, wordAt } from './mask.ts'
import type { ControlOpcode, DataOpcode } from './opcodes.ts'
import { pooled } from './pool.ts'

/** What frames of both kinds have. */
interface Masked {
  /** Not masked; left as it is. Default empty. */
  readonly payload?: Uint8Array
  /** Four bytes, fresh and unpredictable (§5.3); with it the frame is masked, as a client's must be. */
  readonly maskingKey?: Uint8Array | undefined
}

/** A frame of a message as an endpoint that keeps the rules writes it. */
export interface DataFrameFields extends Masked {
  readonly opcode: DataOpcode
  /** Default true. */
  readonly fin?: boolean
  /** Default false; the first frame of a compressed message sets it (RFC 7692 §6). */
  readonly rsv1?: boolean
}

/** A control frame as an endpoint that keeps the rules writes it: whole, and never compressed. */
export interface ControlFrameFields extends Masked {
  readonly opcode: ControlOpcode
  readonly fin?: true
  readonly rsv1?: false
}

/** A frame that can be legal. */
export type FrameFields = DataFrameFields | ControlFrameFields

/** A frame that may break rules on purpose. What is beyond `FrameFields` is illegal when it changes anything. */
export interface AnyFrameFields extends Omit<DataFrameFields, 'opcode'> {
  /** 0–15; 3–7 and 11–15 are reserved. */
  readonly opcode: number
  readonly rsv2?: boolean
  readonly rsv3?: boolean
  /** Bits to write the length with; by default the fewest that hold it (§5.2). */
  readonly lengthForm?: 7 | 16 | 64
  /** Length written in the head, whatever the payload's is: 0 to 2^64 − 1. */
  readonly declaredLength?: number | bigint
  /** Key the payload is really masked with, when it is not the one written in the head. */
  readonly appliedKey?: Uint8Array
}

/**
 * Writes one frame (RFC 6455 §5.2), legal or not. Frames below 4 KiB share their memory with others, as Node's small
 * Buffers do: use the array that comes back, not its `buffer`.
 * @throws RangeError when a length does not fit the form it is to be written in, or a key is not four bytes
 */
export function encodeFrame(frame: AnyFrameFields): Uint8Array<ArrayBuffer> {
  const { payload = NOTHING, maskingKey, declaredLength, lengthForm } = frame
  const { length } = payload
  const form = lengthForm ?? (declaredLength === undefined ? fewestBits(length) : fewestBits(declaredLength))
  if (maskingKey && maskingKey.length !== 4) throw new RangeError('a masking key is 4 bytes')
  const head = (form === 7 ? 2 : form === 16 ? 4 : 10) + (maskingKey ? 4 : 0)

  const wire = pooled(head + length, head)
  wire[0] =
    (frame.fin === false ? 0 : 0x80) |
    (frame.rsv1 ? 0x40 : 0) |
    (frame.rsv2 ? 0x20 : 0) |
    (frame.rsv3 ? 0x10 : 0) |
    (frame.opcode & 0xf)
  const maskBit = maskingKey ? 0x80 : 0
  if (lengthForm !== undefined || declaredLength !== undefined || form === 64)
    writeLength(wire, maskBit, form, declaredLength ?? length)
  else if (form === 7) wire[1] = maskBit | length
  else {
    wire[1] = maskBit | 126
    wire[2] = length >> 8
    wire[3] = length
  }

  if (!maskingKey) wire.set(payload, head)
  else {
    const { appliedKey: key = maskingKey } = frame
    wire[head - 4] = maskingKey[0] ?? 0
    wire[head - 3] = maskingKey[1] ?? 0
    wire[head - 2] = maskingKey[2] ?? 0
    wire[head - 1] = maskingKey[3] ?? 0
    if (length < COPY_PAYS_FROM) maskInto(wire, head, payload, wordAt(key, 0))
    else {
      wire.set(payload, head)
      maskRange(wire, head, head + length, wordAt(key, 0))
    }
  }
  return wire
}

function fewestBits(length: number | bigint): 7 | 16 | 64 {
  return length < 126 ? 7 : length < 0x10000 ? 16 : 64
}

/** The general way: any length in any form that holds it. */
function writeLength(wire: Uint8Array, maskBit: number, form: 7 | 16 | 64, length: number | bigint): void {
  if (length < 0 || length > LARGEST[form]) throw new RangeError(`${length} does not fit ${form} bits`)
  wire[1] = maskBit | (form === 7 ? Number(length) : form === 16 ? 126 : 127)
  const view = new DataView(wire.buffer, wire.byteOffset)
  if (form === 16) view.setUint16(2, Number(length))
  else if (form === 64) view.setBigUint64(2, BigInt(length))
}

function maskInto(wire: Uint8Array, head: number, payload: Uint8Array, key: number): void {
  const { length } = payload
  let i = 0
  for (; i + 4 <= length; i += 4) {
    wire[head + i] = (payload[i] ?? 0) ^ (key >>> 24)
    wire[head + i + 1] = (payload[i + 1] ?? 0) ^ (key >>> 16)
    wire[head + i + 2] = (payload[i + 2] ?? 0) ^ (key >>> 8)
    wire[head + i + 3] = (payload[i + 3] ?? 0) ^ key
  }
  for (let shift = 24; i < length; i++, shift -= 8) wire[head + i] = (payload[i] ?? 0) ^ (key >>> shift)
}

const NOTHING = new Uint8Array(0)
/** Largest length each form can hold. 126 and 127 in seven bits mean the longer forms. */
const LARGEST = { 7: 125, 16: 0xffff, 64: 0xffff_ffff_ffff_ffffn } as const
/** Below this many bytes, masking while copying is cheaper than copying first. */
const COPY_PAYS_FROM = 48

/**
 * Splits a message into fragments (§5.4): the first keeps the opcode and RSV1, the rest are continuations, the last
 * has FIN. Cuts are payload offsets in ascending order and may fall anywhere, inside a character too. Masking keys are
 * for each fragment to get anew.
 */
export function fragments(
  message: Omit<DataFrameFields, 'maskingKey'>,
  cuts: readonly number[],
): DataFrameFields[] {
  const { payload = NOTHING } = message
  const edges = [0, ...cuts, payload.length]
  return edges.slice(1).map((end, i) => ({
    ...message,
    opcode: i === 0 ? message.opcode : 0,
    rsv1: i === 0 && message.rsv1 === true,
    fin: i === cuts.length && message.fin !== false,
    payload: payload.subarray(edges[i], end),
  }))
}
