import type { Role } from '#protocol/role.ts'
import { dutyOf, RULES, type RuleId } from '#protocol/rules.ts'
import type { Violation } from '#protocol/violation.ts'
import type { RuleWords } from '../rule-words.ts'

const WORDS: Readonly<Record<RuleId, readonly [title: string, sentence: string]>> = {
  'head-start-line': [
    '시작 줄',
    '첫 줄은 메서드, 대상, 버전(응답이면 버전, 상태 코드, 이유)을 공백 하나로 나누어 씁니다.',
  ],
  'head-field-name': ['헤더 이름', '헤더 이름은 토큰이어야 하고 바로 뒤에 콜론이 와야 합니다.'],
  'head-field-value': ['헤더 값', '헤더 값에는 탭을 제외한 제어 문자를 쓸 수 없습니다.'],
  'head-folding': ['줄 접기', '헤더 한 줄을 여러 줄로 접어 쓰면 안 됩니다.'],
  'head-line-ending': ['줄 끝', '모든 줄은 CR과 LF 두 바이트로 끝나야 합니다.'],
  'head-too-long': ['머리의 길이', '머리가 정해 둔 한도보다 길어지면 더 읽지 않습니다.'],
  'request-method': ['GET 메서드', '핸드셰이크 요청의 메서드는 GET이어야 합니다.'],
  'request-http-version': ['HTTP/1.1 이상', '요청의 HTTP 버전은 1.1 이상이어야 합니다.'],
  'request-target': [
    '요청 대상',
    '요청 대상은 경로나 http(s) URI여야 하며 #으로 시작하는 부분을 가질 수 없습니다.',
  ],
  'request-host': ['Host 헤더', 'Host 헤더가 정확히 하나 있어야 하고 값은 호스트와 포트여야 합니다.'],
  'request-upgrade': ['Upgrade 헤더', 'Upgrade 헤더에 websocket이 있어야 합니다.'],
  'request-connection': ['Connection 헤더', 'Connection 헤더에 Upgrade 토큰이 있어야 합니다.'],
  'request-key': ['키 헤더', 'Sec-WebSocket-Key 헤더가 있어야 합니다.'],
  'request-key-once': ['키는 하나', 'Sec-WebSocket-Key 헤더는 요청에 한 번만 나와야 합니다.'],
  'request-key-length': ['16바이트 키', '키를 base64로 풀면 16바이트여야 합니다.'],
  'request-origin': ['Origin 헤더', 'Origin 헤더는 하나만 보내고 값은 출처 하나나 null이어야 합니다.'],
  'request-version': ['버전 13', 'Sec-WebSocket-Version 헤더가 있어야 하고 값은 13이어야 합니다.'],
  'request-version-once': ['버전은 하나', 'Sec-WebSocket-Version 헤더는 요청에 한 번만 나와야 합니다.'],
  'request-version-grammar': ['버전의 문법', '버전은 0에서 255 사이의 수이며 앞에 0을 붙이지 않습니다.'],
  'request-subprotocol-token': [
    '서브프로토콜 이름',
    '제안하는 서브프로토콜의 이름은 비어 있지 않은 토큰이어야 합니다.',
  ],
  'request-subprotocol-unique': ['겹치지 않는 서브프로토콜', '같은 서브프로토콜을 두 번 제안하면 안 됩니다.'],
  'request-extensions': ['확장 제안의 문법', 'Sec-WebSocket-Extensions의 값은 정해진 문법을 따라야 합니다.'],
  'request-deflate': [
    '압축 제안의 매개변수',
    'permessage-deflate 제안에는 정해진 매개변수만 한 번씩, 허용된 값으로 씁니다.',
  ],
  'response-status': ['상태 코드 101', '핸드셰이크를 받아들이는 응답의 상태 코드는 101입니다.'],
  'response-versions': [
    '지원하는 버전',
    '요청한 버전을 지원하지 않으면 지원하는 버전을 Sec-WebSocket-Version에 적어야 합니다.',
  ],
  'response-http-version': ['HTTP/1.1 응답', '101 응답의 HTTP 버전은 1.1 이상이어야 합니다.'],
  'response-upgrade': ['응답의 Upgrade', '응답의 Upgrade 헤더 값은 websocket이어야 합니다.'],
  'response-connection': ['응답의 Connection', '응답의 Connection 헤더에 Upgrade 토큰이 있어야 합니다.'],
  'response-accept': ['수락 값', 'Sec-WebSocket-Accept가 있어야 하고 요청의 키로 계산한 값과 같아야 합니다.'],
  'response-accept-once': ['수락 값은 하나', 'Sec-WebSocket-Accept 헤더는 응답에 한 번만 나와야 합니다.'],
  'response-subprotocol-once': [
    '서브프로토콜 하나',
    '응답에는 Sec-WebSocket-Protocol 헤더가 두 번 나올 수 없습니다.',
  ],
  'response-subprotocol-token': [
    '고른 서브프로토콜의 이름',
    '서버가 고른 서브프로토콜의 이름은 비어 있지 않은 토큰 하나여야 합니다.',
  ],
  'response-subprotocol-offered': [
    '제안받은 서브프로토콜',
    '서버는 클라이언트가 제안한 서브프로토콜 가운데에서만 고를 수 있습니다.',
  ],
  'response-extensions': [
    '확장 응답의 문법',
    '응답의 Sec-WebSocket-Extensions 값은 정해진 문법을 따라야 합니다.',
  ],
  'response-extensions-once': [
    '확장 헤더는 하나',
    'Sec-WebSocket-Extensions 헤더는 응답에 한 번만 나와야 합니다.',
  ],
  'response-extension-offered': ['제안받은 확장', '서버는 클라이언트가 제안하지 않은 확장을 쓸 수 없습니다.'],
  'response-deflate': [
    '압축 응답의 매개변수',
    '서버가 고른 permessage-deflate 매개변수는 제안 가운데 하나와 맞아야 합니다.',
  ],
  'response-to-bad-request': [
    '잘못된 요청의 거절',
    '서버는 규칙에 어긋난 핸드셰이크를 받아들이지 말고 오류로 답해야 합니다.',
  ],
  'data-before-response': [
    '응답을 기다림',
    '클라이언트는 서버의 응답을 받기 전에 프레임을 보내면 안 됩니다.',
  ],
  'reserved-bits': ['예약 비트', 'RSV1, RSV2, RSV3은 뜻을 정한 확장이 없으면 0이어야 합니다.'],
  'reserved-opcode': ['예약된 opcode', 'opcode 3–7과 11–15는 아직 뜻이 없으므로 쓸 수 없습니다.'],
  'length-minimal': ['가장 짧은 길이 표기', '페이로드 길이는 나타낼 수 있는 가장 짧은 형식으로 써야 합니다.'],
  'length-63-bits': ['63비트 길이', '64비트 확장 길이의 최상위 비트는 0이어야 합니다.'],
  'client-masks': ['클라이언트의 마스킹', '클라이언트가 보내는 모든 프레임은 마스킹해야 합니다.'],
  'server-never-masks': ['마스킹하지 않는 서버', '서버가 보내는 프레임은 마스킹하면 안 됩니다.'],
  'masking-key-fresh': ['새 마스킹 키', '프레임마다 예측할 수 없는 새 마스킹 키를 골라야 합니다.'],
  'control-length': ['제어 프레임의 길이', '제어 프레임의 페이로드는 125바이트를 넘을 수 없습니다.'],
  'control-unfragmented': [
    '쪼개지 않는 제어 프레임',
    '제어 프레임은 여러 조각으로 나눌 수 없으므로 FIN이 1이어야 합니다.',
  ],
  'continuation-of-nothing': [
    '이어질 메시지',
    '이어지는 프레임은 시작하고 끝나지 않은 메시지가 있을 때만 보낼 수 있습니다.',
  ],
  'message-interleaved': [
    '섞이지 않는 메시지',
    '단편화한 메시지가 끝나기 전에 다른 메시지를 시작할 수 없습니다.',
  ],
  'text-utf8': ['텍스트는 UTF-8', '텍스트 메시지의 페이로드는 올바른 UTF-8이어야 합니다.'],
  'message-length': ['메시지 크기의 한도', '받는 쪽은 처리할 수 있는 크기를 넘는 메시지를 거절해야 합니다.'],
  'close-one-byte': ['1바이트 종료', '종료 프레임에 내용이 있으면 2바이트 코드로 시작해야 합니다.'],
  'close-code-range': ['종료 코드의 범위', '종료 코드는 1000에서 4999 사이여야 합니다.'],
  'close-code-never-sent': ['보내지 않는 코드', '1004, 1005, 1006, 1015는 종료 프레임에 쓸 수 없습니다.'],
  'close-code-undefined': [
    '정의되지 않은 코드',
    '1016에서 2999까지는 프로토콜을 위해 예약되었으므로 쓸 수 없습니다.',
  ],
  'close-code-of-clients': ['클라이언트의 코드', '종료 코드 1010은 클라이언트만 쓰는 코드입니다.'],
  'close-reason-utf8': ['종료 이유는 UTF-8', '종료 코드 뒤의 이유는 올바른 UTF-8이어야 합니다.'],
  'data-after-close': ['종료 뒤의 데이터', '종료 프레임을 보낸 뒤에는 데이터 프레임을 보낼 수 없습니다.'],
  'close-once': ['종료는 한 번', '종료 프레임은 양쪽이 한 번씩만 보냅니다.'],
  'deflate-first-frame': ['RSV1의 자리', '압축을 알리는 RSV1은 메시지의 첫 프레임에만 설정합니다.'],
  'deflate-data': ['압축된 데이터', '압축된 메시지의 페이로드는 풀 수 있는 DEFLATE 데이터여야 합니다.'],
}

/** A rule of the catalogue in Korean. */
export function ruleWords(rule: RuleId): RuleWords {
  const [title, sentence] = WORDS[rule]
  return { title, sentence }
}

const SIDES: Readonly<Record<Role, string>> = { client: '클라이언트', server: '서버' }

/** What a broken rule asks of the other side, in one sentence. */
export function dutyWords(rule: RuleId, by: Role): string {
  const duty = dutyOf(rule, by)
  if (duty === 'fail') return '받은 쪽은 연결을 실패로 처리합니다.'
  if (duty === 'decline') return '받은 쪽은 그 제안을 거절합니다.'
  if (duty === 'nothing') return '받은 쪽이 꼭 해야 할 일은 없습니다.'
  return duty < 1000 ? `서버는 ${duty} 응답으로 거절합니다.` : `받은 쪽은 코드 ${duty}로 연결을 끝냅니다.`
}

/** Who broke which rule where, what follows, and where it is written. */
export function explainViolation({ rule, by, offset }: Violation): string {
  const { sentence } = ruleWords(rule)
  return `${SIDES[by]}가 보낸 오프셋 ${offset}의 바이트에서 규칙이 깨졌습니다: ${sentence} ${dutyWords(rule, by)} (${RULES[rule].section})`
}
