import type { Role } from '#protocol/role.ts'
import { dutyOf, RULES, type RuleId } from '#protocol/rules.ts'
import type { Violation } from '#protocol/violation.ts'
import type { RuleWords } from '../rule-words.ts'

const WORDS: Readonly<Record<RuleId, readonly [title: string, sentence: string]>> = {
  'head-start-line': [
    'Start line',
    'The first line is method, target and version, or version, status and reason, one space apart.',
  ],
  'head-field-name': ['Field name', 'A field name is a token with a colon right behind it.'],
  'head-field-value': ['Field value', 'A field value has no control characters but tabs.'],
  'head-folding': ['Line folding', 'A field line must not be folded.'],
  'head-line-ending': ['Line ending', 'Every line ends in CR and LF.'],
  'head-too-long': ['Head length', 'A head above the limit is read no further.'],
  'request-method': ['GET', 'The method of the request must be GET.'],
  'request-http-version': ['HTTP/1.1 or higher', 'The HTTP version of the request must be at least 1.1.'],
  'request-target': [
    'Request target',
    'The target is a path or an absolute http(s) URI, without a fragment.',
  ],
  'request-host': ['Host', 'There must be one Host field, holding host and port.'],
  'request-upgrade': ['Upgrade', 'The Upgrade field must include "websocket".'],
  'request-connection': ['Connection', 'The Connection field must include the token "Upgrade".'],
  'request-key': ['Key', 'There must be a Sec-WebSocket-Key field.'],
  'request-key-once': ['One key', 'Sec-WebSocket-Key must not appear twice in a request.'],
  'request-key-length': ['16-byte key', 'The key must be the base64 of 16 bytes.'],
  'request-origin': ['Origin', 'At most one Origin field, holding one origin or null.'],
  'request-version': ['Version 13', 'There must be a Sec-WebSocket-Version field, and its value must be 13.'],
  'request-version-once': ['One version', 'Sec-WebSocket-Version must not appear twice in a request.'],
  'request-version-grammar': [
    'Version grammar',
    'A version is a number from 0 to 255 without leading zeros.',
  ],
  'request-subprotocol-token': ['Subprotocol names', 'Subprotocols offered must be non-empty tokens.'],
  'request-subprotocol-unique': ['Unique subprotocols', 'Subprotocols offered must be unique.'],
  'request-extensions': ['Extension grammar', 'Sec-WebSocket-Extensions must follow its grammar.'],
  'request-deflate': [
    'Compression offer',
    'An offer of permessage-deflate has only defined parameters, each once, with allowed values.',
  ],
  'response-status': ['Status 101', 'The response that accepts the handshake has status 101.'],
  'response-versions': [
    'Versions advertised',
    'A server that does not support the version must name those it does in Sec-WebSocket-Version.',
  ],
  'response-http-version': ['HTTP/1.1 response', 'The HTTP version of a 101 must be at least 1.1.'],
  'response-upgrade': ['Upgrade in the response', 'The Upgrade field of the response must be "websocket".'],
  'response-connection': [
    'Connection in the response',
    'The Connection field of the response must include the token "Upgrade".',
  ],
  'response-accept': [
    'Accept value',
    'There must be a Sec-WebSocket-Accept field, computed from the key of the request.',
  ],
  'response-accept-once': ['One accept value', 'Sec-WebSocket-Accept must not appear twice in a response.'],
  'response-subprotocol-once': [
    'One subprotocol',
    'Sec-WebSocket-Protocol must not appear twice in a response.',
  ],
  'response-subprotocol-token': [
    'Name of the subprotocol chosen',
    'The subprotocol the server chooses must be one non-empty token.',
  ],
  'response-subprotocol-offered': [
    'Offered subprotocol',
    'The server may only choose a subprotocol the client offered.',
  ],
  'response-extensions': [
    'Extension grammar of the response',
    'Sec-WebSocket-Extensions of the response must follow its grammar.',
  ],
  'response-extensions-once': [
    'One field of extensions',
    'Sec-WebSocket-Extensions must not appear twice in a response.',
  ],
  'response-extension-offered': [
    'Offered extension',
    'The server must not use an extension the client did not offer.',
  ],
  'response-deflate': [
    'Compression answer',
    'The parameters of permessage-deflate must be such as one offer allows.',
  ],
  'response-to-bad-request': [
    'Bad requests refused',
    'A server must answer a handshake that breaks rules with an error.',
  ],
  'data-before-response': [
    'Wait for the response',
    'The client must wait for the response before it sends data.',
  ],
  'reserved-bits': [
    'Reserved bits',
    'RSV1, RSV2 and RSV3 must be 0 unless an extension gives them a meaning.',
  ],
  'reserved-opcode': ['Reserved opcodes', 'Opcodes 3–7 and 11–15 have no meaning yet and must not be used.'],
  'length-minimal': [
    'Minimal length',
    'The payload length must be written in the fewest bytes that hold it.',
  ],
  'length-63-bits': ['63-bit length', 'The top bit of a 64-bit length must be 0.'],
  'client-masks': ['Client masks', 'A client must mask every frame it sends.'],
  'server-never-masks': ['Server never masks', 'A server must not mask any frame it sends.'],
  'masking-key-fresh': ['Fresh masking key', 'Every frame needs a fresh, unpredictable masking key.'],
  'control-length': ['Control frame length', 'The payload of a control frame is at most 125 bytes.'],
  'control-unfragmented': ['Control frames whole', 'A control frame must not be fragmented.'],
  'continuation-of-nothing': [
    'Something to continue',
    'A continuation needs a message that was begun and not finished.',
  ],
  'message-interleaved': ['No interleaving', 'A message must not begin before the fragmented one has ended.'],
  'text-utf8': ['Text is UTF-8', 'The payload of a text message must be valid UTF-8.'],
  'message-length': ['Message size limit', 'A receiver refuses messages larger than it can process.'],
  'close-one-byte': ['Half a code', 'The payload of a Close frame, if any, must begin with a 2-byte code.'],
  'close-code-range': ['Close code range', 'A close code lies between 1000 and 4999.'],
  'close-code-never-sent': ['Codes never sent', 'A Close frame must not carry 1004, 1005, 1006 or 1015.'],
  'close-code-undefined': [
    'Undefined codes',
    'Codes 1016 to 2999 are reserved for the protocol and not defined yet.',
  ],
  'close-code-of-clients': ['Code of clients', 'Close code 1010 is not used by servers.'],
  'close-reason-utf8': ['Reason is UTF-8', 'The reason in a Close frame must be valid UTF-8.'],
  'data-after-close': ['Nothing after Close', 'No data frame may follow a Close frame.'],
  'close-once': ['Close once', 'Each side sends one Close frame.'],
  'deflate-first-frame': [
    'Place of RSV1',
    'RSV1, the mark of compression, is set only on the first frame of a message.',
  ],
  'deflate-data': ['Compressed data', 'The payload of a compressed message must be DEFLATE data.'],
}

/** A rule of the catalogue in English. */
export function ruleWords(rule: RuleId): RuleWords {
  const [title, sentence] = WORDS[rule]
  return { title, sentence }
}

/** What a broken rule asks of the other side, in one sentence. */
export function dutyWords(rule: RuleId, by: Role): string {
  const duty = dutyOf(rule, by)
  if (duty === 'fail') return 'The other side fails the connection.'
  if (duty === 'decline') return 'The other side declines the offer.'
  if (duty === 'nothing') return 'The other side need not do anything.'
  return duty < 1000
    ? `The server refuses with ${duty}.`
    : `The other side fails the connection with ${duty}.`
}

/** Who broke which rule where, what follows, and where it is written. */
export function explainViolation({ rule, by, offset }: Violation): string {
  const { sentence } = ruleWords(rule)
  return `The ${by} broke a rule at byte ${offset}: ${sentence} ${dutyWords(rule, by)} (${RULES[rule].section})`
}
