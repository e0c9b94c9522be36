import { OPCODES } from '#protocol/opcodes.ts'
import type { TraceItem } from '#protocol/trace.ts'
import { prettyJson } from './json-text.ts'

type FrameItem = Extract<TraceItem, { kind: 'frame' }>

/** Ways of looking at a payload. */
export type PayloadView = 'mask' | 'characters' | 'text' | 'json' | 'deflate'

export const PAYLOAD_VIEW_LABELS: Readonly<Record<PayloadView, string>> = {
  mask: '마스킹',
  characters: '글자',
  text: '텍스트',
  json: 'JSON',
  deflate: '압축',
}

/** Everything that a frame's payload can be shown as, and what is needed for it. */
export interface PayloadFacts {
  readonly views: readonly PayloadView[]
  /** Bytes that are text: of the message this frame completes, else of the frame. */
  readonly textBytes: Uint8Array | undefined
  /** The text is that of a message of several frames, or of one that was compressed. */
  readonly isMessage: boolean
  readonly text: string | undefined
  readonly json: string | undefined
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export function payloadFacts(item: FrameItem): PayloadFacts {
  const { frame, message } = item
  const textBytes = textBytesOf(item)
  const text = textBytes && (message?.text ?? decoder.decode(textBytes))
  const json = text === undefined ? undefined : prettyJson(text)
  const views: PayloadView[] = [
    ...(message?.compressed === true || (frame.rsv1 && frame.opcode <= OPCODES.binary)
      ? ['deflate' as const]
      : []),
    ...(json === undefined ? [] : ['json' as const]),
    ...(textBytes ? ['characters' as const, 'text' as const] : []),
    ...(frame.masked && frame.payloadLength > 0 ? ['mask' as const] : []),
  ]
  return { views, textBytes, isMessage: textBytes !== undefined && textBytes !== frame.payload, text, json }
}

function textBytesOf({ frame, message }: FrameItem): Uint8Array | undefined {
  const { opcode, payload, rsv1 } = frame
  if (message?.kind === 'text' && message.text !== undefined) return some(message.payload)
  if (message) return undefined
  if (opcode === OPCODES.text && !rsv1) return some(payload)
  // A fragment, a ping's or a pong's payload may be text; of a Close the reason is.
  if (opcode === OPCODES.close) return some(payload.subarray(2))
  const mayBeText = opcode === OPCODES.continuation || opcode === OPCODES.ping || opcode === OPCODES.pong
  return mayBeText && isMostlyText(payload) ? some(payload) : undefined
}

function some(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.length > 0 ? bytes : undefined
}

function isMostlyText(payload: Uint8Array): boolean {
  const text = decoder.decode(payload.subarray(0, 256)).replaceAll(/[\t\n\r]/g, ' ')
  return !/[\p{Cc}\ufffd]/u.test(text.slice(1, -1))
}
