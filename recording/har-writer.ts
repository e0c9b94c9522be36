import type { Inflate } from '#protocol/deflate.ts'
import { agreedDeflate } from '#protocol/handshake.ts'
import { fieldValues, type RequestHead, type ResponseHead } from '#protocol/http-head.ts'
import { ConnectionTrace, type TraceItem } from '#protocol/trace.ts'
import { decodeUtf8, firstBadUtf8 } from '#protocol/utf8.ts'
import { base64OfBytes } from './base64.ts'
import { concat } from './bytes.ts'
import { isoMicros } from './iso-time.ts'
import { MAX_FILE_BYTES } from './limits.ts'
import { RECORDING_VERSION, startOf, type RecordedConnection, type Recording } from './recording.ts'
import { maskSecrets, type ExportOptions } from './secrets.ts'

/** Name under which our archives say who made them. */
export const HAR_CREATOR = 'websocket-anatomy'

export interface HarOptions extends ExportOptions {
  /** Inflates compressed messages, as Chromium's archives have them; without one they are marked `_compressed`. */
  readonly inflate?: Inflate
}

/** A message as Chromium's DevTools write it: text when the opcode is 1, base64 otherwise. */
interface HarMessage {
  readonly type: 'send' | 'receive'
  /** Seconds since 1970. */
  readonly time: number
  readonly opcode: number
  readonly data: string
  /** Ours: `data` is base64 of what crossed, which nobody inflated. */
  readonly _compressed?: true
}

type ItemOf<Kind extends TraceItem['kind']> = Extract<TraceItem, { kind: Kind }>

/**
 * Writes a recording as an HTTP archive (HAR 1.2), the way Chromium's DevTools do: one entry for each handshake, with
 * the messages in `_webSocketMessages`. Control frames, which DevTools do not know, are in `_webSocketControlFrames`.
 * An archive has no place for anything else: frames, masking keys, what breaks rules, script, marks and endings stay
 * out, and so does a connection without a readable request. Secrets are masked unless asked otherwise.
 */
export function toHar(recording: Recording, { secrets = 'mask', inflate }: HarOptions = {}): string {
  const { title, client, recordedAt, connections } = secrets === 'mask' ? maskSecrets(recording) : recording
  const start = startOf(recording)
  const log = {
    version: '1.2',
    creator: { name: HAR_CREATOR, version: String(RECORDING_VERSION) },
    browser: { name: client, version: '' },
    pages: [],
    entries: connections.flatMap(one => entryOf(one, start, inflate) ?? []),
    comment: title,
    _recordedAt: recordedAt,
  }
  return `${JSON.stringify({ log }, null, 1)}\n`
}

function entryOf(connection: RecordedConnection, start: number, inflate: Inflate | undefined) {
  const items = itemsOf(connection, inflate)
  const request = items.find(item => item.kind === 'request')
  if (!request) return undefined
  const response = items.findLast(item => item.kind === 'response')
  const frames = items.filter(item => item.kind === 'frame')
  const body = concat(
    items.flatMap(item => (item.kind === 'body' && item.from === 'server' ? [item.bytes] : [])),
  )
  const inflates =
    inflate !== undefined &&
    response !== undefined &&
    agreedDeflate(response.head, request.head) !== undefined
  const wait = milliseconds(response ? response.at - request.at : 0)
  const receive = milliseconds(response ? (items.at(-1)?.at ?? 0) - response.at : 0)
  return {
    startedDateTime: isoMicros(Math.round(start + request.at)),
    time: wait + receive,
    request: requestOf(request.head),
    response: responseOf(response?.head, body),
    cache: {},
    timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait, receive },
    connection: String(connection.id),
    comment: connection.lab,
    _resourceType: 'websocket',
    _webSocketMessages: frames.flatMap(frame => messageOf(frame, start, inflates) ?? []),
    _webSocketControlFrames: frames
      .filter(({ frame }) => frame.opcode >= 8)
      .map(frame => controlOf(frame, start)),
  }
}

/** What is understood of a connection up to the first thing missing. */
function itemsOf({ chunks, gaps }: RecordedConnection, inflate: Inflate | undefined): readonly TraceItem[] {
  const trace = new ConnectionTrace({ maxLength: MAX_FILE_BYTES, ...(inflate && { inflate }) })
  for (const { from, bytes, at } of chunks.slice(0, gaps[0]?.before)) trace.push(from, bytes, at)
  return trace.items
}

function requestOf(head: RequestHead) {
  const { method, target, version, fields, bytes } = head
  return {
    method,
    url: urlOf(head),
    httpVersion: version,
    headers: fields.map(({ name, value }) => ({ name, value })),
    queryString: queryOf(target),
    cookies: [],
    headersSize: bytes.length,
    bodySize: 0,
  }
}

/** Where a request was for. Of a Host that is none, each byte that cannot stand there in a URL is percent-encoded. */
function urlOf(head: RequestHead): string {
  const { target } = head
  if (/^https?:\/\//i.test(target)) return target.replace(/^http/i, 'ws')
  const [host = ''] = fieldValues(head, 'Host')
  const authority = host.replaceAll(
    /[^\w.:~!$&'()*+,;=%@[\]-]/g,
    byte => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
  return `ws://${authority}${target.startsWith('/') ? '' : '/'}${target}`
}

function responseOf(head: ResponseHead | undefined, body: Uint8Array) {
  const isText = firstBadUtf8(body) < 0
  return {
    status: head?.status ?? 0,
    statusText: head?.reason ?? '',
    httpVersion: head?.version ?? 'unknown',
    headers: head?.fields.map(({ name, value }) => ({ name, value })) ?? [],
    cookies: [],
    content: {
      size: body.length,
      mimeType: (head && fieldValues(head, 'Content-Type')[0]) ?? 'x-unknown',
      ...(body.length > 0 &&
        (isText ? { text: decodeUtf8(body) } : { text: base64OfBytes(body), encoding: 'base64' })),
    },
    redirectURL: (head && fieldValues(head, 'Location')[0]) ?? '',
    headersSize: head?.bytes.length ?? -1,
    bodySize: body.length,
  }
}

function queryOf(target: string): { name: string; value: string }[] {
  const query = /\?([^#]*)/.exec(target)?.[1] ?? ''
  return query
    .split('&')
    .filter(part => part !== '')
    .map(part => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(part) ?? []
      return { name: decoded(name), value: decoded(value) }
    })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/**
 * The message that a frame completes; its time is when its last byte came.
 * @param inflates whether compressed messages of the connection were inflated
 */
function messageOf(item: ItemOf<'frame'>, start: number, inflates: boolean): HarMessage | undefined {
  const { message } = item
  if (!message) return undefined
  const { kind, text, payload, compressed } = message
  return {
    ...placeOf(item, start),
    opcode: kind === 'text' ? 1 : 2,
    data: text ?? base64OfBytes(payload),
    ...(compressed && !inflates && { _compressed: true }),
  }
}

function controlOf(item: ItemOf<'frame'>, start: number): HarMessage {
  return { ...placeOf(item, start), opcode: item.frame.opcode, data: base64OfBytes(item.frame.payload) }
}

function placeOf({ from, at }: TraceItem, start: number) {
  return { type: from === 'client' ? 'send' : 'receive', time: Math.round(start + at) / 1e6 } as const
}

function milliseconds(micros: number): number {
  return Math.round(micros) / 1000
}
