import { layoutHead, type HeadSpan, type HeadSpanName } from '../head-layout.ts'
import { fieldValues, listTokens, type RequestHead, type ResponseHead } from '#protocol/http-head.ts'
import type { Worded } from './span-words.ts'

type Head = RequestHead | ResponseHead

/** The parts of a head that partition its bytes, in order, each with its Korean words. */
export function explainHead(head: Head): Worded<HeadSpan>[] {
  /** Name of the field that a span is in, as its sender writes it. */
  let name = ''
  return layoutHead(head).map(span => {
    if (span.name === 'field-name') name = span.value
    const [label, sentence] = WORDS[span.name]
    return { ...span, label, sentence: typeof sentence === 'string' ? sentence : sentence(head, name) }
  })
}

const WORDS: Readonly<
  Record<HeadSpanName, readonly [label: string, sentence: string | ((head: Head, field: string) => string)]>
> = {
  method: [
    '메서드',
    head => (isHandshake(head) ? '요청의 메서드이며 핸드셰이크에서는 GET입니다.' : '요청의 메서드입니다.'),
  ],
  'request-target': [
    '요청 대상',
    head =>
      isHandshake(head)
        ? '서버 안에서 어느 엔드포인트에 연결할지 가리킵니다.'
        : '서버 안에서 무엇을 요청하는지 가리킵니다.',
  ],
  'HTTP-version': [
    'HTTP 버전',
    head => {
      if (head.kind === 'response') return '응답의 HTTP 버전입니다.'
      return isHandshake(head) ? '핸드셰이크에는 HTTP/1.1 이상이 필요합니다.' : '요청의 HTTP 버전입니다.'
    },
  ],
  'status-code': [
    '상태 코드',
    head =>
      isSwitching(head)
        ? '서버가 프로토콜을 바꾸는 데 동의했습니다.'
        : '101이 아니므로 프로토콜은 바뀌지 않았습니다.',
  ],
  'reason-phrase': ['이유 구절', '사람을 위한 설명이며 프로그램은 읽지 않습니다.'],
  SP: ['공백', '시작 줄의 요소를 나누는 공백입니다.'],
  CRLF: ['줄 끝', '한 줄이 끝났음을 CR과 LF 두 바이트로 알립니다.'],
  'field-name': ['헤더 이름', '헤더의 이름이며 대소문자를 가리지 않습니다.'],
  '":" OWS': ['콜론', '헤더의 이름과 값을 나눕니다.'],
  'field-value': ['헤더 값', (head, field) => valueWords(head, field) ?? `${field} 헤더의 값입니다.`],
  OWS: ['공백', '값 뒤의 공백이며 값에 들어가지 않습니다.'],
  'empty line': [
    '빈 줄',
    head =>
      isSwitching(head) ? '헤더가 끝났고 다음 바이트부터는 프레임입니다.' : '헤더가 모두 끝났음을 알립니다.',
  ],
}

function isSwitching(head: Head): boolean {
  return head.kind === 'response' && head.status === 101
}

/** A request that asks for WebSocket; any other is an ordinary one. */
function isHandshake(head: Head): boolean {
  return head.kind === 'request' && fieldValues(head, 'Upgrade').length > 0
}

/** As `fieldWords`, where the head it stands in makes a difference. */
function valueWords(head: Head, name: string): string | undefined {
  switch (name.toLowerCase()) {
    case 'connection': {
      const options = listTokens(head, name).map(option => option.toLowerCase())
      if (options.includes('upgrade')) break
      if (options.includes('close')) return '이 응답을 끝으로 연결을 닫는다는 뜻입니다.'
      if (options.includes('keep-alive')) return '응답한 뒤에도 연결을 열어 둔다는 뜻입니다.'
      return '여기 적힌 헤더는 이 연결 구간에만 쓰인다는 뜻입니다.'
    }
    case 'upgrade':
      if (isSwitching(head)) return '이 연결을 웹소켓 프로토콜로 바꾼다는 뜻입니다.'
      break
    case 'cache-control':
      if (head.kind === 'response') return '이 응답을 저장해 두었다가 다시 써도 되는지 알립니다.'
      break
  }
  return fieldWords(name)
}

/** What the value of a header field says, whatever the case of its name; undefined when nothing is known of it. */
export function fieldWords(name: string): string | undefined {
  return FIELD_WORDS.get(name.toLowerCase())
}

/** By lower-case name. */
const FIELD_WORDS: ReadonlyMap<string, string> = new Map([
  ['host', '접속하려는 호스트와 포트입니다.'],
  ['upgrade', '이 연결을 웹소켓 프로토콜로 바꾸자는 뜻입니다.'],
  ['connection', 'Upgrade 헤더가 이 연결 구간에 적용된다는 뜻입니다.'],
  ['origin', '연결을 연 스크립트의 출처이며 브라우저가 적습니다.'],
  [
    'sec-websocket-key',
    '클라이언트가 무작위로 고른 16바이트를 base64로 쓴 값이며, 서버가 요청을 읽었음을 증명하는 데 씁니다.',
  ],
  ['sec-websocket-accept', '서버가 요청의 키로 계산한 값입니다.'],
  ['sec-websocket-version', '웹소켓 프로토콜의 버전이며 RFC 6455는 13입니다.'],
  [
    'sec-websocket-protocol',
    '요청에서는 클라이언트가 제안한 서브프로토콜, 응답에서는 서버가 고른 하나입니다.',
  ],
  ['sec-websocket-extensions', '요청에서는 클라이언트가 제안한 확장, 응답에서는 서버가 받아들인 확장입니다.'],
  ['user-agent', '요청을 보낸 프로그램의 이름과 버전입니다.'],
  ['cookie', '브라우저가 이 사이트에 저장해 둔 쿠키입니다.'],
  ['authorization', '요청하는 쪽의 인증 정보입니다.'],
  ['accept', '받고 싶은 본문의 종류입니다.'],
  ['accept-encoding', '받을 수 있는 HTTP 본문의 압축 방식이며 웹소켓 메시지와는 관계가 없습니다.'],
  ['accept-language', '사용자가 선호하는 언어입니다.'],
  ['cache-control', '저장해 둔 응답을 쓰지 말라는 뜻으로 브라우저가 붙입니다.'],
  ['pragma', 'Cache-Control이 생기기 전부터 쓰던 no-cache 표시입니다.'],
  ['date', '응답을 만든 시각입니다.'],
  ['server', '응답한 서버 프로그램입니다.'],
  ['content-length', '뒤따르는 본문의 바이트 수입니다.'],
  ['content-type', '뒤따르는 본문의 종류입니다.'],
])
