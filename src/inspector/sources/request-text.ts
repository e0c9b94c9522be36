import { LAB_PATH_PREFIX } from '#contract/addresses.ts'
import { encodeBase64 } from '#protocol/base64.ts'
import type { RandomBytes } from './player.ts'

/** What a raw client's opening handshake asks for. */
export interface RequestWishes {
  readonly lab: string
  /** Host and port of the sandbox, as in `127.0.0.1:8787`. */
  readonly host: string
  readonly origin: string
  readonly subprotocols: readonly string[]
  /** Offer permessage-deflate (RFC 7692). */
  readonly deflate: boolean
}

/** A good opening handshake (RFC 6455 §4.1) with a fresh key, as text with a line to a header, to be edited or sent. */
export function requestText(wishes: RequestWishes, random: RandomBytes): string {
  const { lab, host, origin, subprotocols, deflate } = wishes
  return [
    `GET ${LAB_PATH_PREFIX}${lab} HTTP/1.1`,
    `Host: ${host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${encodeBase64(random(16))}`,
    'Sec-WebSocket-Version: 13',
    `Origin: ${origin}`,
    ...(subprotocols.length > 0 ? [`Sec-WebSocket-Protocol: ${subprotocols.join(', ')}`] : []),
    ...(deflate ? ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits'] : []),
  ].join('\n')
}

/** Bytes of a head written as text: lines end with CRLF and an empty one ends the head; UTF-8 beyond ASCII. */
export function headBytes(text: string): Uint8Array<ArrayBuffer> {
  const lines = text.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n')
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`)
}
