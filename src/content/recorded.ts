import { parseClosePayload } from '#protocol/close-payload.ts'
import type { Frame } from '#protocol/frame.ts'
import { fieldValues, type RequestHead, type ResponseHead } from '#protocol/http-head.ts'
import { latin1 } from '#protocol/latin1.ts'
import { ROLES, type Role } from '#protocol/role.ts'
import { ConnectionTrace, type TraceItem } from '#protocol/trace.ts'
import { decodeUtf8 } from '#protocol/utf8.ts'
import type { Recording } from '#recording/recording.ts'

/** A lesson asks a recording for something it does not hold; the message names the recording and the path. */
export class RecordedError extends Error {
  override readonly name = 'RecordedError'
}

/** A value as lessons print it. */
export interface RecordedValue {
  readonly text: string
  /** Whether it stands on the wire in this spelling, or is its bytes in hexadecimal: shown as code. */
  readonly verbatim: boolean
}

type Head = RequestHead | ResponseHead
type Read<T> = (subject: T) => string | number | undefined

const FRAME_COUNTS: Readonly<Record<string, Read<Frame>>> = {
  length: frame => frame.wire.length,
  headLength: frame => frame.headLength,
  payloadLength: frame => frame.payloadLength,
}
const FRAME_TEXTS: Readonly<Record<string, Read<Frame>>> = {
  hex: frame => hex(frame.wire),
  payload: frame => hex(frame.payload),
  text: frame => decodeUtf8(frame.payload),
  maskingKey: frame => frame.maskingKey && hex(frame.maskingKey),
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

/**
 * What stands at a path of a recording's first connection:
 * `request|response.` + `length`, `fields`, `status`, `line`, `field.<name>`;
 * `client|server.frame.<n>.` + `length`, `headLength`, `payloadLength`, `hex`, `payload`, `text`, `maskingKey`,
 * `closeCode`, `byte.<n>`. Frames and bytes count from 0; `payload` is unmasked, `hex` and `byte` as they crossed.
 * @param name of the recording, for the error
 * @throws RecordedError when nothing stands there
 */
export function recordedValue(name: string, recording: Recording, path: string): RecordedValue {
  const found = find(recording, path)
  if (found === undefined || found.text === '')
    throw new RecordedError(`recording "${name}" has no "${path}" (it has ${contents(recording)})`)
  return found
}

/**
 * The request or response head of a recording's first connection.
 * @throws RecordedError when it has none
 */
export function recordedHead(name: string, recording: Recording, side: string): Head {
  const head = headOf(itemsOf(recording), side)
  if (!head) throw new RecordedError(`recording "${name}" has no "${side}" (it has ${contents(recording)})`)
  return head
}

/**
 * A frame of a recording's first connection, named as in `client.0`.
 * @throws RecordedError when there is no such frame
 */
export function recordedFrame(
  name: string,
  recording: Recording,
  which: string,
): { readonly frame: Frame; readonly from: Role } {
  const [, sender, index] = /^(client|server)\.(\d+)$/.exec(which) ?? []
  const from = ROLES.find(role => role === sender)
  const frame = from && framesOf(itemsOf(recording), from)[Number(index)]
  if (!from || !frame)
    throw new RecordedError(`recording "${name}" has no frame "${which}" (it has ${contents(recording)})`)
  return { frame, from }
}

function find(recording: Recording, path: string): RecordedValue | undefined {
  const items = itemsOf(recording)
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
  if (at !== undefined) return verbatim(hex(frame.wire.subarray(Number(at), Number(at) + 1)))
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

function verbatim(text: string): RecordedValue {
  return { text, verbatim: true }
}

function itemsOf(recording: Recording): readonly TraceItem[] {
  const trace = new ConnectionTrace()
  for (const { from, bytes, at } of recording.connections[0]?.chunks ?? []) trace.push(from, bytes, at)
  return trace.items
}

function headOf(items: readonly TraceItem[], side: string): Head | undefined {
  const item = items.find(each => each.kind === side)
  return item?.kind === 'request' || item?.kind === 'response' ? item.head : undefined
}

function framesOf(items: readonly TraceItem[], from: Role): readonly Frame[] {
  return items.flatMap(item => (item.kind === 'frame' && item.from === from ? [item.frame] : []))
}

function contents(recording: Recording): string {
  const items = itemsOf(recording)
  const heads = ['request', 'response'].filter(side => headOf(items, side))
  return [...heads, ...ROLES.map(role => `${framesOf(items, role).length} frames of the ${role}`)].join(', ')
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ')
}
