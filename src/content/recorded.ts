import type { Frame } from '#protocol/frame.ts'
import { ROLES, type Role } from '#protocol/role.ts'
import { ConnectionTrace, type TraceItem } from '#protocol/trace.ts'
import type { RecordedChunk, Recording } from '#recording/recording.ts'
import { serverName, speaksTls, tlsRecords } from '../wire/tls-records.ts'
import { framesOf, headOf, valueIn, verbatim, type Head, type RecordedValue } from './wire-value.ts'

/** A lesson asks a recording for something it does not hold; the message names the recording and the path. */
export class RecordedError extends Error {
  override readonly name = 'RecordedError'
}

/**
 * What stands at a path of a recording's first connection, or after `connection.<n>.` of another (they count from 0):
 * `request|response.` + `length`, `fields`, `status`, `line`, `field.<name>`;
 * `client|server.frame.<n>.` + `length`, `headLength`, `payloadLength`, `overheadPercent`, `hex`, `payload`, `text`, `maskingKey`,
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
