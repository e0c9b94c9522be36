import { formatDeflate } from '#protocol/deflate.ts'
import { acceptableDeflate, checkRequest } from '#protocol/handshake.ts'
import {
  fieldValues,
  HeadError,
  listTokens,
  parseRequestHead,
  type RequestHead,
} from '#protocol/http-head.ts'
import { refusalOf } from '#protocol/refusal.ts'
import { RULES } from '#protocol/rules.ts'
import { ruleWords } from '#words/en/rules.ts'
import { hostNameOf, isLoopbackName } from './host-name.ts'
import type { HttpRefusal } from './refusal.ts'

/** Who may come in. */
export interface Policy {
  readonly listensOnLoopback: boolean
  readonly publicOrigins: readonly string[]
  readonly publicHosts: readonly string[]
  readonly allowNoOrigin: boolean
  /** The port it listens on. */
  readonly port: number
}

/**
 * Judges an opening handshake before `ws` sees it, which would answer 101 to version 8, to HTTP/1.0 and to a missing
 * Host: first by RFC 6455, then by who may come in.
 */
export function refusalOfHandshake(head: RequestHead, policy: Policy): HttpRefusal | undefined {
  const checks = checkRequest(head)
  const refusal = refusalOf(checks)
  if (refusal) {
    const broken = checks.filter(check => !check.ok)
    const detail = broken.map(({ rule }) => `${ruleWords(rule).sentence} (${RULES[rule].section})`)
    return { ...refusal, detail: detail.join('\n') }
  }
  return refusalOfHttp(head) ?? refusalOfStranger(head, policy)
}

/** What RFC 6455 leaves to HTTP: the version that is spoken here, and a body, which would be read as frames. */
function refusalOfHttp(head: RequestHead): HttpRefusal | undefined {
  if (!head.version.startsWith('HTTP/1.'))
    return { status: 505, reason: 'HTTP Version Not Supported', detail: 'Only HTTP/1.1 is spoken here.' }
  const announcesBody =
    fieldValues(head, 'Transfer-Encoding').length > 0 ||
    fieldValues(head, 'Content-Length').some(length => length !== '0')
  return announcesBody
    ? { status: 400, reason: 'Bad Request', detail: 'An opening handshake has no body.' }
    : undefined
}

/** Host guards against DNS rebinding, Origin against pages of other sites. */
export function refusalOfStranger(head: RequestHead, policy: Policy): HttpRefusal | undefined {
  const authority = authorityOf(head)
  const host = hostNameOf(authority) ?? ''
  const reachedOnLoopback = policy.listensOnLoopback && isLoopbackName(host)
  if (!reachedOnLoopback && !policy.publicHosts.includes(host))
    return forbidden(`The sandbox is not reached under the host ${JSON.stringify(authority)}.`)
  const [origin] = fieldValues(head, 'Origin')
  if (origin === undefined) {
    if (reachedOnLoopback || policy.allowNoOrigin) return undefined
    return forbidden('The request names no Origin.')
  }
  const isOwn = reachedOnLoopback && ownOrigins(policy.port, authority).includes(origin.toLowerCase())
  if (isOwn || policy.publicOrigins.includes(origin)) return undefined
  return forbidden(`Pages of the Origin ${JSON.stringify(origin)} may not use the sandbox.`)
}

/** A target in absolute form says it, whatever stands in Host (RFC 9112 §3.2.2). */
function authorityOf(head: RequestHead): string {
  return /^https?:\/\/([^/?]*)/i.exec(head.target)?.[1] ?? fieldValues(head, 'Host')[0] ?? ''
}

/** The last one is the page's own origin when a forwarded port makes it another than we listen on. */
function ownOrigins(port: number, authority: string): string[] {
  const names = ['localhost', '127.0.0.1', '[::1]']
  return [...names.map(name => `http://${name}:${port}`), `http://${authority.toLowerCase()}`]
}

export function forbidden(detail: string): HttpRefusal {
  return { status: 403, reason: 'Forbidden', detail }
}

/** The head as it crossed the wire. */
export function readHead(bytes: Uint8Array): RequestHead | HttpRefusal {
  try {
    return parseRequestHead(bytes)
  } catch (error) {
    if (!(error instanceof HeadError)) throw error
    const { section } = RULES[error.rule]
    const detail = `The request cannot be read at byte ${error.offset}: ${ruleWords(error.rule).sentence} (${section})`
    return { status: 400, reason: 'Bad Request', detail }
  }
}

/** The parts of http.IncomingMessage a head can be made of again. */
interface ParsedRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly httpVersion: string
  readonly rawHeaders: readonly string[]
}

/** A head from what http parsed, for requests whose bytes are not kept: same names, order and values. */
export function rebuildHead(request: ParsedRequest): Uint8Array {
  const { method = '', url = '', httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

/**
 * Fields of a request that was admitted as `ws` reads them: it refuses what RFC 6455 allows, an Upgrade with other
 * protocols beside WebSocket and a list with empty elements (RFC 9110 §5.6.1), and an offer of permessage-deflate which
 * is to be declined (RFC 7692 §7).
 */
export function fieldsForWs(head: RequestHead): Readonly<Record<string, string | undefined>> {
  const protocols = listTokens(head, 'Sec-WebSocket-Protocol')
  const offers = acceptableDeflate(head)
  return {
    upgrade: 'websocket',
    'sec-websocket-extensions': offers.length > 0 ? offers.map(formatDeflate).join(', ') : undefined,
    ...(protocols.length > 0 && { 'sec-websocket-protocol': protocols.join(', ') }),
  }
}
