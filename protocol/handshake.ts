import { acceptFor } from './accept.ts'
import { base64Length } from './base64.ts'
import { answersOffer, DEFLATE_NAME, parseDeflate, type DeflateParameters } from './deflate.ts'
import { isToken, parseExtensions, type Extension } from './extensions.ts'
import {
  fieldValues,
  fieldsNamed,
  listTokens,
  type ByteRange,
  type RequestHead,
  type ResponseHead,
} from './http-head.ts'
import type { HandshakeRuleId, RequestRuleId, ResponseRuleId } from './rule-facts.ts'
import type { Violation } from './violation.ts'

/** One rule held against one head. */
export interface Check {
  readonly rule: HandshakeRuleId
  readonly ok: boolean
  /** Name of the header the check looked at, when it looked at one. */
  readonly field?: string
  /** What stood there; absent when nothing did. */
  readonly found?: string
  /** The bytes of the head it looked at; the empty line at the end when there was nothing to look at. */
  readonly at: ByteRange
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

/** Gathers the checks of one head, each with what it found and where. */
class Checklist<Rule extends HandshakeRuleId> {
  readonly checks: Check[] = []
  readonly #head: RequestHead | ResponseHead

  constructor(head: RequestHead | ResponseHead) {
    this.#head = head
  }

  /** About a part of the first line. */
  part(rule: Rule, ok: boolean, found: string, start: number): void {
    this.checks.push({ rule, ok, found, at: { start, end: start + found.length } })
  }

  /** About the fields of a name, of which it shows at the first one or, with `index`, at a later one. */
  field(rule: Rule, ok: boolean, field: string, index = 0): void {
    const { bytes } = this.#head
    const found = joined(this.#head, field)
    const fields = fieldsNamed(this.#head, field)
    const at = (fields[index] ?? fields[0])?.valueRange ?? { start: bytes.length - 2, end: bytes.length }
    this.checks.push({ rule, ok, field, ...(found !== undefined && { found }), at })
  }
}

/** What a handshake breaks, as violations. `offset` counts from the first byte of the head. */
export function violationsOf(checks: readonly Check[]): Violation[] {
  return checks
    .filter(each => !each.ok)
    .map(({ rule, at }) => ({
      rule,
      by: rule.startsWith('request-') ? 'client' : 'server',
      offset: at.start,
      closeCode: undefined,
    }))
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
 * Rules about what a header says are only listed when the header is there.
 */
export function checkRequest(head: RequestHead): Check[] {
  const { method, target, version } = head
  const list = new Checklist<RequestRuleId>(head)
  list.part('request-method', method === 'GET', method, 0)
  list.part('request-http-version', isAtLeastHttp11(version), version, method.length + target.length + 2)
  list.part('request-target', isTarget(target), target, method.length + 1)

  const hosts = fieldValues(head, HOST)
  list.field('request-host', hosts.length === 1 && isAuthority(hosts[0] ?? ''), HOST, hosts.length - 1)
  list.field('request-upgrade', hasToken(head, UPGRADE, 'websocket'), UPGRADE)
  list.field('request-connection', hasToken(head, CONNECTION, 'upgrade'), CONNECTION)

  const keys = fieldValues(head, KEY)
  list.field('request-key', keys.length > 0, KEY)
  if (keys.length > 0) {
    list.field('request-key-once', keys.length === 1, KEY, 1)
    list.field(
      'request-key-length',
      keys.every(key => base64Length(key) === 16),
      KEY,
    )
  }
  if (fieldValues(head, ORIGIN).length > 0) list.field('request-origin', isOrigin(head), ORIGIN)

  const versions = fieldValues(head, VERSION)
  const areVersions = versions.every(isVersion)
  if (versions.length > 0) {
    list.field('request-version-once', versions.length === 1, VERSION, 1)
    list.field('request-version-grammar', areVersions, VERSION)
  }
  if (areVersions)
    list.field(
      'request-version',
      versions.length > 0 && versions.every(each => each === WEBSOCKET_VERSION),
      VERSION,
    )

  if (fieldValues(head, PROTOCOL).length > 0) {
    const offered = listTokens(head, PROTOCOL)
    list.field('request-subprotocol-token', offered.length > 0 && offered.every(isToken), PROTOCOL)
    list.field('request-subprotocol-unique', new Set(offered).size === offered.length, PROTOCOL)
  }
  const extensions = extensionsOf(head)
  if (extensions !== 'none') list.field('request-extensions', extensions !== 'malformed', EXTENSIONS)
  const offers = deflateOf(head)
  if (offers.length > 0)
    list.field(
      'request-deflate',
      offers.every(offer => parseDeflate(offer, 'client') !== undefined),
      EXTENSIONS,
    )
  return list.checks
}

/**
 * Holds every rule about the server's handshake (RFC 6455 §4.1 from "The client MUST validate", §4.2.2) against a
 * response. A status other than 101 is no handshake: then only the status is judged, and whether a server that does
 * not speak the client's version said which it does (§4.4).
 * @param request what it answers; without one, what depends on the request is left out
 */
export function checkResponse(response: ResponseHead, request: RequestHead | undefined): Check[] {
  const { status, version } = response
  const list = new Checklist<ResponseRuleId>(response)
  const part = (rule: ResponseRuleId, ok: boolean): void =>
    list.part(rule, ok, String(status), version.length + 1)
  if (status !== 101) {
    part('response-status', false)
    if (status >= 400 && request && brokenBy(request).join() === 'request-version') {
      const versions = listTokens(response, VERSION)
      list.field('response-versions', versions.length > 0 && versions.every(isVersion), VERSION)
    }
    return list.checks
  }

  list.part('response-http-version', isAtLeastHttp11(version), version, 0)
  part('response-status', true)
  const upgrade = fieldValues(response, UPGRADE)
  list.field('response-upgrade', upgrade.length === 1 && upgrade[0]?.toLowerCase() === 'websocket', UPGRADE)
  list.field('response-connection', hasToken(response, CONNECTION, 'upgrade'), CONNECTION)

  const accepts = fieldValues(response, ACCEPT)
  const [key] = request ? fieldValues(request, KEY) : []
  if (key !== undefined) {
    const wanted = acceptFor(key)
    list.field('response-accept', accepts.length > 0 && accepts.every(each => each === wanted), ACCEPT)
  }
  if (accepts.length > 0) list.field('response-accept-once', accepts.length === 1, ACCEPT, 1)

  const protocols = fieldValues(response, PROTOCOL)
  if (protocols.length > 0) {
    const areTokens = protocols.every(isToken)
    list.field('response-subprotocol-once', protocols.length === 1, PROTOCOL, 1)
    list.field('response-subprotocol-token', areTokens, PROTOCOL)
    if (request && areTokens) {
      const offered = new Set(listTokens(request, PROTOCOL))
      list.field(
        'response-subprotocol-offered',
        protocols.every(each => offered.has(each)),
        PROTOCOL,
      )
    }
  }
  checkAgreedExtensions(list, response, request)
  if (request) part('response-to-bad-request', brokenBy(request).length === 0)
  return list.checks
}

/** What stands against a 101. */
function brokenBy(request: RequestHead): HandshakeRuleId[] {
  return checkRequest(request)
    .filter(each => !each.ok && !isDeclinable(each.rule))
    .map(each => each.rule)
}

function checkAgreedExtensions(
  list: Checklist<ResponseRuleId>,
  response: ResponseHead,
  request: RequestHead | undefined,
): void {
  const agreed = extensionsOf(response)
  if (agreed === 'none') return
  list.field('response-extensions', agreed !== 'malformed', EXTENSIONS)
  list.field('response-extensions-once', fieldValues(response, EXTENSIONS).length === 1, EXTENSIONS, 1)
  if (agreed === 'malformed' || !request) return
  const offered = extensionsOf(request)
  const names = new Set(typeof offered === 'string' ? [] : offered.map(each => each.name))
  list.field(
    'response-extension-offered',
    agreed.every(each => names.has(each.name)),
    EXTENSIONS,
  )
  if (agreed.some(isDeflate) && names.has(DEFLATE_NAME))
    list.field('response-deflate', agreedDeflate(response, request) !== undefined, EXTENSIONS)
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
  return acceptableDeflate(request).some(offer => answersOffer(parameters, offer)) ? parameters : undefined
}

/** The offers of permessage-deflate that a server need not decline (RFC 7692 §7), the one the client likes best first. */
export function acceptableDeflate(request: RequestHead): DeflateParameters[] {
  return deflateOf(request).flatMap(offer => parseDeflate(offer, 'client') ?? [])
}

function isAtLeastHttp11(version: string): boolean {
  return version >= 'HTTP/1.1'
}

/** `version` of §4.3: 0–255, "with no leading zeros". */
function isVersion(version: string): boolean {
  return /^(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/.test(version)
}

/**
 * An offer a server declines is no reason to refuse the handshake (RFC 7692 §7). Told by the name, as in `violationsOf`:
 * a page needs the facts of these rules only where it explains one.
 */
export function isDeclinable(rule: HandshakeRuleId): boolean {
  return rule === 'request-deflate'
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
