import { acceptFor } from '#protocol/accept.ts'
import { HeadError, parseRequestHead, parseResponseHead } from '#protocol/http-head.ts'
import { DEFAULT_MAX_HEAD_LENGTH } from '#protocol/trace.ts'
import { damaged, tooMany } from './recording-error.ts'

/** A header field as archives write it. */
export interface HarHeader {
  readonly name: string
  readonly value: string
}

interface HarRequest {
  readonly method: string
  readonly url: string
  readonly httpVersion: string
  readonly headers: readonly HarHeader[]
}

interface HarResponse {
  readonly status: number
  readonly statusText: string
  readonly httpVersion: string
  readonly headers: readonly HarHeader[]
}

/** A head put together again from what an archive has of it. */
export interface RebuiltHead {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Fields of the handshake were added that the archive has nothing of. */
  readonly isFilled: boolean
}

/** Stands for the key that an archive does not have: sixteen bytes, all zero. */
const NO_KEY = 'AAAAAAAAAAAAAAAAAAAAAA=='

/**
 * The request of an entry.
 * @param fills whether the fields that make it a handshake are added when none of them is there, as where HTTP/2 has
 *   other ones (RFC 8441 §5) or nobody wrote them down
 * @throws RecordingError when it makes no HTTP head
 */
export function requestBytes(
  { method, url, httpVersion, headers }: HarRequest,
  where: string,
  fills: boolean,
): RebuiltHead {
  const [, authority = '', path] = /^(?:ws|http)s?:\/\/([^/?#]*)([^#]*)/i.exec(url) ?? []
  if (path === undefined) throw damaged(`${where}.url`, 'no address of a WebSocket')
  const target = path.startsWith('/') ? path : `/${path}`
  // What HTTP/2 begins a WebSocket with (RFC 8441 §4) is a GET in HTTP/1.1.
  const start = `${method === 'CONNECT' ? 'GET' : method} ${target}`
  const isFilled = fills && !has(headers, 'Upgrade') && !has(headers, 'Sec-WebSocket-Key')
  const added = [
    ...(has(headers, 'Host') ? [] : [{ name: 'Host', value: authority.replace(/^.*@/, '') }]),
    ...UPGRADE,
    { name: 'Sec-WebSocket-Key', value: NO_KEY },
    ...(has(headers, 'Sec-WebSocket-Version') ? [] : [{ name: 'Sec-WebSocket-Version', value: '13' }]),
  ]
  const bytes = headBytes(
    `${start} ${version(httpVersion)}`,
    isFilled ? [...headers, ...added] : headers,
    where,
  )
  return { bytes: wellFormed(bytes, parseRequestHead, where), isFilled }
}

/**
 * The response of an entry.
 * @param opens whether it opened the connection, whatever its status
 * @param request whose key is answered when the fields of the handshake are added as for `requestBytes`; undefined:
 *   nothing is added
 * @throws RecordingError when it makes no HTTP head
 */
export function responseBytes(
  { status, statusText, httpVersion, headers }: HarResponse,
  where: string,
  opens: boolean,
  request: RebuiltHead | undefined,
): RebuiltHead {
  const line = opens && status !== 101 ? '101 Switching Protocols' : `${status} ${statusText}`
  const isFilled =
    opens && request !== undefined && !has(headers, 'Upgrade') && !has(headers, 'Sec-WebSocket-Accept')
  const added = isFilled ? [...UPGRADE, { name: 'Sec-WebSocket-Accept', value: acceptOf(request) }] : []
  const bytes = headBytes(`${version(httpVersion)} ${line}`, [...headers, ...added], where)
  return { bytes: wellFormed(bytes, parseResponseHead, where), isFilled }
}

const UPGRADE: readonly HarHeader[] = [
  { name: 'Upgrade', value: 'websocket' },
  { name: 'Connection', value: 'Upgrade' },
]

function has(headers: readonly HarHeader[], name: string): boolean {
  return headers.some(header => header.name.toLowerCase() === name.toLowerCase())
}

function acceptOf({ bytes }: RebuiltHead): string {
  const { fields } = parseRequestHead(bytes)
  return acceptFor(fields.find(({ name }) => name.toLowerCase() === 'sec-websocket-key')?.value ?? '')
}

/** Archives of HTTP/2 and of no answer at all say other things; a rebuilt head is one of HTTP/1.1. */
function version(text: string): string {
  return /^http\/1\.\d$/i.test(text) ? text.toUpperCase() : 'HTTP/1.1'
}

function headBytes(startLine: string, headers: readonly HarHeader[], where: string): Uint8Array<ArrayBuffer> {
  const lines = [startLine]
  let left = DEFAULT_MAX_HEAD_LENGTH - startLine.length
  const take = (length: number): void => {
    left -= length
    if (left < 0) throw tooMany(where, DEFAULT_MAX_HEAD_LENGTH, 'bytes of a head')
  }
  for (const { name, value } of headers) {
    // What HTTP/2 has in place of a start line (RFC 9113 §8.3).
    if (name.startsWith(':')) continue
    // Before it is split: archives made from the devtools protocol join fields of one name by line feeds.
    take(value.length)
    for (const part of value.split('\n')) {
      take(name.length)
      lines.push(`${name}: ${part}`)
    }
  }
  return fieldBytes([...lines, '', ''].join('\r\n'))
}

/** Characters up to U+00FF are the bytes they came from; with any other it can only have been UTF-8. */
function fieldBytes(text: string): Uint8Array<ArrayBuffer> {
  const isLatin1 = !/[\u0100-\uffff]/.test(text)
  return isLatin1 ? Uint8Array.from(text, char => char.charCodeAt(0)) : new TextEncoder().encode(text)
}

function wellFormed<B extends Uint8Array>(bytes: B, parse: (bytes: Uint8Array) => unknown, where: string): B {
  try {
    parse(bytes)
    return bytes
  } catch (error) {
    if (error instanceof HeadError) throw damaged(where, `makes no HTTP head: ${error.message}`)
    throw error
  }
}
