import { acceptFor } from './accept.ts'
import { base64Length } from './base64.ts'
import { answersOffer, DEFLATE_NAME, parseDeflate, type DeflateParameters } from './deflate.ts'
import { isToken, parseExtensions, type Extension } from './extensions.ts'
import { fieldValues, listTokens, type RequestHead, type ResponseHead } from './http-head.ts'
import {
  REQUEST_RULES,
  type HandshakeRuleId,
  type RequestRuleId,
  type ResponseRuleId,
  type RuleFacts,
} from './rule-facts.ts'

/** One rule held against one head. */
export interface Check {
  readonly rule: HandshakeRuleId
  readonly ok: boolean
  /** Name of the header the check looked at, when it looked at one. */
  readonly field?: string
  /** What stood there; absent when nothing did. */
  readonly found?: string
}

/** The version that RFC 6455 is. */
export const WEBSOCKET_VERSION = '13'

const HOST = 'Host'
const UPGRADE = 'Upgrade'
const CONNECTION = 'Connection'
const ORIGIN = 'Origin'
const KEY = 'Sec-WebSocket-Key'
const VERSION = 'Sec-WebSocket-Version'
const ACCEPT = 'Sec-WebSocket-Accept'
const PROTOCOL = 'Sec-WebSocket-Protocol'
const EXTENSIONS = 'Sec-WebSocket-Extensions'

function check(rule: HandshakeRuleId, ok: boolean, found?: string, field?: string): Check {
  return { rule, ok, ...(field !== undefined && { field }), ...(found !== undefined && { found }) }
}

function joined(head: RequestHead | ResponseHead, name: string): string | undefined {
  const values = fieldValues(head, name)
  return values.length === 0 ? undefined : values.join(', ')
}

function hasToken(head: RequestHead | ResponseHead, name: string, token: string): boolean {
  return listTokens(head, name).some(each => each.toLowerCase() === token)
}

/**
 * Holds every rule about the client's handshake (RFC 6455 §4.1, §4.2.1) against a request, in the order of the RFC.
 * Rules about optional headers are only listed when the header is there, the one about the key's length only when
 * there is one key.
 */
export function checkRequest(head: RequestHead): Check[] {
  const on = (rule: RequestRuleId, ok: boolean, field?: string) =>
    check(rule, ok, field === undefined ? undefined : joined(head, field), field)
  const hosts = fieldValues(head, HOST)
  const keys = fieldValues(head, KEY)
  const versions = fieldValues(head, VERSION)
  const checks = [
    check('request-method', head.method === 'GET', head.method),
    check('request-http-version', isAtLeastHttp11(head.version), head.version),
    check('request-target', isTarget(head.target), head.target),
    on('request-host', hosts.length === 1 && isAuthority(hosts[0] ?? ''), HOST),
    on('request-upgrade', hasToken(head, UPGRADE, 'websocket'), UPGRADE),
    on('request-connection', hasToken(head, CONNECTION, 'upgrade'), CONNECTION),
    on('request-key', keys.length === 1, KEY),
  ]
  if (keys.length === 1) checks.push(on('request-key-length', base64Length(keys[0] ?? '') === 16, KEY))
  if (fieldValues(head, ORIGIN).length > 0) checks.push(on('request-origin', isOrigin(head), ORIGIN))
  checks.push(on('request-version', versions.length === 1 && versions[0] === WEBSOCKET_VERSION, VERSION))
  if (fieldValues(head, PROTOCOL).length > 0) {
    const offered = listTokens(head, PROTOCOL)
    const legal = offered.length > 0 && offered.every(isToken)
    checks.push(
      on('request-subprotocol-token', legal, PROTOCOL),
      on('request-subprotocol-unique', new Set(offered).size === offered.length, PROTOCOL),
    )
  }
  const extensions = extensionsOf(head)
  if (extensions !== 'none') {
    checks.push(on('request-extensions', extensions !== 'malformed', EXTENSIONS))
    if (extensions !== 'malformed' && extensions.some(isDeflate))
      checks.push(
        on(
          'request-deflate',
          !extensions.some(each => isDeflate(each) && !parseDeflate(each, 'client')),
          EXTENSIONS,
        ),
      )
  }
  return checks
}

/**
 * Holds every rule about the server's handshake (RFC 6455 §4.1 from "The client MUST validate", §4.2.2) against a
 * response. A status other than 101 is no handshake: then only the status is judged, and whether a server that does
 * not speak the client's version said which it does (§4.4).
 * @param request what it answers; without one, what depends on the request is left out
 */
export function checkResponse(response: ResponseHead, request: RequestHead | undefined): Check[] {
  const on = (rule: ResponseRuleId, ok: boolean, field: string) =>
    check(rule, ok, joined(response, field), field)
  const requested = request && checkRequest(request)
  const failed = requested?.filter(each => !each.ok && !isDeclinable(each)).map(each => each.rule) ?? []
  const status = check('response-status', response.status === 101, String(response.status))
  if (!status.ok) {
    const aboutVersion = failed.length === 1 && failed[0] === 'request-version' && response.status >= 400
    return aboutVersion
      ? [status, on('response-versions', listTokens(response, VERSION).length > 0, VERSION)]
      : [status]
  }

  const upgrade = fieldValues(response, UPGRADE)
  const accepts = fieldValues(response, ACCEPT)
  const protocols = fieldValues(response, PROTOCOL)
  const checks = [
    check('response-http-version', isAtLeastHttp11(response.version), response.version),
    status,
    on('response-upgrade', upgrade.length === 1 && upgrade[0]?.toLowerCase() === 'websocket', UPGRADE),
    on('response-connection', hasToken(response, CONNECTION, 'upgrade'), CONNECTION),
  ]
  const [key] = request ? fieldValues(request, KEY) : []
  if (key !== undefined)
    checks.push(on('response-accept', accepts.length === 1 && accepts[0] === acceptFor(key), ACCEPT))
  if (protocols.length > 0) {
    checks.push(on('response-subprotocol-once', protocols.length === 1, PROTOCOL))
    const offered = request && listTokens(request, PROTOCOL)
    if (offered)
      checks.push(
        on(
          'response-subprotocol-offered',
          protocols.every(each => offered.includes(each)),
          PROTOCOL,
        ),
      )
  }
  checks.push(...checkAgreedExtensions(response, request))
  if (requested)
    checks.push(check('response-to-bad-request', failed.length === 0, failed.join(', ') || undefined))
  return checks
}

function checkAgreedExtensions(response: ResponseHead, request: RequestHead | undefined): Check[] {
  const agreed = extensionsOf(response)
  if (agreed === 'none') return []
  const found = joined(response, EXTENSIONS)
  const on = (rule: ResponseRuleId, ok: boolean) => check(rule, ok, found, EXTENSIONS)
  if (agreed === 'malformed') return [on('response-extensions', false)]
  const checks = [on('response-extensions', true)]
  if (!request) return checks
  const offered = extensionsOf(request)
  const names = typeof offered === 'string' ? [] : offered.map(each => each.name)
  checks.push(
    on(
      'response-extension-offered',
      agreed.every(each => names.includes(each.name)),
    ),
  )
  if (agreed.some(isDeflate) && names.includes(DEFLATE_NAME))
    checks.push(on('response-deflate', agreedDeflate(response, request) !== undefined))
  return checks
}

/**
 * The permessage-deflate parameters both sides agreed on (RFC 7692 §5.1); `undefined` when the extension is not in
 * use, or the answer is not one that an offer allows.
 */
export function agreedDeflate(response: ResponseHead, request: RequestHead): DeflateParameters | undefined {
  const answers = deflateOf(response)
  const [answer] = answers
  const parameters = answer && answers.length === 1 ? parseDeflate(answer, 'server') : undefined
  if (!parameters) return undefined
  const offers = deflateOf(request).map(each => parseDeflate(each, 'client'))
  return offers.some(offer => offer !== undefined && answersOffer(parameters, offer)) ? parameters : undefined
}

/** A refusal of the handshake: status line and the fields a server must or should add (§4.2.1, §4.2.2 /4). */
export interface Refusal {
  readonly status: 400 | 405 | 426
  readonly reason: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** Fields of a 426, which must say what to upgrade to (RFC 9110 §15.5.22) and in which version (RFC 6455 §4.4). */
const UPGRADE_FIELDS = [
  [UPGRADE, 'websocket'],
  [CONNECTION, UPGRADE],
  [VERSION, WEBSOCKET_VERSION],
] as const

/**
 * What a server must answer to a request with these checks; `undefined` when nothing stands against a 101. Trouble
 * with the method goes first, then with HTTP, then with the version: the rest of an older version's handshake may look
 * different.
 */
export function refusalOf(checks: readonly Check[]): Refusal | undefined {
  const failed = new Set(checks.filter(each => !each.ok).map(each => each.rule))
  if (failed.has('request-method'))
    return { status: 405, reason: 'Method Not Allowed', fields: [['Allow', 'GET']] }
  const bad = { status: 400, reason: 'Bad Request', fields: [] } as const
  const http: HandshakeRuleId[] = ['request-http-version', 'request-target', 'request-host']
  if (http.some(rule => failed.has(rule))) return bad
  if (failed.has('request-upgrade') || failed.has('request-version'))
    return { status: 426, reason: 'Upgrade Required', fields: UPGRADE_FIELDS }
  return checks.some(each => !each.ok && !isDeclinable(each)) ? bad : undefined
}

/** An offer a server declines is no reason to refuse the handshake (RFC 7692 §7.1). */
function isDeclinable(one: Check): boolean {
  const facts: Partial<Record<HandshakeRuleId, RuleFacts>> = REQUEST_RULES
  return facts[one.rule]?.duty === 'decline'
}

function isAtLeastHttp11(version: string): boolean {
  return version >= 'HTTP/1.1'
}

/** A resource name (§3: never a fragment) or an absolute http(s) URI. */
function isTarget(target: string): boolean {
  return /^(\/|https?:\/\/[^/?#]+(?=[/?]|$))[^#]*$/i.test(target)
}

/** `host [":" port]` (RFC 9110 §7.2). */
function isAuthority(host: string): boolean {
  return /^([\w.~!$&'()*+,;=%-]+|\[[\da-f:.]+\])(:\d*)?$/i.test(host)
}

/** One serialised origin, or `null` (RFC 6454 §7.1, §7.3). */
function isOrigin(head: RequestHead): boolean {
  const [origin = '', ...more] = fieldValues(head, ORIGIN)
  return more.length === 0 && /^(null|[a-z][a-z\d+.-]*:\/\/[^\s/]*)$/i.test(origin)
}

function extensionsOf(head: RequestHead | ResponseHead): Extension[] | 'none' | 'malformed' {
  const value = joined(head, EXTENSIONS)
  return value === undefined ? 'none' : (parseExtensions(value) ?? 'malformed')
}

function deflateOf(head: RequestHead | ResponseHead): Extension[] {
  const extensions = extensionsOf(head)
  return typeof extensions === 'string' ? [] : extensions.filter(isDeflate)
}

function isDeflate(extension: Extension): boolean {
  return extension.name === DEFLATE_NAME
}
