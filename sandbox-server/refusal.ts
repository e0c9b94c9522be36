import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Limits } from './limits.ts'
import type { TapSocket } from './tap.ts'

/** An HTTP answer that is not what the client hoped for. */
export interface HttpRefusal {
  readonly status: number
  readonly reason: string
  readonly fields?: readonly (readonly [name: string, value: string])[]
  /** One English sentence, the body. */
  readonly detail: string
}

export const BAD_REQUEST = { status: 400, reason: 'Bad Request' } as const

export const METHOD_NOT_ALLOWED: HttpRefusal = {
  status: 405,
  reason: 'Method Not Allowed',
  fields: [['Allow', 'GET, HEAD']],
  detail: 'Nothing is tunnelled here.',
}

export const FULL: HttpRefusal = {
  status: 503,
  reason: 'Service Unavailable',
  fields: [['Retry-After', '5']],
  detail: 'The sandbox is full.',
}

/** An address with too many connections, or too many new ones. */
export const TOO_MANY_CONNECTIONS: HttpRefusal = {
  status: 429,
  reason: 'Too Many Requests',
  fields: [['Retry-After', '60']],
  detail: 'There are too many connections from this address.',
}

/** What a proxy says that reaches no server. */
export const BAD_GATEWAY: HttpRefusal = {
  status: 502,
  reason: 'Bad Gateway',
  detail: 'The proxy could not connect to the server behind it.',
}

export const NOT_FOUND: HttpRefusal = {
  status: 404,
  reason: 'Not Found',
  detail: 'There is no such place in the sandbox.',
}

/** True for a request target above the limit. */
export function isLong(request: IncomingMessage, { urlBytes }: Limits): boolean {
  return (request.url?.length ?? 0) > urlBytes
}

export function uriTooLong({ urlBytes }: Limits): HttpRefusal {
  return { status: 414, reason: 'URI Too Long', detail: `A request target has at most ${urlBytes} bytes.` }
}

/**
 * What to answer when http gave up on a connection.
 * @param code of the error http reports
 * @param start what the client began with, as far as it was kept
 */
export function refusalOfClientError(
  code: string | undefined,
  start: Uint8Array | undefined,
  limits: Limits,
): HttpRefusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, reason: 'Request Timeout', detail: 'The request did not come in time.' }
  if (code !== 'HPE_HEADER_OVERFLOW') return { ...BAD_REQUEST, detail: 'The request is not HTTP.' }
  const lineLength = start?.indexOf(10) ?? 0
  if (lineLength === -1 || lineLength > limits.urlBytes + 'GET  HTTP/1.1\r\n'.length)
    return uriTooLong(limits)
  return {
    status: 431,
    reason: 'Request Header Fields Too Large',
    detail: `A request has at most ${limits.headBytes} bytes before its body.`,
  }
}

function fieldsOf(refusal: HttpRefusal): [name: string, value: string][] {
  const fields = refusal.fields ?? []
  const connection = fields.filter(([name]) => name === 'Connection').map(([, value]) => value)
  return [
    ...fields
      .filter(([name]) => name !== 'Connection')
      .map(([name, value]): [string, string] => [name, value]),
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Content-Length', String(Buffer.byteLength(bodyOf(refusal)))],
    ['Connection', [...connection, 'close'].join(', ')],
  ]
}

function bodyOf(refusal: HttpRefusal): string {
  return `${refusal.detail}\n`
}

/** Answers on a socket that no http response speaks for (an upgrade, a parse error), and ends it. */
export function refuseSocket(socket: TapSocket, refusal: HttpRefusal): void {
  const lines = fieldsOf(refusal).map(([name, value]) => `${name}: ${value}\r\n`)
  if (socket.writable)
    socket.write(`HTTP/1.1 ${refusal.status} ${refusal.reason}\r\n${lines.join('')}\r\n${bodyOf(refusal)}`)
  socket.destroySoon()
}

/** Answers an ordinary request, and ends its connection. */
export function refuseRequest(response: ServerResponse, refusal: HttpRefusal): void {
  response.writeHead(refusal.status, refusal.reason, fieldsOf(refusal).flat())
  response.end(bodyOf(refusal))
}
