import * as v from 'valibot'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { parseClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import { bytesOfBase64 } from './base64.ts'
import { requestBytes, responseBytes } from './har-heads.ts'
import { HAR_CREATOR } from './har-writer.ts'
import { microsOfIso } from './iso-time.ts'
import { parseJson } from './json.ts'
import { MAX_CHUNKS, MAX_TEXT_LENGTH } from './limits.ts'
import { damaged, RecordingError, tooMany } from './recording-error.ts'
import {
  checkRecording,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type Mark,
  type RecordedChunk,
  type RecordedConnection,
  type Recording,
} from './recording.ts'
import { validated } from './validate.ts'

const finite = v.pipe(v.number(), v.finite())
const header = v.object({ name: v.string(), value: v.string() })
const message = v.object({
  type: v.string(),
  time: finite,
  opcode: finite,
  data: v.string(),
  _compressed: v.optional(v.boolean()),
})
const entrySchema = v.object({
  startedDateTime: v.pipe(v.string(), v.isoTimestamp()),
  comment: v.optional(v.string()),
  connection: v.optional(v.string()),
  request: v.object({
    method: v.string(),
    url: v.string(),
    httpVersion: v.optional(v.string(), ''),
    headers: v.array(header),
  }),
  response: v.object({
    status: finite,
    statusText: v.optional(v.string(), ''),
    httpVersion: v.optional(v.string(), ''),
    headers: v.array(header),
    content: v.optional(v.object({ text: v.optional(v.string()), encoding: v.optional(v.string()) })),
  }),
  timings: v.optional(v.object({ wait: v.optional(finite) })),
  _webSocketMessages: v.optional(v.array(message), []),
  _webSocketControlFrames: v.optional(v.array(message), []),
})
const logSchema = v.object({
  log: v.object({
    creator: v.optional(v.object({ name: v.optional(v.string()) })),
    browser: v.optional(v.object({ name: v.optional(v.string()), version: v.optional(v.string()) })),
    comment: v.optional(v.string()),
    entries: v.array(v.unknown()),
    _recordedAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  }),
})
type Entry = v.InferOutput<typeof entrySchema>
type Message = v.InferOutput<typeof message>

const REBUILT =
  'HAR의 메시지로 재구성한 연결입니다. 헤더와 메시지의 내용은 파일에 있는 그대로이지만 프레임의 경계와 마스킹 키, 청크는 원래의 것이 아닙니다.'
const FILLED = '파일에 없는 핸드셰이크 헤더는 규칙대로 채웠습니다.'

/**
 * Reads the WebSocket connections of an HTTP archive (HAR 1.2 with `_webSocketMessages`), as Chromium's and Firefox's
 * developer tools and `toHar` write it. An archive holds no bytes, so they are rebuilt: heads from their fields, each
 * message as one frame. What is rebuilt breaks no rule by itself, only what the archive says can; so the client's
 * frames have the masking keys 00000000, 00000001 and so on. A mark on each connection says that it is rebuilt.
 * @param source JSON text, or parsed JSON
 * @param title of a recording that brings none
 * @throws RecordingError when it is no archive, damaged, or has no WebSocket in it
 */
export function fromHar(source: unknown, title = ''): Recording {
  const { log } = validated(logSchema, typeof source === 'string' ? parseJson(source) : source, '')
  const isOurs = log.creator?.name === HAR_CREATOR
  let messages = 0
  const entries = log.entries.flatMap((entry, i) => {
    if (!isWebSocket(entry)) return []
    const where = `log.entries.${i}`
    const read = validated(entrySchema, entry, where)
    messages += read._webSocketMessages.length + read._webSocketControlFrames.length
    if (messages > MAX_CHUNKS) throw tooMany(where, MAX_CHUNKS, 'messages')
    return [{ ...read, where, at: microsOfIso(read.startedDateTime, `${where}.startedDateTime`) }]
  })
  if (entries.length === 0)
    throw new RecordingError(
      'nothing-inside',
      'log.entries',
      `no WebSocket among ${log.entries.length} requests`,
    )
  const first = entries.reduce((least, entry) => Math.min(least, entry.at), Infinity)
  const recordedAt = (isOurs && log._recordedAt) || new Date(Math.floor(first / 1000)).toISOString()
  const start = microsOfIso(recordedAt, 'log._recordedAt')
  const rebuilt = entries.map((entry, i) => connectionOf(entry, isOurs, i + 1, start))
  const connections = rebuilt.map(({ connection }) => connection)
  const marks = rebuilt.map(({ connection: { id, chunks }, isFilled }): Mark => ({
    at: chunks[0]?.at ?? 0,
    connection: id,
    label: isFilled ? `${REBUILT} ${FILLED}` : REBUILT,
  }))
  const recording: Recording = {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    title: short((isOurs && log.comment) || title),
    client: short([log.browser?.name ?? '', log.browser?.version ?? ''].join(' ').trim()),
    recordedAt,
    connections,
    marks,
  }
  checkRecording(recording)
  return recording
}

function short(text: string): string {
  return text.slice(0, MAX_TEXT_LENGTH)
}

const webSocketSchema = v.union([
  v.object({ _webSocketMessages: v.unknown() }),
  v.object({ _resourceType: v.literal('websocket') }),
  v.object({ request: v.object({ url: v.pipe(v.string(), v.regex(/^wss?:/i)) }) }),
])

/** Whether an entry is to be read; whatever else a page loaded is passed over. */
function isWebSocket(entry: unknown): boolean {
  return v.safeParse(webSocketSchema, entry, { abortEarly: true }).success
}

function connectionOf(
  entry: Entry & { readonly where: string; readonly at: number },
  isOurs: boolean,
  number: number,
  start: number,
): { readonly connection: RecordedConnection; readonly isFilled: boolean } {
  const { request, response, timings, where } = entry
  const messages = [
    ...entry._webSocketMessages.map((each, i) => ({ ...each, where: `${where}._webSocketMessages.${i}` })),
    // DevTools do not know control frames; others write them among the messages, as text.
    ...entry._webSocketControlFrames.map((each, i) => ({
      ...each,
      where: `${where}._webSocketControlFrames.${i}`,
      isBase64: true,
    })),
  ]
  if (isOurs) messages.sort((a, b) => a.time - b.time)
  const chunks: RecordedChunk[] = []
  let now = Math.max(0, entry.at - start)
  const add = (from: Role, at: number, bytes: Uint8Array<ArrayBuffer>): void => {
    now = Math.max(now, at)
    if (bytes.length > 0) chunks.push({ from, at: now, bytes })
  }
  // Ours has every field that crossed.
  const asked = requestBytes(request, `${where}.request`, !isOurs)
  let { isFilled } = asked
  add('client', now, asked.bytes)
  // Who came to look later knows no status and writes 0 or −1; HTTP/2 has 200 (RFC 8441 §5).
  const isAnswered = response.status > 0
  const isOpen = response.status === 101 || (messages.length > 0 && (!isAnswered || response.status === 200))
  if (isOpen || isAnswered) {
    const firstMessage = messages.find(({ type }) => type !== 'error')
    const answered = now + Math.round(Math.max(0, timings?.wait ?? 0) * 1000)
    const spoken = firstMessage ? timeOf(firstMessage) - start : Infinity
    const answer = responseBytes(response, `${where}.response`, isOpen, isOurs ? undefined : asked)
    isFilled ||= answer.isFilled
    add('server', Math.min(answered, spoken), answer.bytes)
    if (!isOpen) add('server', now, bodyBytes(response, `${where}.response.content.text`))
  }
  if (!isOpen && messages.length > 0)
    throw damaged(`${where}.response.status`, `messages after status ${response.status}`)
  let masked = 0
  for (const each of messages) {
    const from = each.type === 'send' ? 'client' : each.type === 'receive' ? 'server' : undefined
    // Chromium notes failures among the messages; they crossed nothing.
    if (!from) continue
    const maskingKey = from === 'client' ? keyOf(masked++) : undefined
    add(from, timeOf(each) - start, frameBytes(each, maskingKey))
  }
  const id = isOurs ? Number(entry.connection) : number
  const lab = isOurs ? short(entry.comment ?? '') : ''
  return { connection: { id, lab, chunks, gaps: [], endings: [], script: [] }, isFilled }
}

/** Above this a time cannot be in seconds: Playwright writes milliseconds. */
const MOST_SECONDS = 1e11

/** Whole microseconds since 1970. */
function timeOf({ time }: Message): number {
  return Math.round(time * (time > MOST_SECONDS ? 1e3 : 1e6))
}

function bodyBytes({ content }: Entry['response'], where: string): Uint8Array<ArrayBuffer> {
  const { text = '', encoding } = content ?? {}
  return encoding === 'base64' ? base64Bytes(text, where) : new TextEncoder().encode(text)
}

/** Another masking key for every frame of a client (RFC 6455 §5.3), the same ones whenever the file is read. */
function keyOf(frame: number): Uint8Array {
  return Uint8Array.of(frame >> 24, frame >> 16, frame >> 8, frame)
}

function frameBytes(
  each: Message & { readonly where: string; readonly isBase64?: boolean },
  maskingKey: Uint8Array | undefined,
): Uint8Array<ArrayBuffer> {
  const { opcode, where, _compressed: rsv1 = false } = each
  if (!(Number.isInteger(opcode) && opcode >= 0 && opcode <= 15)) throw damaged(where, `opcode ${opcode}`)
  return encodeFrame({ opcode, payload: payloadOf(each), rsv1, maskingKey }).slice()
}

function payloadOf(
  each: Message & { readonly where: string; readonly isBase64?: boolean },
): Uint8Array<ArrayBuffer> {
  const { opcode, data, where, _compressed = false, isBase64 = false } = each
  const isText = !_compressed && (opcode === OPCODES.text || (opcode >= OPCODES.close && !isBase64))
  if (!isText) return base64Bytes(data, `${where}.data`)
  if (opcode === OPCODES.close && /^[\0-\u00ff]*$/.test(data)) {
    // The code of a Close is no text: it is there as the characters that its bytes are in Latin-1, or not at all.
    const bytes = Uint8Array.from(data, char => char.charCodeAt(0))
    if (!parseClosePayload(bytes).fault) return bytes
  }
  return new TextEncoder().encode(data)
}

function base64Bytes(text: string, where: string): Uint8Array<ArrayBuffer> {
  const bytes = bytesOfBase64(text)
  if (!bytes) throw damaged(where, 'not base64')
  return bytes
}
