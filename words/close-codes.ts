import { closeCodeRule } from '#protocol/close-payload.ts'
import type { Role } from '#protocol/role.ts'

/** What a close code says (RFC 6455 §7.4, IANA's WebSocket Close Code Number Registry). */
export interface CloseCodeInfo {
  readonly code: number
  /** IANA's name; for codes outside the registry that of their range. */
  readonly name: string
  /** Who sends it in a Close frame; `nobody` for codes that no Close frame may carry. */
  readonly sentBy: Role | 'either' | 'nobody'
  /** Where it is defined, ready to show. */
  readonly section: string
}

/** From 1000 on. RFC 6455 calls 1011 a server's; the registry no longer does. 1012 to 1014 are the registry's alone. */
const NAMES: readonly (readonly [name: string, sentBy?: Role])[] = [
  ['Normal Closure'],
  ['Going Away'],
  ['Protocol error'],
  ['Unsupported Data'],
  ['Reserved'],
  ['No Status Rcvd'],
  ['Abnormal Closure'],
  ['Invalid frame payload data'],
  ['Policy Violation'],
  ['Message Too Big'],
  ['Mandatory Ext.', 'client'],
  ['Internal Error'],
  ['Service Restart', 'server'],
  ['Try Again Later', 'server'],
  ['Bad Gateway', 'server'],
  ['TLS handshake'],
]
const FIRST_IANA = 1012
const LAST_IANA = 1014

/** Looks a close code up. Any 16-bit number has an answer: its own entry or that of its range (RFC 6455 §7.4.2). */
export function closeCodeInfo(code: number): CloseCodeInfo {
  const [name, sentBy] = NAMES[code - 1000] ?? [rangeName(code)]
  const isOwn = code < 1000 + NAMES.length && code >= 1000
  return {
    code,
    name,
    sentBy: closeCodeRule(code) === undefined ? (sentBy ?? 'either') : 'nobody',
    section: code >= FIRST_IANA && code <= LAST_IANA ? 'IANA' : `RFC 6455 §7.4.${isOwn ? 1 : 2}`,
  }
}

function rangeName(code: number): string {
  if (code < 1000 || code >= 5000) return 'Unused'
  return code < 3000 ? 'Unassigned' : code < 4000 ? 'Registered use' : 'Private use'
}

/** Every registered code below 3000, in order. */
export const CLOSE_CODES: readonly CloseCodeInfo[] = /* @__PURE__ */ NAMES.map((_, i) =>
  closeCodeInfo(1000 + i),
)
