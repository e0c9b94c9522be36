import type { HeaderField, RequestHead, ResponseHead } from './http-head.ts'
import { latin1 } from './latin1.ts'
import type { Span } from './span.ts'

const HTTP = 'RFC 9112 §'

/** What header fields say, by lower-case name: sentence and section. */
const FIELDS: Readonly<Record<string, readonly [sentence: string, section: string]>> = {
  host: ['접속하려는 호스트와 포트입니다.', 'RFC 6455 §4.1'],
  upgrade: ['이 연결을 웹소켓 프로토콜로 바꾸자는 뜻입니다.', 'RFC 6455 §4.1'],
  connection: ['Upgrade 헤더가 이 연결 구간에 적용된다는 뜻입니다.', 'RFC 6455 §4.1'],
  origin: ['연결을 연 스크립트의 출처이며 브라우저가 적습니다.', 'RFC 6455 §10.2'],
  'sec-websocket-key': [
    '클라이언트가 무작위로 고른 16바이트를 base64로 쓴 값이며, 서버가 요청을 읽었음을 증명하는 데 씁니다.',
    'RFC 6455 §11.3.1',
  ],
  'sec-websocket-accept': ['서버가 요청의 키로 계산한 값입니다.', 'RFC 6455 §11.3.3'],
  'sec-websocket-version': ['웹소켓 프로토콜의 버전이며 RFC 6455는 13입니다.', 'RFC 6455 §11.3.5'],
  'sec-websocket-protocol': [
    '요청에서는 클라이언트가 제안한 서브프로토콜, 응답에서는 서버가 고른 하나입니다.',
    'RFC 6455 §11.3.4',
  ],
  'sec-websocket-extensions': [
    '요청에서는 클라이언트가 제안한 확장, 응답에서는 서버가 받아들인 확장입니다.',
    'RFC 6455 §11.3.2',
  ],
  'user-agent': ['요청을 보낸 프로그램의 이름과 버전입니다.', 'RFC 9110 §10.1.5'],
  cookie: ['브라우저가 이 사이트에 저장해 둔 쿠키입니다.', 'RFC 6265 §5.4'],
  authorization: ['요청하는 쪽의 인증 정보입니다.', 'RFC 9110 §11.6.2'],
  'accept-encoding': [
    '받을 수 있는 HTTP 본문의 압축 방식이며 웹소켓 메시지와는 관계가 없습니다.',
    'RFC 9110 §12.5.3',
  ],
  'accept-language': ['사용자가 선호하는 언어입니다.', 'RFC 9110 §12.5.4'],
  'cache-control': ['저장해 둔 응답을 쓰지 말라는 뜻으로 브라우저가 붙입니다.', 'RFC 9111 §5.2'],
  pragma: ['Cache-Control이 생기기 전부터 쓰던 no-cache 표시입니다.', 'RFC 9111 §5.4'],
  date: ['응답을 만든 시각입니다.', 'RFC 9110 §6.6.1'],
  server: ['응답한 서버 프로그램입니다.', 'RFC 9110 §10.2.4'],
  'content-length': ['뒤따르는 본문의 바이트 수입니다.', 'RFC 9110 §8.6'],
  'content-type': ['뒤따르는 본문의 종류입니다.', 'RFC 9110 §8.3'],
}

/** Spans that partition the bytes of a head, in order. */
export function layoutHead(head: RequestHead | ResponseHead): Span[] {
  const spans: Span[] = []
  /** Adds a span that goes on to `end` from where the last one ended; empty ones are left out. */
  const add = (
    end: number,
    id: string,
    name: string,
    label: string,
    sentence: string,
    section: string,
  ): void => {
    const start = spans.at(-1)?.end ?? 0
    if (end > start) {
      const value = printable(latin1(head.bytes, start, end))
      spans.push({ id, name, label, value, sentence, start, end, section })
    }
  }
  const space = (id: string): void =>
    add((spans.at(-1)?.end ?? 0) + 1, id, 'SP', '공백', '시작 줄의 요소를 나누는 공백입니다.', `${HTTP}3`)
  const lineEnd = (end: number, id: string): void =>
    add(end, id, 'CRLF', '줄 끝', '한 줄이 끝났음을 CR과 LF 두 바이트로 알립니다.', `${HTTP}2.1`)

  const startLineEnd = head.fields[0]?.line.start ?? head.bytes.length - 2
  if (head.kind === 'request') {
    const target = head.method.length + 1 + head.target.length
    add(
      head.method.length,
      'method',
      'method',
      '메서드',
      '요청의 메서드이며 핸드셰이크에서는 GET입니다.',
      'RFC 6455 §4.1',
    )
    space('space-1')
    add(
      target,
      'target',
      'request-target',
      '요청 대상',
      '서버 안에서 어느 엔드포인트에 연결할지 가리킵니다.',
      'RFC 6455 §3',
    )
    space('space-2')
    add(
      startLineEnd - 2,
      'version',
      'HTTP-version',
      'HTTP 버전',
      '핸드셰이크에는 HTTP/1.1 이상이 필요합니다.',
      'RFC 6455 §4.1',
    )
  } else {
    const status = head.version.length + 4
    add(head.version.length, 'version', 'HTTP-version', 'HTTP 버전', '응답의 HTTP 버전입니다.', `${HTTP}2.3`)
    space('space-1')
    add(status, 'status', 'status-code', '상태 코드', statusSentence(head.status), 'RFC 6455 §4.2.2')
    if (startLineEnd - 2 > status) space('space-2')
    add(
      startLineEnd - 2,
      'reason',
      'reason-phrase',
      '이유 구절',
      '사람을 위한 설명이며 프로그램은 읽지 않습니다.',
      `${HTTP}4`,
    )
  }
  lineEnd(startLineEnd, 'start-line:end')

  const seen = new Map<string, number>()
  for (const field of head.fields) {
    const key = field.name.toLowerCase()
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    addField(field, `field:${key}${count > 1 ? `#${count}` : ''}`)
  }
  add(
    head.bytes.length,
    'end',
    'empty line',
    '빈 줄',
    head.kind === 'response' && head.status === 101
      ? '헤더가 끝났고 다음 바이트부터는 프레임입니다.'
      : '헤더가 모두 끝났음을 알립니다.',
    `${HTTP}2.1`,
  )
  return spans

  function addField(field: HeaderField, id: string): void {
    const { name, nameRange, valueRange, line } = field
    const [sentence, section] = FIELDS[name.toLowerCase()] ?? [`${name} 헤더의 값입니다.`, 'RFC 9110 §5']
    const valueSection = section
    add(
      nameRange.end,
      `${id}:name`,
      'field-name',
      '헤더 이름',
      '헤더의 이름이며 대소문자를 가리지 않습니다.',
      `${HTTP}5`,
    )
    add(valueRange.start, `${id}:colon`, '":" OWS', '콜론', '헤더의 이름과 값을 나눕니다.', `${HTTP}5`)
    add(valueRange.end, `${id}:value`, 'field-value', '헤더 값', sentence, valueSection)
    add(line.end - 2, `${id}:space`, 'OWS', '공백', '값 뒤의 공백이며 값에 들어가지 않습니다.', `${HTTP}5`)
    lineEnd(line.end, `${id}:end`)
  }
}

function statusSentence(status: number): string {
  return status === 101
    ? '서버가 프로토콜을 바꾸는 데 동의했습니다.'
    : '101이 아니므로 핸드셰이크가 이루어지지 않았습니다.'
}

function printable(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')
}
