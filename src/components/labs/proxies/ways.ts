import { PING_EVERY } from '#contract/addresses.ts'
import { PROXY_COLLECTS_BYTES, PROXY_IDLE_MS, type ProxyKind } from '#contract/proxies.ts'
import type { LabQuery } from '../../../wire/lab-session.ts'

/** How a connection goes to the lab: through which proxy, and what the server is asked for. */
export interface Way {
  readonly through: ProxyKind
  readonly query: LabQuery
  /** What stands there, in words. */
  readonly says: string
  /** Place of the first of its two connections in the recording. */
  readonly recorded: number
}

/** A proxy that a reader may choose, as it is and as it is mended. */
interface Choice {
  readonly kind: ProxyKind
  readonly name: string
  readonly plain: Way
  readonly mended?: Way
}

/** No ping comes while anybody watches. */
export const SILENT: LabQuery = { [PING_EVERY.name]: PING_EVERY.most }
/** Milliseconds between two pings that keep a connection alive. */
const HEARTBEAT_MS = 2_000
export const HEARTBEAT: LabQuery = { [PING_EVERY.name]: HEARTBEAT_MS }

const passing = (says: string): Way => ({ through: 'passing', query: SILENT, says, recorded: 0 })

/** The four proxies, in the order of the lesson. */
export const CHOICES: readonly Choice[] = [
  {
    kind: 'passing',
    name: '그대로 넘기기',
    plain: passing('헤더를 읽고 다시 적어 넘깁니다. Upgrade를 알아보고 다음 구간에도 적습니다.'),
  },
  {
    kind: 'stripping',
    name: '홉 단위 헤더 지우기',
    plain: {
      through: 'stripping',
      query: SILENT,
      says: 'Connection과 거기 적힌 헤더를 지우고 넘깁니다. Upgrade가 무엇인지 모릅니다.',
      recorded: 2,
    },
    mended: passing('고친 설정: 받은 Upgrade와 Connection을 다음 구간에 다시 적습니다.'),
  },
  {
    kind: 'impatient',
    name: `${PROXY_IDLE_MS / 1000}초 조용하면 끊기`,
    plain: {
      through: 'impatient',
      query: SILENT,
      says: `어느 쪽에서도 ${PROXY_IDLE_MS / 1000}초 동안 아무것도 오지 않으면 두 연결을 모두 끊습니다.`,
      recorded: 4,
    },
    mended: {
      through: 'impatient',
      query: HEARTBEAT,
      says: `프록시는 그대로입니다. 서버가 ${HEARTBEAT_MS / 1000}초마다 핑을 보냅니다.`,
      recorded: 8,
    },
  },
  {
    kind: 'collecting',
    name: '응답 모으기',
    plain: {
      through: 'collecting',
      query: SILENT,
      says: `서버가 보낸 것을 ${PROXY_COLLECTS_BYTES.toLocaleString('ko')}바이트가 될 때까지 모아 두었다가 넘깁니다.`,
      recorded: 6,
    },
    mended: passing('고친 설정: 응답을 모으지 않고 오는 대로 넘깁니다.'),
  },
]
