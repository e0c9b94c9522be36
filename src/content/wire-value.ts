import { parseClosePayload } from '#protocol/close-payload.ts'
import type { Frame } from '#protocol/frame.ts'
import { hexOf } from '#protocol/hex.ts'
import { fieldValues, type RequestHead, type ResponseHead } from '#protocol/http-head.ts'
import { latin1 } from '#protocol/latin1.ts'
import { ROLES, type Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'
import { decodeUtf8 } from '#protocol/utf8.ts'

/** A value as lessons print it. */
export interface RecordedValue {
  readonly text: string
  /** Whether it stands on the wire in this spelling, or is its bytes in hexadecimal: shown as code. */
  readonly verbatim: boolean
}

export type Head = RequestHead | ResponseHead
type Read<T> = (subject: T) => string | number | undefined

const FRAME_COUNTS: Readonly<Record<string, Read<Frame>>> = {
  length: frame => frame.wire.length,
  headLength: frame => frame.headLength,
  payloadLength: frame => frame.payloadLength,
  overheadPercent: ({ wire, payloadLength }) =>
    payloadLength === 0 ? undefined : Math.round(((wire.length - payloadLength) / payloadLength) * 100),
}
const FRAME_TEXTS: Readonly<Record<string, Read<Frame>>> = {
  hex: frame => hexOf(frame.wire),
  payload: frame => hexOf(frame.payload),
  text: frame => decodeUtf8(frame.payload),
  maskingKey: frame => frame.maskingKey && hexOf(frame.maskingKey),
  closeCode: frame => (frame.opcode === 0x8 ? parseClosePayload(frame.payload).code : undefined),
}
const HEAD_COUNTS: Readonly<Record<string, Read<Head>>> = {
  length: head => head.bytes.length,
  fields: head => head.fields.length,
  status: head => (head.kind === 'response' ? head.status : undefined),
}
const HEAD_TEXTS: Readonly<Record<string, Read<Head>>> = {
  line: head => latin1(head.bytes, 0, (head.fields[0]?.line.start ?? head.bytes.length - 2) - 2),
}

/** What stands at a path, read as `recordedValue` (`recorded.ts`) does, in what crossed on one connection; undefined when nothing. */
export function valueIn(items: readonly TraceItem[], path: string): RecordedValue | undefined {
  const [, side = '', ofHead] = /^(request|response)\.(.+)$/.exec(path) ?? []
  if (ofHead !== undefined) {
    const head = headOf(items, side)
    const field = /^field\.(.+)$/.exec(ofHead)?.[1]
    if (!head) return undefined
    if (field !== undefined) return verbatim(fieldValues(head, field).join(', '))
    return read(HEAD_COUNTS, HEAD_TEXTS, ofHead, head)
  }
  const [, sender, index, ofFrame] = /^(client|server)\.frame\.(\d+)\.(.+)$/.exec(path) ?? []
  const from = ROLES.find(role => role === sender)
  const frame = from && framesOf(items, from)[Number(index)]
  if (!frame || ofFrame === undefined) return undefined
  const at = /^byte\.(\d+)$/.exec(ofFrame)?.[1]
  if (at !== undefined) return verbatim(hexOf(frame.wire.subarray(Number(at), Number(at) + 1)))
  return read(FRAME_COUNTS, FRAME_TEXTS, ofFrame, frame)
}

function read<T>(
  counts: Readonly<Record<string, Read<T>>>,
  texts: Readonly<Record<string, Read<T>>>,
  key: string,
  subject: T,
): RecordedValue | undefined {
  const count = Object.hasOwn(counts, key) ? counts[key]?.(subject) : undefined
  if (count !== undefined) return { text: count.toLocaleString('ko'), verbatim: false }
  const text = Object.hasOwn(texts, key) ? texts[key]?.(subject) : undefined
  return text === undefined ? undefined : verbatim(String(text))
}

export function verbatim(text: string): RecordedValue {
  return { text, verbatim: true }
}

export function headOf(items: readonly TraceItem[], side: string): Head | undefined {
  const item = items.find(each => each.kind === side)
  return item?.kind === 'request' || item?.kind === 'response' ? item.head : undefined
}

export function framesOf(items: readonly TraceItem[], from: Role): readonly Frame[] {
  return items.flatMap(item => (item.kind === 'frame' && item.from === from ? [item.frame] : []))
}
