import type { Scenario } from './scenario.ts'

const SENTENCE = '안녕, 오늘 밤 아홉 시에 봐'

export const wsAndWss: readonly Scenario[] = [
  {
    file: 'ws-and-wss',
    title: '도청자 시점',
    client: '샌드박스의 두 프로그램',
    play: async recorder => [
      await recorder.overheard(SENTENCE, false),
      await recorder.overheard(SENTENCE, true),
    ],
  },
]
