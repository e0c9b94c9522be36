import type { Role } from './role.ts'

/**
 * What the other side must do about a broken rule: a number is the HTTP status a server answers with (below 1000) or
 * the close code of the connection's failure (1000 and up); `fail` ends the connection without a Close frame;
 * `decline` passes over the one offer; `nothing` asks for nothing.
 */
export type Duty = number | 'fail' | 'decline' | 'nothing'

/** What a rule binds and what follows when it is broken. What it says in words is the business of the layer above. */
export interface RuleFacts {
  /** Where it is written, ready to show: `RFC 6455 §5.2`. */
  readonly section: string
  /** Who can break it. */
  readonly side: Role | 'either'
  /** Of the server for what a client breaks in its handshake; see `dutyOf` for heads, which both sides send. */
  readonly duty: Duty
}

/** @param section of RFC 6455, or of another RFC that is named */
/* @__NO_SIDE_EFFECTS__ */
function rule(section: string, side: RuleFacts['side'], duty: Duty): RuleFacts {
  return { section: section.startsWith('RFC') ? section : `RFC 6455 §${section}`, side, duty }
}

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

/** Frames, the messages they carry, and the closing handshake. */
export const FRAME_RULES = {
  'data-before-response': rule('4.1', 'client', 'nothing'),
  'reserved-bits': rule('5.2', 'either', 1002),
  'reserved-opcode': rule('5.2', 'either', 1002),
  'length-minimal': rule('5.2', 'either', 1002),
  'length-63-bits': rule('5.2', 'either', 1002),
  'client-masks': rule('5.1', 'client', 1002),
  'server-never-masks': rule('5.1', 'server', 1002),
  'masking-key-fresh': rule('5.3', 'client', 'nothing'),
  'control-length': rule('5.5', 'either', 1002),
  'control-unfragmented': rule('5.5', 'either', 1002),
  'continuation-of-nothing': rule('5.4', 'either', 1002),
  'message-interleaved': rule('5.4', 'either', 1002),
  'text-utf8': rule('8.1', 'either', 1007),
  'message-length': rule('10.4', 'either', 1009),
  'close-one-byte': rule('5.5.1', 'either', 1002),
  'close-code-range': rule('7.4.2', 'either', 1002),
  'close-code-never-sent': rule('7.4.1', 'either', 1002),
  'close-code-undefined': rule('7.4.2', 'either', 1002),
  'close-code-of-clients': rule('7.4.1', 'server', 'nothing'),
  'close-reason-utf8': rule('8.1', 'either', 1007),
  'data-after-close': rule('5.5.1', 'either', 'nothing'),
  'close-once': rule('7.1.5', 'either', 'nothing'),
  'deflate-first-frame': rule('RFC 7692 §6', 'either', 1002),
  'deflate-data': rule('RFC 7692 §7.2.2', 'either', 1007),
} as const satisfies Record<string, RuleFacts>

export type HeadRuleId = keyof typeof HEAD_RULES
export type RequestRuleId = keyof typeof REQUEST_RULES
export type ResponseRuleId = keyof typeof RESPONSE_RULES
export type HandshakeRuleId = RequestRuleId | ResponseRuleId
export type FrameRuleId = keyof typeof FRAME_RULES
export type RuleId = HeadRuleId | HandshakeRuleId | FrameRuleId
