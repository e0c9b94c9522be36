import { parseClosePayload } from '#protocol/close-payload.ts'
import type { Frame } from '#protocol/frame.ts'
import { hexOf } from '#protocol/hex.ts'
import { fieldValues, type RequestHead, type ResponseHead } from '#protocol/http-head.ts'
import { latin1 } from '#protocol/latin1.ts'
import { ROLES, type Role } from '#protocol/role.ts'
import { ConnectionTrace, type TraceItem } from '#protocol/trace.ts'
import { decodeUtf8 } from '#protocol/utf8.ts'
import type { RecordedChunk, Recording } from '#recording/recording.ts'
import { serverName, speaksTls, tlsRecords } from '../wire/tls-records.ts'

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

/**
 * What stands at a path of a recording's first connection, or after `connection.<n>.` of another (they count from 0):
 * `request|response.` + `length`, `fields`, `status`, `line`, `field.<name>`;
 * `client|server.frame.<n>.` + `length`, `headLength`, `payloadLength`, `hex`, `payload`, `text`, `maskingKey`,
 * `closeCode`, `byte.<n>`, `chunks` (how many reads or writes carried it), `chunk` (in which of them, counted from 1 behind
 * the head, it was whole); of a connection over TLS `client|server.record.<n>.length` and `.host`. Frames, records and bytes count from 0; `payload` is unmasked, `hex` and `byte` as they crossed.
 * @param name of the recording, for the error
 * @throws RecordedError when nothing stands there
 */
export function recordedValue(name: string, recording: Recording, path: string): RecordedValue {
  const { items, rest, chunks } = connectionAt(recording, path)
  const found = chunkValue(items, chunks, rest) ?? recordValue(chunks, rest) ?? valueIn(items, rest)
  if (found === undefined || found.text === '')
    throw new RecordedError(`recording "${name}" has no "${path}" (it has ${contents(recording)})`)
  return found
}

/**
 * The request or response head of a recording's first connection, or of another as in `connection.1.request`.
 * @throws RecordedError when it has none
 */
export function recordedHead(name: string, recording: Recording, side: string): Head {
  const { items, rest } = connectionAt(recording, side)
  const head = headOf(items, rest)
  if (!head) throw new RecordedError(`recording "${name}" has no "${side}" (it has ${contents(recording)})`)
  return head
}

/**
 * A frame of a recording's first connection, named as in `client.0`, or of another as in `connection.1.client.0`.
 * @throws RecordedError when there is no such frame
 */
export function recordedFrame(
  name: string,
  recording: Recording,
  which: string,
): { readonly frame: Frame; readonly from: Role } {
  const { items, rest } = connectionAt(recording, which)
  const [, sender, index] = /^(client|server)\.(\d+)$/.exec(rest) ?? []
  const from = ROLES.find(role => role === sender)
  const frame = from && framesOf(items, from)[Number(index)]
  if (!from || !frame)
    throw new RecordedError(`recording "${name}" has no frame "${which}" (it has ${contents(recording)})`)
  return { frame, from }
}

/** What stands at a path, read as `recordedValue` does, in what crossed on one connection; undefined when nothing. */
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

function verbatim(text: string): RecordedValue {
  return { text, verbatim: true }
}

/** What crossed on the connection that a path begins with, and the rest of the path. */
function connectionAt(
  recording: Recording,
  path: string,
): {
  readonly items: readonly TraceItem[]
  readonly chunks: readonly RecordedChunk[]
  readonly rest: string
} {
  const [, number = '0', rest = path] = /^connection\.(\d+)\.(.*)$/.exec(path) ?? []
  const connection = Number(number)
  return {
    items: itemsOf(recording, connection),
    chunks: recording.connections[connection]?.chunks ?? [],
    rest,
  }
}

/** What a path says of the reads or writes that carried a frame. */
function chunkValue(
  items: readonly TraceItem[],
  chunks: readonly RecordedChunk[],
  path: string,
): RecordedValue | undefined {
  const [, sender, index, what] = /^(client|server)\.frame\.(\d+)\.(chunks|chunk)$/.exec(path) ?? []
  const own = items.filter(item => item.from === sender)
  const head = own.find(({ kind }) => kind === 'request' || kind === 'response')
  const frame = own.filter(({ kind }) => kind === 'frame')[Number(index)]
  if (!head || !frame) return undefined
  const first = what === 'chunks' ? frame.chunks.first : head.chunks.last + 1
  const count = chunks.slice(first, frame.chunks.last + 1).filter(({ from }) => from === sender).length
  return { text: count.toLocaleString('ko'), verbatim: false }
}

/** What a path says of a record of TLS. */
function recordValue(chunks: readonly RecordedChunk[], path: string): RecordedValue | undefined {
  const [, sender, index, what] = /^(client|server)\.record\.(\d+)\.(length|host)$/.exec(path) ?? []
  if (sender === undefined || !speaksTls(chunks)) return undefined
  const record = tlsRecords(chunks).filter(({ from }) => from === sender)[Number(index)]
  if (!record) return undefined
  if (what === 'length') return { text: record.bytes.length.toLocaleString('ko'), verbatim: false }
  const host = serverName(record)
  return host === undefined ? undefined : verbatim(host)
}

function itemsOf(recording: Recording, connection: number): readonly TraceItem[] {
  const trace = new ConnectionTrace()
  for (const { from, bytes, at } of recording.connections[connection]?.chunks ?? [])
    trace.push(from, bytes, at)
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
  const all = recording.connections.map((_, connection) => {
    const items = itemsOf(recording, connection)
    const heads = ['request', 'response'].filter(side => headOf(items, side))
    return [...heads, ...ROLES.map(role => `${framesOf(items, role).length} frames of the ${role}`)].join(
      ', ',
    )
  })
  return all
    .map((words, connection) => (connection === 0 ? words : `connection.${connection}: ${words}`))
    .join('; ')
}
