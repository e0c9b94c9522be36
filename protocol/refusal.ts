import { isDeclinable, WEBSOCKET_VERSION, type Check } from './handshake.ts'
import type { HandshakeRuleId } from './rule-facts.ts'
import { dutyOf } from './rules.ts'

/** A refusal of the handshake: status line and the fields a server must or should add (§4.2.1, §4.2.2 /4). */
export interface Refusal {
  readonly status: 400 | 405 | 426
  readonly reason: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** Fields of a 426, which must say what to upgrade to (RFC 9110 §15.5.22) and in which version (RFC 6455 §4.4). */
const UPGRADE_FIELDS = [
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Version', WEBSOCKET_VERSION],
] as const

/** What stands against HTTP itself goes before what stands against the version. */
const HTTP: readonly HandshakeRuleId[] = ['request-http-version', 'request-target', 'request-host']

/**
 * What a server must answer to a request with these checks; `undefined` when nothing stands against a 101. Trouble
 * with the method goes first, then with HTTP, then with the version: the rest of an older version's handshake may look
 * different.
 */
export function refusalOf(checks: readonly Check[]): Refusal | undefined {
  const failed = checks.filter(each => !each.ok && !isDeclinable(each.rule)).map(each => each.rule)
  const asks = (status: number): boolean => failed.some(rule => dutyOf(rule, 'client') === status)
  if (failed.length === 0) return undefined
  if (asks(405)) return { status: 405, reason: 'Method Not Allowed', fields: [['Allow', 'GET']] }
  if (asks(426) && !failed.some(rule => HTTP.includes(rule)))
    return { status: 426, reason: 'Upgrade Required', fields: UPGRADE_FIELDS }
  return { status: 400, reason: 'Bad Request', fields: [] }
}
