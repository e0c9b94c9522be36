import type { Role } from './role.ts'
import { RULE_FACTS, type RuleFacts, type RuleId } from './rule-facts.ts'

export type { HandshakeRuleId, RuleId } from './rule-facts.ts'

/** A rule in one language: what it is called, and the rule itself in one sentence. */
export interface RuleText {
  readonly title: string
  readonly sentence: string
}

/** A rule of the catalogue: its facts and its words. */
export interface Rule extends RuleFacts {
  readonly ko: RuleText
  readonly en: RuleText
}

type Words = readonly [koTitle: string, koSentence: string, enTitle: string, enSentence: string]

const WORDS: Readonly<Record<RuleId, Words>> = {
  'head-start-line': [
    '시작 줄',
    '첫 줄은 메서드, 대상, 버전(응답이면 버전, 상태 코드, 이유)을 공백 하나로 나누어 씁니다.',
    'Start line',
    'The first line is method, target and version, or version, status and reason, one space apart.',
  ],
  'head-field-name': [
    '헤더 이름',
    '헤더 이름은 토큰이어야 하고 바로 뒤에 콜론이 와야 합니다.',
    'Field name',
    'A field name is a token with a colon right behind it.',
  ],
  'head-field-value': [
    '헤더 값',
    '헤더 값에는 탭을 제외한 제어 문자를 쓸 수 없습니다.',
    'Field value',
    'A field value has no control characters but tabs.',
  ],
  'head-folding': [
    '줄 접기',
    '헤더 한 줄을 여러 줄로 접어 쓰면 안 됩니다.',
    'Line folding',
    'A field line must not be folded.',
  ],
  'head-line-ending': [
    '줄 끝',
    '모든 줄은 CR과 LF 두 바이트로 끝나야 합니다.',
    'Line ending',
    'Every line ends in CR and LF.',
  ],
  'head-too-long': [
    '머리의 길이',
    '머리가 정해 둔 한도보다 길어지면 더 읽지 않습니다.',
    'Head length',
    'A head above the limit is read no further.',
  ],
  'request-method': [
    'GET 메서드',
    '핸드셰이크 요청의 메서드는 GET이어야 합니다.',
    'GET',
    'The method of the request must be GET.',
  ],
  'request-http-version': [
    'HTTP/1.1 이상',
    '요청의 HTTP 버전은 1.1 이상이어야 합니다.',
    'HTTP/1.1 or higher',
    'The HTTP version of the request must be at least 1.1.',
  ],
  'request-target': [
    '요청 대상',
    '요청 대상은 경로나 http(s) URI여야 하며 #으로 시작하는 부분을 가질 수 없습니다.',
    'Request target',
    'The target is a path or an absolute http(s) URI, without a fragment.',
  ],
  'request-host': [
    'Host 헤더',
    'Host 헤더가 정확히 하나 있어야 하고 값은 호스트와 포트여야 합니다.',
    'Host',
    'There must be one Host field, holding host and port.',
  ],
  'request-upgrade': [
    'Upgrade 헤더',
    'Upgrade 헤더에 websocket이 있어야 합니다.',
    'Upgrade',
    'The Upgrade field must include "websocket".',
  ],
  'request-connection': [
    'Connection 헤더',
    'Connection 헤더에 Upgrade 토큰이 있어야 합니다.',
    'Connection',
    'The Connection field must include the token "Upgrade".',
  ],
  'request-version': [
    '버전 13',
    'Sec-WebSocket-Version 헤더가 하나 있어야 하고 값은 13이어야 합니다.',
    'Version 13',
    'There must be one Sec-WebSocket-Version field, and its value must be 13.',
  ],
  'request-key': [
    '키 헤더',
    'Sec-WebSocket-Key 헤더가 정확히 하나 있어야 합니다.',
    'Key',
    'There must be exactly one Sec-WebSocket-Key field.',
  ],
  'request-key-length': [
    '16바이트 키',
    '키를 base64로 풀면 16바이트여야 합니다.',
    '16-byte key',
    'The key must be the base64 of 16 bytes.',
  ],
  'request-origin': [
    'Origin 헤더',
    'Origin 헤더는 하나만 보내고 값은 출처 하나나 null이어야 합니다.',
    'Origin',
    'At most one Origin field, holding one origin or null.',
  ],
  'request-subprotocol-token': [
    '서브프로토콜 이름',
    '제안하는 서브프로토콜의 이름은 비어 있지 않은 토큰이어야 합니다.',
    'Subprotocol names',
    'Subprotocols offered must be non-empty tokens.',
  ],
  'request-subprotocol-unique': [
    '겹치지 않는 서브프로토콜',
    '같은 서브프로토콜을 두 번 제안하면 안 됩니다.',
    'Unique subprotocols',
    'Subprotocols offered must be unique.',
  ],
  'request-extensions': [
    '확장 제안의 문법',
    'Sec-WebSocket-Extensions의 값은 정해진 문법을 따라야 합니다.',
    'Extension grammar',
    'Sec-WebSocket-Extensions must follow its grammar.',
  ],
  'request-deflate': [
    '압축 제안의 매개변수',
    'permessage-deflate 제안에는 정해진 매개변수만 한 번씩, 허용된 값으로 씁니다.',
    'Compression offer',
    'An offer of permessage-deflate has only defined parameters, each once, with allowed values.',
  ],
  'response-status': [
    '상태 코드 101',
    '핸드셰이크를 받아들이는 응답의 상태 코드는 101입니다.',
    'Status 101',
    'The response that accepts the handshake has status 101.',
  ],
  'response-versions': [
    '지원하는 버전',
    '요청한 버전을 지원하지 않으면 지원하는 버전을 Sec-WebSocket-Version에 적어야 합니다.',
    'Versions advertised',
    'A server that does not support the version must name those it does in Sec-WebSocket-Version.',
  ],
  'response-http-version': [
    'HTTP/1.1 응답',
    '101 응답의 HTTP 버전은 1.1 이상이어야 합니다.',
    'HTTP/1.1 response',
    'The HTTP version of a 101 must be at least 1.1.',
  ],
  'response-upgrade': [
    '응답의 Upgrade',
    '응답의 Upgrade 헤더 값은 websocket이어야 합니다.',
    'Upgrade in the response',
    'The Upgrade field of the response must be "websocket".',
  ],
  'response-connection': [
    '응답의 Connection',
    '응답의 Connection 헤더에 Upgrade 토큰이 있어야 합니다.',
    'Connection in the response',
    'The Connection field of the response must include the token "Upgrade".',
  ],
  'response-accept': [
    '수락 값',
    'Sec-WebSocket-Accept가 하나 있고, 요청의 키로 계산한 값과 같아야 합니다.',
    'Accept value',
    'There must be one Sec-WebSocket-Accept, computed from the key of the request.',
  ],
  'response-subprotocol-once': [
    '서브프로토콜 하나',
    '응답에는 Sec-WebSocket-Protocol 헤더가 두 번 나올 수 없습니다.',
    'One subprotocol',
    'Sec-WebSocket-Protocol must not appear twice in a response.',
  ],
  'response-subprotocol-offered': [
    '제안받은 서브프로토콜',
    '서버는 클라이언트가 제안한 서브프로토콜 가운데에서만 고를 수 있습니다.',
    'Offered subprotocol',
    'The server may only choose a subprotocol the client offered.',
  ],
  'response-extensions': [
    '확장 응답의 문법',
    '응답의 Sec-WebSocket-Extensions 값은 정해진 문법을 따라야 합니다.',
    'Extension grammar of the response',
    'Sec-WebSocket-Extensions of the response must follow its grammar.',
  ],
  'response-extension-offered': [
    '제안받은 확장',
    '서버는 클라이언트가 제안하지 않은 확장을 쓸 수 없습니다.',
    'Offered extension',
    'The server must not use an extension the client did not offer.',
  ],
  'response-deflate': [
    '압축 응답의 매개변수',
    '서버가 고른 permessage-deflate 매개변수는 제안 가운데 하나와 맞아야 합니다.',
    'Compression answer',
    'The parameters of permessage-deflate must be such as one offer allows.',
  ],
  'response-to-bad-request': [
    '잘못된 요청의 거절',
    '서버는 규칙에 어긋난 핸드셰이크를 받아들이지 말고 오류로 답해야 합니다.',
    'Bad requests refused',
    'A server must answer a handshake that breaks rules with an error.',
  ],
  'data-before-response': [
    '응답을 기다림',
    '클라이언트는 서버의 응답을 받기 전에 프레임을 보내면 안 됩니다.',
    'Wait for the response',
    'The client must wait for the response before it sends data.',
  ],
  'reserved-bits': [
    '예약 비트',
    'RSV1, RSV2, RSV3은 뜻을 정한 확장이 없으면 0이어야 합니다.',
    'Reserved bits',
    'RSV1, RSV2 and RSV3 must be 0 unless an extension gives them a meaning.',
  ],
  'reserved-opcode': [
    '예약된 opcode',
    'opcode 3–7과 11–15는 아직 뜻이 없으므로 쓸 수 없습니다.',
    'Reserved opcodes',
    'Opcodes 3–7 and 11–15 have no meaning yet and must not be used.',
  ],
  'length-minimal': [
    '가장 짧은 길이 표기',
    '페이로드 길이는 나타낼 수 있는 가장 짧은 형식으로 써야 합니다.',
    'Minimal length',
    'The payload length must be written in the fewest bytes that hold it.',
  ],
  'length-63-bits': [
    '63비트 길이',
    '64비트 확장 길이의 최상위 비트는 0이어야 합니다.',
    '63-bit length',
    'The top bit of a 64-bit length must be 0.',
  ],
  'client-masks': [
    '클라이언트의 마스킹',
    '클라이언트가 보내는 모든 프레임은 마스킹해야 합니다.',
    'Client masks',
    'A client must mask every frame it sends.',
  ],
  'server-never-masks': [
    '마스킹하지 않는 서버',
    '서버가 보내는 프레임은 마스킹하면 안 됩니다.',
    'Server never masks',
    'A server must not mask any frame it sends.',
  ],
  'masking-key-fresh': [
    '새 마스킹 키',
    '프레임마다 예측할 수 없는 새 마스킹 키를 골라야 합니다.',
    'Fresh masking key',
    'Every frame needs a fresh, unpredictable masking key.',
  ],
  'control-length': [
    '제어 프레임의 길이',
    '제어 프레임의 페이로드는 125바이트를 넘을 수 없습니다.',
    'Control frame length',
    'The payload of a control frame is at most 125 bytes.',
  ],
  'control-unfragmented': [
    '쪼개지 않는 제어 프레임',
    '제어 프레임은 여러 조각으로 나눌 수 없으므로 FIN이 1이어야 합니다.',
    'Control frames whole',
    'A control frame must not be fragmented.',
  ],
  'continuation-of-nothing': [
    '이어질 메시지',
    '이어지는 프레임은 시작하고 끝나지 않은 메시지가 있을 때만 보낼 수 있습니다.',
    'Something to continue',
    'A continuation needs a message that was begun and not finished.',
  ],
  'message-interleaved': [
    '섞이지 않는 메시지',
    '단편화한 메시지가 끝나기 전에 다른 메시지를 시작할 수 없습니다.',
    'No interleaving',
    'A message must not begin before the fragmented one has ended.',
  ],
  'text-utf8': [
    '텍스트는 UTF-8',
    '텍스트 메시지의 페이로드는 올바른 UTF-8이어야 합니다.',
    'Text is UTF-8',
    'The payload of a text message must be valid UTF-8.',
  ],
  'message-length': [
    '메시지 크기의 한도',
    '받는 쪽은 처리할 수 있는 크기를 넘는 메시지를 거절해야 합니다.',
    'Message size limit',
    'A receiver refuses messages larger than it can process.',
  ],
  'close-one-byte': [
    '1바이트 종료',
    '종료 프레임에 내용이 있으면 2바이트 코드로 시작해야 합니다.',
    'Half a code',
    'The payload of a Close frame, if any, must begin with a 2-byte code.',
  ],
  'close-code-range': [
    '종료 코드의 범위',
    '종료 코드는 1000에서 4999 사이여야 합니다.',
    'Close code range',
    'A close code lies between 1000 and 4999.',
  ],
  'close-code-never-sent': [
    '보내지 않는 코드',
    '1004, 1005, 1006, 1015는 종료 프레임에 쓸 수 없습니다.',
    'Codes never sent',
    'A Close frame must not carry 1004, 1005, 1006 or 1015.',
  ],
  'close-code-undefined': [
    '정의되지 않은 코드',
    '1016에서 2999까지는 프로토콜을 위해 예약되었으므로 쓸 수 없습니다.',
    'Undefined codes',
    'Codes 1016 to 2999 are reserved for the protocol and not defined yet.',
  ],
  'close-reason-utf8': [
    '종료 이유는 UTF-8',
    '종료 코드 뒤의 이유는 올바른 UTF-8이어야 합니다.',
    'Reason is UTF-8',
    'The reason in a Close frame must be valid UTF-8.',
  ],
  'data-after-close': [
    '종료 뒤의 데이터',
    '종료 프레임을 보낸 뒤에는 데이터 프레임을 보낼 수 없습니다.',
    'Nothing after Close',
    'No data frame may follow a Close frame.',
  ],
  'close-once': [
    '종료는 한 번',
    '종료 프레임은 양쪽이 한 번씩만 보냅니다.',
    'Close once',
    'Each side sends one Close frame.',
  ],
  'deflate-first-frame': [
    'RSV1의 자리',
    '압축을 알리는 RSV1은 메시지의 첫 프레임에만 설정합니다.',
    'Place of RSV1',
    'RSV1, the mark of compression, is set only on the first frame of a message.',
  ],
  'deflate-data': [
    '압축된 데이터',
    '압축된 메시지의 페이로드는 풀 수 있는 DEFLATE 데이터여야 합니다.',
    'Compressed data',
    'The payload of a compressed message must be DEFLATE data.',
  ],
}

function withWords(id: RuleId): Rule {
  const [koTitle, koSentence, enTitle, enSentence] = WORDS[id]
  return {
    ...RULE_FACTS[id],
    ko: { title: koTitle, sentence: koSentence },
    en: { title: enTitle, sentence: enSentence },
  }
}

/** Ids of every rule, in the order of a connection's life. */
export const RULE_IDS: readonly RuleId[] = Object.keys(RULE_FACTS).filter(isRuleId)

/** True for the name of a rule in the catalogue. */
export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(RULE_FACTS, id)
}

/** The catalogue. */
export const RULES: Readonly<Record<RuleId, Rule>> = Object.fromEntries(
  RULE_IDS.map(id => [id, withWords(id)]),
) as Record<RuleId, Rule>

/** A broken rule said in one sentence with its place: who, what, and what the peer must do. */
export interface Explanation {
  readonly ko: string
  readonly en: string
}

const KO_ROLES: Readonly<Record<Role, string>> = { client: '클라이언트', server: '서버' }

/** What a broken rule asks of the other side, in both languages. */
export function dutyOf(rule: RuleId): Explanation {
  const { duty }: RuleFacts = RULE_FACTS[rule]
  if (duty === 'fail')
    return { ko: '받은 쪽은 연결을 실패로 처리합니다.', en: 'The other side must fail the connection.' }
  if (duty === 'decline')
    return { ko: '받은 쪽은 그 제안을 거절합니다.', en: 'The other side declines the offer.' }
  if (duty === 'nothing')
    return { ko: '받은 쪽이 꼭 해야 할 일은 없습니다.', en: 'The other side need not do anything.' }
  return duty < 1000
    ? { ko: `서버는 ${duty} 응답으로 거절합니다.`, en: `The server refuses with ${duty}.` }
    : {
        ko: `받은 쪽은 코드 ${duty}로 연결을 끝냅니다.`,
        en: `The other side fails the connection with ${duty}.`,
      }
}

/** One sentence that says who broke which rule. */
export function explainViolation(violation: { readonly rule: RuleId; readonly by: Role }): Explanation {
  const { ko, en } = RULES[violation.rule]
  return {
    ko: `${KO_ROLES[violation.by]}가 규칙을 어겼습니다: ${ko.sentence}`,
    en: `The ${violation.by} broke a rule: ${en.sentence}`,
  }
}
