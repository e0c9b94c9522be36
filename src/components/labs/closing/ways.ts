/** One way to end a connection, as the reader chooses it; what is done then is in `stage.ts`. */
export interface Way {
  readonly id: string
  readonly words: string
  /** The reader writes code and reason. */
  readonly says?: boolean
}

/** Every way, by who ends the connection: the page in the server's place, the page itself, a raw client. */
export const WAYS = [
  {
    title: '서버가 (이 페이지가 서버를 맡습니다)',
    ways: [
      { id: 'server-close', words: '종료 프레임을 보냅니다', says: true },
      { id: 'server-fin', words: '종료 프레임 없이 TCP FIN' },
      { id: 'server-rst', words: '종료 프레임 없이 TCP RST' },
      { id: 'server-silent', words: '페이지의 close()에 답하지 않습니다' },
    ],
  },
  {
    title: '페이지가',
    ways: [
      { id: 'page-close', words: 'close()를 부릅니다', says: true },
      { id: 'page-leave', words: '페이지를 떠납니다' },
    ],
  },
  {
    title: '원시 클라이언트가',
    ways: [
      { id: 'raw-close', words: '종료 프레임을 보냅니다', says: true },
      { id: 'raw-hello', words: '‘안녕’을 규칙대로' },
      { id: 'raw-bare', words: '‘안녕’을 마스킹하지 않고' },
      { id: 'raw-rsv', words: '‘안녕’에 RSV1을 켜서' },
      { id: 'raw-syllable', words: '‘한’의 세 바이트 가운데 둘만' },
      { id: 'raw-big', words: '받아 주는 크기보다 한 바이트 큰 바이너리' },
      { id: 'raw-ping', words: '페이로드가 126바이트인 핑' },
      { id: 'raw-fin', words: '종료 프레임 없이 TCP FIN' },
    ],
  },
] as const satisfies readonly { title: string; ways: readonly Way[] }[]

export type WayId = (typeof WAYS)[number]['ways'][number]['id']
