import { streamHead } from '../../src/components/labs/event-stream/stream-head.ts'
import type { Scenario } from './scenario.ts'

const EVERY = 400
const COUNT = 3

export const sseAndLongPolling: readonly Scenario[] = [
  {
    file: 'sse-and-long-polling',
    title: '이벤트 스트림',
    client: '원시 클라이언트',
    async play(recorder) {
      const { host } = new URL(recorder.courseUrl)
      const ask = (last?: number) =>
        recorder.raw({ lab: 'events', head: streamHead(host, EVERY, COUNT, last), play: async () => {} })
      return [await ask(), await ask(COUNT)]
    },
  },
]
