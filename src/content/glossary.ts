/** A term of the course: one word per concept, used the same everywhere. */
export interface Term {
  readonly ko: string
  readonly en: string
  /** One sentence that stands alone. */
  readonly definition: string
  /** Section of RFC 6455 that defines it, where one does. */
  readonly section?: string
}

/** Every term that `<Term of="…">` may name. */
export const GLOSSARY = {
  websocket: {
    ko: '웹소켓',
    en: 'WebSocket',
    definition:
      '연결 하나를 열어 두고 브라우저와 서버가 서로 아무 때나 메시지를 보낼 수 있게 하는 프로토콜입니다.',
    section: '1.5',
  },
  handshake: {
    ko: '핸드셰이크',
    en: 'handshake',
    definition:
      '본 대화를 시작하기 전에 양쪽이 조건을 맞추는 첫 주고받기입니다. 웹소켓에서는 HTTP 요청과 응답 하나씩입니다.',
    section: '1.3',
  },
  frame: {
    ko: '프레임',
    en: 'frame',
    definition: '웹소켓이 바이트를 나르는 단위입니다. 헤더 2–14바이트 뒤에 페이로드가 이어집니다.',
    section: '5.2',
  },
  message: {
    ko: '메시지',
    en: 'message',
    definition: '애플리케이션이 한 번에 보내고 받는 단위입니다. 프레임 하나 또는 여러 개에 실립니다.',
    section: '1.2',
  },
  payload: {
    ko: '페이로드',
    en: 'payload',
    definition: '프레임에서 헤더를 뺀 나머지, 실제로 전하려는 바이트입니다.',
    section: '5.2',
  },
  opcode: {
    ko: 'opcode',
    en: 'opcode',
    definition: '프레임이 무엇인지 알리는 4비트 값입니다. 텍스트는 1, 바이너리는 2, 종료는 8입니다.',
    section: '5.2',
  },
  masking: {
    ko: '마스킹',
    en: 'masking',
    definition: '클라이언트가 보내는 페이로드를 프레임마다 새로 뽑은 4바이트 키와 XOR하는 일입니다.',
    section: '5.3',
  },
  'masking-key': {
    ko: '마스킹 키',
    en: 'masking key',
    definition: '클라이언트가 프레임마다 새로 뽑아 헤더에 적어 보내는 4바이트 난수입니다.',
    section: '5.3',
  },
  'control-frame': {
    ko: '제어 프레임',
    en: 'control frame',
    definition:
      '연결의 상태를 다루는 프레임입니다. 종료, 핑, 퐁이 있으며 페이로드는 125바이트를 넘지 못합니다.',
    section: '5.5',
  },
  fragmentation: {
    ko: '단편화',
    en: 'fragmentation',
    definition: '메시지 하나를 여러 프레임으로 나누어 보내는 일입니다.',
    section: '5.4',
  },
  ping: {
    ko: '핑',
    en: 'ping',
    definition: '상대가 아직 살아 있는지 묻는 제어 프레임입니다. 받은 쪽은 퐁으로 답합니다.',
    section: '5.5.2',
  },
  pong: {
    ko: '퐁',
    en: 'pong',
    definition: '핑에 답하는 제어 프레임입니다. 핑의 페이로드를 그대로 돌려줍니다.',
    section: '5.5.3',
  },
  'closing-handshake': {
    ko: '종료 핸드셰이크',
    en: 'closing handshake',
    definition: '양쪽이 종료 프레임을 하나씩 주고받아 연결을 끝맺는 절차입니다.',
    section: '1.4',
  },
  'close-code': {
    ko: '종료 코드',
    en: 'close code',
    definition: '연결을 끝내는 까닭을 나타내는 두 바이트 정수입니다.',
    section: '7.4',
  },
  subprotocol: {
    ko: '서브프로토콜',
    en: 'subprotocol',
    definition: '웹소켓 위에서 메시지를 어떤 약속으로 읽을지 핸드셰이크에서 정하는 이름입니다.',
    section: '1.9',
  },
  extension: {
    ko: '확장',
    en: 'extension',
    definition: '압축처럼 프레임의 뜻을 넓히는 기능으로, 핸드셰이크에서 양쪽이 합의해야 켜집니다.',
    section: '9',
  },
  origin: {
    ko: '출처',
    en: 'origin',
    definition:
      '페이지가 온 곳을 나타내는 스킴, 호스트, 포트의 묶음입니다. 브라우저가 Origin 헤더로 알립니다.',
    section: '10.2',
  },
  header: {
    ko: '헤더',
    en: 'header',
    definition:
      'HTTP 메시지의 본문 앞에 오는 “이름: 값” 줄들입니다. 프레임에서는 페이로드 앞의 바이트를 가리킵니다.',
  },
  recording: {
    ko: '캡처 기록',
    en: 'recording',
    definition: '실제 브라우저와 실제 샌드박스 사이를 지나간 바이트를 시각과 함께 적어 둔 파일입니다.',
  },
  sandbox: {
    ko: '샌드박스',
    en: 'sandbox',
    definition: '이 강의의 실험을 받아 주는 서버입니다. 지나가는 바이트를 그대로 이 페이지에 되비춰 줍니다.',
  },
  wire: {
    ko: '와이어',
    en: 'wire',
    definition: '브라우저와 서버 사이에서 바이트가 실제로 지나간 자리입니다.',
  },
  'accept-key': {
    ko: '수락 값',
    en: 'Sec-WebSocket-Accept',
    definition:
      '서버가 클라이언트의 키로 계산해 돌려주는 값입니다. 서버가 웹소켓을 알아들었음을 보여 줍니다.',
    section: '4.2.2',
  },
  upgrade: {
    ko: '업그레이드',
    en: 'upgrade',
    definition: '열려 있는 같은 TCP 연결에서 HTTP 대신 다른 프로토콜로 말하기로 바꾸는 일입니다.',
    section: '1.3',
  },
} as const satisfies Record<string, Term>

export type TermId = keyof typeof GLOSSARY
