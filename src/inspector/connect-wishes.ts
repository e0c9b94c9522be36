import type { SourceKind } from './sources/live-source.ts'

/** What a reader wants to connect to, and as whom. */
export interface ConnectWishes {
  readonly kind: SourceKind
  readonly lab: string
  /** As typed, with commas between names. */
  readonly subprotocols: string
  /** A raw client's offer of permessage-deflate. */
  readonly deflate: boolean
  /** The head to write, in the reader's own words; empty: a good one. */
  readonly head: string
}

export const FIRST_WISHES: ConnectWishes = {
  kind: 'browser',
  lab: 'echo',
  subprotocols: '',
  deflate: false,
  head: '',
}

/** Names of subprotocols as typed, in their order. */
export function subprotocolsIn(text: string): string[] {
  return text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

/** A subprotocol is a token and named once (RFC 6455 §4.1); a browser throws at anything else. */
export function subprotocolFault(text: string): string | undefined {
  const names = subprotocolsIn(text)
  const bad = names.find(name => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
  if (bad !== undefined) return `서브프로토콜 이름에 쓸 수 없는 글자가 있습니다: ${bad}`
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  return twice === undefined ? undefined : `같은 서브프로토콜을 두 번 제안할 수 없습니다: ${twice}`
}

/** Labs that anyone can talk to, for whoever does not know their names. */
export const KNOWN_LABS: readonly { readonly name: string; readonly words: string }[] = [
  { name: 'echo', words: '받은 메시지를 그대로 돌려보냅니다' },
  { name: 'deflate', words: '압축을 제안하면 받아들이고, 받은 메시지를 압축해 돌려보냅니다' },
  { name: 'ping', words: '1초마다 핑을 보내고, 받은 메시지는 돌려보냅니다' },
  { name: 'speak', words: '묻지 않아도 1초마다 말하고, 받은 메시지에는 답하지 않습니다' },
]

export const KIND_WORDS: Readonly<Record<SourceKind, { readonly label: string; readonly words: string }>> = {
  browser: {
    label: '내 브라우저',
    words:
      '이 페이지의 WebSocket으로 연결합니다. 브라우저가 내주는 만큼, 텍스트와 바이너리와 종료를 보냅니다.',
  },
  raw: {
    label: '원시 클라이언트',
    words: '샌드박스 안의 TCP 소켓으로 연결합니다. 요청도 프레임도 손수 써서, 규칙을 어기는 것까지 보냅니다.',
  },
  server: {
    label: '서버 역할',
    words: '내 브라우저가 연결해 오는 서버를 손수 맡습니다. 브라우저가 낯선 프레임을 어떻게 받는지 봅니다.',
  },
}
