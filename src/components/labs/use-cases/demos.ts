import type { Component } from 'svelte'
import { MARKET_COALESCE, ROOM_PARAMETER } from '#contract/addresses.ts'
import { GATHERING_NAME, GATHERING_SINCE } from '#contract/gathering.ts'
import type { KeptBounds } from '../../../wire/captured-connection.ts'
import type { LabQuery } from '../../../wire/lab-session.ts'

/** What a server says or a page sends. */
export type Words = string | Uint8Array<ArrayBuffer>

/** What one seat of a demo is drawn with. */
export interface SeatProps {
  readonly name: string
  readonly live: boolean
  /** What the server has said in a recording; undefined while the reader's own connection is on show. */
  readonly recorded: readonly Words[] | undefined
  readonly send: (words: Words) => void
  /** Calls with whatever the server says from now on; returns how to stop. */
  readonly listen: (listener: (words: Words) => void) => () => void
}

export interface Demo {
  readonly key: string
  readonly name: string
  /** The property of WebSocket on which it stands. */
  readonly stands: string
  readonly lab: string
  readonly seats: readonly string[]
  /** Place of the first seat's connection in the recording; the others follow. */
  readonly recorded: number
  readonly kept?: KeptBounds
  readonly query: (about: { readonly seat: number; readonly room: string; readonly last: number }) => LabQuery
  readonly load: () => Promise<{ readonly default: Component<SeatProps> }>
}

/** Of what never ends the latest is enough. */
const LATEST: KeptBounds = { items: 60, bytes: 256 * 1024 }
/** How long the second looker lets prices be held back, in milliseconds. */
const COALESCED_MS = 500

const PEOPLE = ['가영', '나준'] as const
const DEVICES = ['휴대 전화', '노트북'] as const

const gathering = (names: readonly string[]): Pick<Demo, 'lab' | 'seats' | 'query'> => ({
  lab: 'gathering',
  seats: names,
  query: ({ seat, room, last }) => ({
    [ROOM_PARAMETER]: room,
    [GATHERING_NAME]: names[seat] ?? '',
    ...(last > 0 && { [GATHERING_SINCE.name]: last }),
  }),
})

/** The six, in the order of the lesson. */
export const DEMOS: readonly Demo[] = [
  {
    key: 'chat',
    name: '채팅',
    stands: '양쪽이 아무 때나 말합니다. ‘입력 중’처럼 곧 잊힐 말도 HTTP 헤더 없이 오갑니다.',
    ...gathering(PEOPLE),
    recorded: 0,
    load: () => import('./ChatSeat.svelte'),
  },
  {
    key: 'feed',
    name: '라이브 피드',
    stands: '묻지 않아도 서버가 모두에게 밀어 줍니다. 받기만 한다면 SSE로도 됩니다.',
    ...gathering(PEOPLE),
    recorded: 2,
    load: () => import('./FeedSeat.svelte'),
  },
  {
    key: 'game',
    name: '멀티플레이어 게임',
    stands:
      '조작은 바뀔 때마다 올라가고 결과는 1초에 스무 번 내려옵니다. 메시지마다 덧붙는 바이트가 적어야 합니다.',
    lab: 'arena',
    seats: PEOPLE,
    recorded: 4,
    kept: LATEST,
    query: ({ room }) => ({ [ROOM_PARAMETER]: room }),
    load: () => import('./GameSeat.svelte'),
  },
  {
    key: 'notices',
    name: '알림',
    stands: '서버가 먼저 말하고, 한 기기에서 읽은 것을 다른 기기도 곧 압니다.',
    ...gathering(DEVICES),
    recorded: 6,
    load: () => import('./NoticesSeat.svelte'),
  },
  {
    key: 'market',
    name: '시세판',
    stands: '잦고 작은 메시지를 차례대로 나릅니다. 늦은 값은 서버가 솎아 냅니다.',
    lab: 'market',
    seats: ['모두 받기', '솎아서 받기'],
    recorded: 8,
    kept: LATEST,
    query: ({ seat }) => ({ [MARKET_COALESCE.name]: seat === 0 ? 0 : COALESCED_MS }),
    load: () => import('./MarketSeat.svelte'),
  },
  {
    key: 'pulse',
    name: '모니터링',
    stands: '이 샌드박스의 실제 지표를 1초마다 밀어 줍니다. 보는 사람이 페이지를 닫으면 서버가 곧 압니다.',
    lab: 'pulse',
    seats: ['관리자'],
    recorded: 10,
    kept: LATEST,
    query: () => ({}),
    load: () => import('./PulseSeat.svelte'),
  },
]
