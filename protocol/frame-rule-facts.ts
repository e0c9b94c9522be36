import { rule, type RuleFacts } from './rule.ts'

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

export type FrameRuleId = keyof typeof FRAME_RULES
