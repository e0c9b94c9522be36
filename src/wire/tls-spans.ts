import { hexStart } from '#protocol/hex.ts'
import type { Worded } from '#words/ko/span-words.ts'
import type { Span } from '#words/span.ts'
import { RECORD_HEAD_BYTES, SERVER_NAME, type TlsRecord } from './tls-records.ts'

/** The parts of a record, which cover its bytes, each with its words. */
export function tlsSpans({ kind, bytes }: TlsRecord): readonly Worded<Span>[] {
  const spans = new Spans(bytes)
  spans.take(1, 'content-type', '레코드의 종류', TYPE_WORDS[bytes[0] ?? 0] ?? '알려지지 않은 종류입니다.')
  spans.take(
    2,
    'legacy-version',
    '옛 버전',
    '옛 장비를 놀라게 하지 않으려고 적는 값입니다. 진짜 버전은 인사 안의 확장에 있습니다.',
  )
  spans.take(
    2,
    'record-length',
    '길이',
    '뒤따르는 바이트의 수입니다. 암호화되지 않으므로 누구나 봅니다.',
    String(bytes.length - RECORD_HEAD_BYTES),
  )
  if (kind === 'client-hello') readClientHello(spans)
  else if (kind === 'server-hello') readServerHello(spans)
  else if (kind === 'change-cipher-spec')
    spans.rest(
      'change-cipher-spec',
      '암호 바꾸기',
      'TLS 1.3에서는 뜻이 없습니다. 옛 TLS만 아는 장비가 막지 않도록 흉내 내어 보냅니다.',
      'RFC 8446 §D.4',
    )
  else if (kind === 'application-data')
    spans.rest(
      'ciphertext',
      '암호문',
      '안에 든 것이 인증서인지 요청인지 메시지인지조차 밖에서는 모릅니다. 끝의 16바이트는 변조를 알아내는 태그입니다.',
      'RFC 8446 §5.2',
    )
  else spans.rest('content', '내용', '이 레코드가 나르는 바이트입니다.')
  return spans.all
}

const TYPE_WORDS: Readonly<Record<number, string>> = {
  20: '암호 바꾸기를 알리는 레코드입니다.',
  21: '알림 레코드입니다.',
  22: '핸드셰이크 레코드입니다. 아직 암호화되지 않은 인사가 들어 있습니다.',
  23: '애플리케이션 데이터라고 적힌 레코드입니다. TLS 1.3에서는 암호화된 것이면 무엇이든 이렇게 적습니다.',
}

const HELLO = 'RFC 8446 §4.1.2'
const ANSWER = 'RFC 8446 §4.1.3'

/** RFC 8446 §4.1.2, one span for each field. */
function readClientHello(spans: Spans): void {
  spans.take(1, 'message-type', '인사의 종류', '1은 클라이언트의 인사(ClientHello)입니다.', '1', HELLO)
  spans.take(3, 'message-length', '인사의 길이', '인사에 남은 바이트의 수입니다.', undefined, HELLO)
  spans.take(2, 'hello-version', '인사의 옛 버전', 'TLS 1.2라고 적습니다.', undefined, HELLO)
  spans.take(32, 'random', '난수', '연결마다 새로 고르는 32바이트입니다.', undefined, HELLO)
  spans.counted(1, 'session-id', '세션 ID', 'TLS 1.3에서는 옛 장비를 위한 흉내입니다.', HELLO)
  spans.counted(
    2,
    'cipher-suites',
    '암호 모음',
    '클라이언트가 쓸 줄 아는 암호를 좋아하는 차례로 적습니다.',
    HELLO,
  )
  spans.counted(1, 'compression', '압축', '늘 “압축하지 않음”입니다.', HELLO)
  readExtensions(spans, HELLO)
}

/** RFC 8446 §4.1.3. */
function readServerHello(spans: Spans): void {
  spans.take(1, 'message-type', '인사의 종류', '2는 서버의 인사(ServerHello)입니다.', '2', ANSWER)
  spans.take(3, 'message-length', '인사의 길이', '인사에 남은 바이트의 수입니다.', undefined, ANSWER)
  spans.take(2, 'hello-version', '인사의 옛 버전', 'TLS 1.2라고 적습니다.', undefined, ANSWER)
  spans.take(32, 'random', '난수', '서버가 고른 32바이트입니다.', undefined, ANSWER)
  spans.counted(1, 'session-id', '세션 ID', '클라이언트가 적은 것을 되풀이합니다.', ANSWER)
  spans.take(
    2,
    'cipher-suite',
    '고른 암호',
    '클라이언트의 목록에서 서버가 고른 하나입니다.',
    undefined,
    ANSWER,
  )
  spans.take(1, 'compression', '압축', '늘 “압축하지 않음”입니다.', undefined, ANSWER)
  readExtensions(spans, ANSWER)
}

/** Extensions that have a name here (IANA, TLS ExtensionType Values). */
const EXTENSIONS: Readonly<Record<number, readonly [label: string, sentence: string, section: string]>> = {
  10: ['키 교환의 곡선', '쓸 줄 아는 곡선의 이름입니다.', 'RFC 8446 §4.2.7'],
  13: ['서명 방식', '인증서를 확인할 때 쓸 줄 아는 서명 방식입니다.', 'RFC 8446 §4.2.3'],
  16: [
    'ALPN',
    '이 연결 위에서 말하려는 프로토콜의 이름입니다. 웹소켓은 http/1.1이라고 적고 시작합니다.',
    'RFC 7301 §3.1',
  ],
  43: ['진짜 버전', '쓰려는 TLS의 버전입니다.', 'RFC 8446 §4.2.1'],
  51: ['키 교환', '두 쪽이 비밀을 함께 만들 공개 값입니다. 보아도 비밀은 알 수 없습니다.', 'RFC 8446 §4.2.8'],
}

function readExtensions(spans: Spans, section: string): void {
  spans.take(2, 'extensions-length', '확장의 길이', '뒤따르는 확장 모두의 길이입니다.', undefined, section)
  while (spans.left > 4) {
    const type = spans.number(0, 2)
    const length = spans.number(2, 2)
    if (type === SERVER_NAME && length > 5) {
      spans.take(
        9,
        'server-name-head',
        '서버 이름 확장',
        '찾는 호스트의 이름이 뒤따른다고 알립니다.',
        undefined,
        'RFC 6066 §3',
      )
      spans.take(
        length - 5,
        'server-name',
        '서버 이름(SNI)',
        '클라이언트가 찾는 호스트의 이름입니다. 암호화되기 전이므로 누구나 읽습니다.',
        spans.text(length - 5),
        'RFC 6066 §3',
      )
    } else {
      const [label, sentence, where] = EXTENSIONS[type] ?? [
        `확장 ${type}`,
        '인사에 덧붙인 항목입니다.',
        'RFC 8446 §4.2',
      ]
      spans.take(4 + length, `extension-${type}`, label, sentence, undefined, where)
    }
  }
}

/** Cuts the bytes of a record into spans, from its beginning; what goes beyond its end is cut off. */
class Spans {
  readonly all: Worded<Span>[] = []
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  /** The number in those bytes from here, most significant first. */
  number(skip: number, length: number): number {
    return this.#bytes
      .subarray(this.#at + skip, this.#at + skip + length)
      .reduce((number, byte) => number * 256 + byte, 0)
  }

  /** The next bytes behind the head of a server name. */
  text(length: number): string {
    return new TextDecoder().decode(this.#bytes.subarray(this.#at, this.#at + length))
  }

  take(
    length: number,
    id: string,
    label: string,
    sentence: string,
    value?: string,
    section = 'RFC 8446 §5.1',
  ): void {
    const start = this.#at
    const end = Math.min(start + length, this.#bytes.length)
    if (end === start) return
    this.#at = end
    this.all.push({
      id,
      name: id,
      label,
      sentence,
      value: value ?? hexStart(this.#bytes.subarray(start, end), SHOWN_BYTES),
      start,
      end,
      section,
    })
  }

  /** A field behind its own length, which has so many bytes. */
  counted(lengthBytes: number, id: string, label: string, sentence: string, section: string): void {
    this.take(lengthBytes + this.number(0, lengthBytes), id, label, sentence, undefined, section)
  }

  rest(id: string, label: string, sentence: string, section?: string): void {
    this.take(this.left, id, label, sentence, undefined, section)
  }
}

/** Bytes of a value that are shown: enough to recognise it by. */
const SHOWN_BYTES = 16
