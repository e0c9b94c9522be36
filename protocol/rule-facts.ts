import type { Role } from './role.ts'

/** What a rule binds and what follows when it is broken; the words are in `rules.ts`, so that codecs do not carry them. */
export interface RuleFacts {
  /** Where it is written, ready to show: `RFC 6455 §5.2`. */
  readonly section: string
  /** Who can break it. */
  readonly side: Role | 'either'
  /**
   * What the other side must do: a number is the HTTP status a server answers with (below 1000) or the close code of
   * the connection's failure (1000 and up); `fail` ends the connection without a Close frame; `decline` passes over
   * the one offer; `nothing` asks for nothing.
   */
  readonly duty: number | 'fail' | 'decline' | 'nothing'
}

const WS = 'RFC 6455'
const HTTP = 'RFC 9112'
const DEFLATE = 'RFC 7692'
const ORIGIN = 'RFC 6454'

/* @__NO_SIDE_EFFECTS__ */
function rule(rfc: string, section: string, side: RuleFacts['side'], duty: RuleFacts['duty']): RuleFacts {
  return { section: `${rfc} §${section}`, side, duty }
}

/** An HTTP head that cannot be read at all. */
export const HEAD_RULES = {
  'head-start-line': rule(HTTP, '3', 'either', 400),
  'head-field-name': rule(HTTP, '5.1', 'either', 400),
  'head-field-value': rule(HTTP, '5', 'either', 400),
  'head-folding': rule(HTTP, '5.2', 'either', 400),
  'head-line-ending': rule(HTTP, '2.2', 'either', 400),
  'head-too-long': rule(WS, '10.4', 'either', 431),
} as const satisfies Record<string, RuleFacts>

/** The client's opening handshake. */
export const REQUEST_RULES = {
  'request-method': rule(WS, '4.1', 'client', 405),
  'request-http-version': rule(WS, '4.1', 'client', 400),
  'request-target': rule(WS, '4.1', 'client', 400),
  'request-host': rule(WS, '4.1', 'client', 400),
  'request-upgrade': rule(WS, '4.1', 'client', 426),
  'request-connection': rule(WS, '4.1', 'client', 400),
  'request-version': rule(WS, '4.1', 'client', 426),
  'request-key': rule(WS, '4.1', 'client', 400),
  'request-key-length': rule(WS, '4.1', 'client', 400),
  'request-origin': rule(ORIGIN, '7', 'client', 400),
  'request-subprotocol-token': rule(WS, '4.1', 'client', 400),
  'request-subprotocol-unique': rule(WS, '4.1', 'client', 400),
  'request-extensions': rule(WS, '9.1', 'client', 400),
  'request-deflate': rule(DEFLATE, '7.1', 'client', 'decline'),
} as const satisfies Record<string, RuleFacts>

/** The server's opening handshake. */
export const RESPONSE_RULES = {
  'response-status': rule(WS, '4.1', 'server', 'nothing'),
  'response-versions': rule(WS, '4.4', 'server', 'nothing'),
  'response-http-version': rule(WS, '4.2.2', 'server', 'fail'),
  'response-upgrade': rule(WS, '4.1', 'server', 'fail'),
  'response-connection': rule(WS, '4.1', 'server', 'fail'),
  'response-accept': rule(WS, '4.1', 'server', 'fail'),
  'response-subprotocol-once': rule(WS, '11.3.4', 'server', 'fail'),
  'response-subprotocol-offered': rule(WS, '4.1', 'server', 'fail'),
  'response-extensions': rule(WS, '9.1', 'server', 'fail'),
  'response-extension-offered': rule(WS, '4.1', 'server', 'fail'),
  'response-deflate': rule(DEFLATE, '7.1', 'server', 'fail'),
  'response-to-bad-request': rule(WS, '4.2.1', 'server', 'nothing'),
} as const satisfies Record<string, RuleFacts>

/** Frames, the messages they carry, and the closing handshake. */
export const FRAME_RULES = {
  'data-before-response': rule(WS, '4.1', 'client', 'nothing'),
  'reserved-bits': rule(WS, '5.2', 'either', 1002),
  'reserved-opcode': rule(WS, '5.2', 'either', 1002),
  'length-minimal': rule(WS, '5.2', 'either', 1002),
  'length-63-bits': rule(WS, '5.2', 'either', 1002),
  'client-masks': rule(WS, '5.1', 'client', 1002),
  'server-never-masks': rule(WS, '5.1', 'server', 1002),
  'masking-key-fresh': rule(WS, '5.3', 'client', 'nothing'),
  'control-length': rule(WS, '5.5', 'either', 1002),
  'control-unfragmented': rule(WS, '5.5', 'either', 1002),
  'continuation-of-nothing': rule(WS, '5.4', 'either', 1002),
  'message-interleaved': rule(WS, '5.4', 'either', 1002),
  'text-utf8': rule(WS, '8.1', 'either', 1007),
  'message-length': rule(WS, '10.4', 'either', 1009),
  'close-one-byte': rule(WS, '5.5.1', 'either', 1002),
  'close-code-range': rule(WS, '7.4.2', 'either', 1002),
  'close-code-never-sent': rule(WS, '7.4.1', 'either', 1002),
  'close-code-undefined': rule(WS, '7.4.2', 'either', 1002),
  'close-reason-utf8': rule(WS, '8.1', 'either', 1007),
  'data-after-close': rule(WS, '5.5.1', 'either', 'nothing'),
  'close-once': rule(WS, '7.1.5', 'either', 'nothing'),
  'deflate-first-frame': rule(DEFLATE, '6.1', 'either', 1002),
  'deflate-data': rule(DEFLATE, '7.2.2', 'either', 1007),
} as const satisfies Record<string, RuleFacts>

export type HeadRuleId = keyof typeof HEAD_RULES
export type RequestRuleId = keyof typeof REQUEST_RULES
export type ResponseRuleId = keyof typeof RESPONSE_RULES
export type HandshakeRuleId = RequestRuleId | ResponseRuleId
export type FrameRuleId = keyof typeof FRAME_RULES
export type RuleId = HeadRuleId | HandshakeRuleId | FrameRuleId
