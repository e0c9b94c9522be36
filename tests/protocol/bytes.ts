import {
  parseRequestHead,
  parseResponseHead,
  type RequestHead,
  type ResponseHead,
} from '#protocol/http-head.ts'

/** Bytes from their hex, spaces ignored. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))
}

/** Bytes of a string of UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** Cuts bytes at these offsets. */
export function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((end, i) => bytes.slice(edges[i], end))
}

export const CRLF = '\r\n'

/** The client's handshake of RFC 6455 §1.2, with the key of §1.3. */
export const RFC_REQUEST = [
  'GET /chat HTTP/1.1',
  'Host: server.example.com',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Origin: http://example.com',
  'Sec-WebSocket-Protocol: chat, superchat',
  'Sec-WebSocket-Version: 13',
] as const

/** The server's handshake of RFC 6455 §1.2. */
export const RFC_RESPONSE = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  'Sec-WebSocket-Protocol: chat',
] as const

/** A head of these lines. */
export function head(lines: readonly string[]): Uint8Array {
  return new Uint8Array(Buffer.from(lines.join(CRLF) + CRLF + CRLF, 'latin1'))
}

/** Lines of a head with some changed: `null` takes a field away, `''` as name changes the first line. */
export function changed(
  lines: readonly string[],
  changes: Readonly<Record<string, string | readonly string[] | null>>,
): string[] {
  const kept = lines.filter((line, i) => !((i === 0 ? '' : (line.split(':')[0] ?? '')) in changes))
  const start = changes['']
  const first = typeof start === 'string' ? [start] : []
  const added = Object.entries(changes).flatMap(([name, value]) =>
    name === '' || value === null ? [] : [value].flat().map(each => `${name}: ${each}`),
  )
  return [...first, ...kept, ...added]
}

export function request(changes: Parameters<typeof changed>[1] = {}): RequestHead {
  return parseRequestHead(head(changed(RFC_REQUEST, changes)))
}

export function response(changes: Parameters<typeof changed>[1] = {}): ResponseHead {
  return parseResponseHead(head(changed(RFC_RESPONSE, changes)))
}
