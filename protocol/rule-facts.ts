import type { FrameRuleId } from './frame-rule-facts.ts'
import { rule, type RuleFacts } from './rule.ts'

/** An HTTP head that cannot be read at all. */
export const HEAD_RULES = {
  'head-start-line': rule('RFC 9112 §3', 'either', 400),
  'head-field-name': rule('RFC 9112 §5.1', 'either', 400),
  'head-field-value': rule('RFC 9110 §5.5', 'either', 400),
  'head-folding': rule('RFC 9112 §5.2', 'either', 400),
  'head-line-ending': rule('RFC 9112 §2.2', 'either', 400),
  'head-too-long': rule('RFC 6585 §5', 'either', 431),
} as const satisfies Record<string, RuleFacts>

/** The client's opening handshake. */
export const REQUEST_RULES = {
  'request-method': rule('4.1', 'client', 405),
  'request-http-version': rule('4.1', 'client', 400),
  'request-target': rule('4.1', 'client', 400),
  'request-host': rule('4.1', 'client', 400),
  'request-upgrade': rule('4.1', 'client', 426),
  'request-connection': rule('4.1', 'client', 400),
  'request-key': rule('4.1', 'client', 400),
  'request-key-once': rule('11.3.1', 'client', 400),
  'request-key-length': rule('4.1', 'client', 400),
  'request-origin': rule('RFC 6454 §7', 'client', 400),
  'request-version': rule('4.1', 'client', 426),
  'request-version-once': rule('11.3.5', 'client', 400),
  'request-version-grammar': rule('4.3', 'client', 426),
  'request-subprotocol-token': rule('4.1', 'client', 400),
  'request-subprotocol-unique': rule('4.1', 'client', 400),
  'request-extensions': rule('9.1', 'client', 400),
  'request-deflate': rule('RFC 7692 §7', 'client', 'decline'),
} as const satisfies Record<string, RuleFacts>

/** The server's opening handshake. */
export const RESPONSE_RULES = {
  'response-status': rule('4.1', 'server', 'nothing'),
  'response-versions': rule('4.4', 'server', 'nothing'),
  'response-http-version': rule('RFC 9110 §15.2', 'server', 'fail'),
  'response-upgrade': rule('4.1', 'server', 'fail'),
  'response-connection': rule('4.1', 'server', 'fail'),
  'response-accept': rule('4.1', 'server', 'fail'),
  'response-accept-once': rule('11.3.3', 'server', 'fail'),
  'response-subprotocol-once': rule('11.3.4', 'server', 'fail'),
  'response-subprotocol-token': rule('4.2.2', 'server', 'fail'),
  'response-subprotocol-offered': rule('4.1', 'server', 'fail'),
  'response-extensions': rule('9.1', 'server', 'fail'),
  // §4.2.2 lets a server split what §11.3.2 forbids it to, so that a client can hardly fail the connection.
  'response-extensions-once': rule('11.3.2', 'server', 'nothing'),
  'response-extension-offered': rule('4.1', 'server', 'fail'),
  'response-deflate': rule('RFC 7692 §7', 'server', 'fail'),
  'response-to-bad-request': rule('4.2.1', 'server', 'nothing'),
} as const satisfies Record<string, RuleFacts>

export type HeadRuleId = keyof typeof HEAD_RULES
export type RequestRuleId = keyof typeof REQUEST_RULES
export type ResponseRuleId = keyof typeof RESPONSE_RULES
export type HandshakeRuleId = RequestRuleId | ResponseRuleId
export type RuleId = HeadRuleId | HandshakeRuleId | FrameRuleId
