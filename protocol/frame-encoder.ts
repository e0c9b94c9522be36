import { applyMask } from './mask.ts'
import type { Opcode } from './opcodes.ts'

/** A frame that can be legal: what an endpoint that keeps the rules writes. */
export interface FrameFields {
  readonly opcode: Opcode
  /** Not masked; left as it is. Default empty. */
  readonly payload?: Uint8Array
  /** Default true. */
  readonly fin?: boolean
  /** Default false; the first frame of a compressed message sets it (RFC 7692 §6.1). */
  readonly rsv1?: boolean
  /** Four bytes, fresh and unpredictable (§5.3); with it the frame is masked, as a client's must be. */
  readonly maskingKey?: Uint8Array | undefined
}

/** A frame that may break rules on purpose. Everything beyond `FrameFields` is illegal when it changes anything. */
export interface AnyFrameFields extends Omit<FrameFields, 'opcode'> {
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
 * Writes one frame (RFC 6455 §5.2), legal or not.
 * @throws RangeError when a length does not fit the form it is to be written in, or a key is not four bytes
 */
export function encodeFrame(frame: FrameFields | AnyFrameFields): Uint8Array<ArrayBuffer> {
  const any: AnyFrameFields = frame
  const { payload = NOTHING, maskingKey } = frame
  const declared = any.declaredLength ?? payload.length
  const form = any.lengthForm ?? (declared < 126 ? 7 : declared < 0x10000 ? 16 : 64)
  if (declared < 0 || declared > LARGEST[form]) throw new RangeError(`${declared} does not fit ${form} bits`)
  if (maskingKey && maskingKey.length !== 4) throw new RangeError('a masking key is 4 bytes')
  const extended = form === 7 ? 0 : form / 8
  const head = 2 + extended + (maskingKey ? 4 : 0)

  const wire = new Uint8Array(head + payload.length)
  wire[0] =
    (frame.fin === false ? 0 : 0x80) |
    (frame.rsv1 ? 0x40 : 0) |
    (any.rsv2 ? 0x20 : 0) |
    (any.rsv3 ? 0x10 : 0) |
    (frame.opcode & 0xf)
  wire[1] = (maskingKey ? 0x80 : 0) | (form === 7 ? Number(declared) : form === 16 ? 126 : 127)
  if (form === 16) {
    wire[2] = Number(declared) >> 8
    wire[3] = Number(declared)
  } else if (form === 64) new DataView(wire.buffer).setBigUint64(2, BigInt(declared))

  wire.set(payload, head)
  if (maskingKey) {
    wire.set(maskingKey, head - 4)
    applyMask(wire.subarray(head), any.appliedKey ?? maskingKey)
  }
  return wire
}

const NOTHING = new Uint8Array(0)
/** Largest length each form can hold. 126 and 127 in seven bits mean the longer forms. */
const LARGEST = { 7: 125, 16: 0xffff, 64: 0xffff_ffff_ffff_ffffn } as const

/**
 * Splits a message into fragments (§5.4): the first keeps the opcode and RSV1, the rest are continuations, the last
 * has FIN. Cuts are payload offsets in ascending order and may fall anywhere, inside a character too.
 */
export function fragments(message: FrameFields, cuts: readonly number[]): FrameFields[] {
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
