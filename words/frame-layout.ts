import { parseClosePayload } from '#protocol/close-payload.ts'
import type { Frame } from '#protocol/frame.ts'
import { hexOf, hexStart } from '#protocol/hex.ts'
import { OPCODES, opcodeInfo } from '#protocol/opcodes.ts'
import type { Span } from './span.ts'
import { decodeUtf8, firstBadUtf8 } from '#protocol/utf8.ts'

/** What parts a frame can have, in their order on the wire. */
export type FrameSpanId =
  | 'fin'
  | 'rsv1'
  | 'rsv2'
  | 'rsv3'
  | 'opcode'
  | 'mask'
  | 'payload-length'
  | 'extended-length'
  | 'masking-key'
  | 'payload'
  | 'close-code'
  | 'close-reason'

/** A part of a frame. */
export interface FrameSpan extends Span {
  readonly id: FrameSpanId
}

const BASE = 'RFC 6455 §5.2'
/** Payload bytes whose hex a span's value holds; text is there whole. */
const MAX_HEX = 64

/**
 * Spans that partition the frame's bytes, and the bits of its first two, in order. Uses only what the frame says of
 * itself, so an illegal one has a layout too.
 */
export function layoutFrame(frame: Frame): FrameSpan[] {
  const { headLength, payloadLength, lengthForm, maskingKey } = frame
  const { code, section } = opcodeInfo(frame.opcode)
  const spans = [
    bits(0, 1, 'fin', 'FIN', bit(frame.fin)),
    bits(1, 2, 'rsv1', 'RSV1', bit(frame.rsv1)),
    bits(2, 3, 'rsv2', 'RSV2', bit(frame.rsv2)),
    bits(3, 4, 'rsv3', 'RSV3', bit(frame.rsv3)),
    bits(4, 8, 'opcode', 'opcode', `0x${code.toString(16).toUpperCase()}`, section),
    bits(8, 9, 'mask', 'MASK', bit(frame.masked)),
    bits(9, 16, 'payload-length', 'Payload len', String(shortLength(frame))),
  ]
  if (lengthForm !== 7)
    spans.push(
      span(2, 2 + lengthForm / 8, 'extended-length', 'Extended payload length', String(payloadLength)),
    )
  if (maskingKey)
    spans.push(
      span(headLength - 4, headLength, 'masking-key', 'Masking-key', hexOf(maskingKey), 'RFC 6455 §5.3'),
    )
  if (payloadLength > 0) spans.push(...payload(frame, section))
  return spans
}

function bits(
  start: number,
  end: number,
  id: FrameSpanId,
  name: string,
  value: string,
  section = BASE,
): FrameSpan {
  const byte = start >> 3
  return { ...span(byte, byte + 1, id, name, value, section), bits: { start, end } }
}

function span(
  start: number,
  end: number,
  id: FrameSpanId,
  name: string,
  value: string,
  section = BASE,
): FrameSpan {
  return { id, name, value, start, end, section }
}

function bit(set: boolean): string {
  return set ? '1' : '0'
}

/** What the seven bits say: the length, or which longer form follows. */
function shortLength({ lengthForm, payloadLength }: Frame): number {
  return lengthForm === 7 ? payloadLength : lengthForm === 16 ? 126 : 127
}

function payload(frame: Frame, section: string): FrameSpan[] {
  const { headLength, payloadLength, opcode } = frame
  const end = headLength + payloadLength
  if (opcode === OPCODES.close && payloadLength >= 2) {
    const { code, reason } = parseClosePayload(frame.payload)
    const codeEnd = headLength + 2
    const spans = [span(headLength, codeEnd, 'close-code', 'Status code', String(code), section)]
    if (end > codeEnd) spans.push(span(codeEnd, end, 'close-reason', 'Reason', reason, section))
    return spans
  }
  const isText = opcode === OPCODES.text && !frame.rsv1 && firstBadUtf8(frame.payload) < 0
  const value = isText ? decodeUtf8(frame.payload) : hexStart(frame.payload, MAX_HEX)
  return [span(headLength, end, 'payload', 'Payload Data', value, section)]
}
