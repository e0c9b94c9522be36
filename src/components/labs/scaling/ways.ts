import { BALANCING } from '#contract/addresses.ts'

/** How the balancer chooses, and how the connections of its recording begin. */
export interface Way {
  /** For the query; undefined is in turn. */
  readonly value: string | undefined
  readonly name: string
  readonly says: string
}

export const WAYS: readonly Way[] = [
  { value: undefined, name: '차례대로', says: '들어오는 연결을 두 인스턴스에 번갈아 보냅니다.' },
  {
    value: BALANCING.sticky,
    name: '사람마다 같은 곳',
    says: '처음에는 차례대로 보내고, 같은 사람이 다시 오면 먼저 갔던 인스턴스로 보냅니다.',
  },
  {
    value: BALANCING.room,
    name: '방마다 같은 곳',
    says: '방의 이름을 보고 한 방을 모두 한 인스턴스로 보냅니다.',
  },
]
