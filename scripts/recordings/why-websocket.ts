import { pollHead } from '../../src/components/labs/why-websocket/poll-head.ts'
import type { Recorder } from './recorder.ts'
import type { Scenario } from './scenario.ts'

const EVERY = 300
const POLLS = 4

/** Milliseconds by the system's clock. */
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** A page that speaks while the server does. */
const bothTalk = (recorder: Recorder) =>
  recorder.browser({
    lab: 'speak',
    query: { every: EVERY, count: 6 },
    async play(socket) {
      await socket.told('open')
      // As slow as a person: the recording shows two rhythms.
      for (const word of ['나도', '기다리지 않고', '말합니다', '지금도']) {
        await pause(EVERY / 1.6)
        await socket.send(word)
      }
      await socket.told('message', 6)
      await socket.close(1000)
    },
  })

const polled = (recorder: Recorder) =>
  recorder.raw({
    lab: 'speak',
    head: pollHead(new URL(recorder.courseUrl).host, EVERY),
    play: async () => {},
  })

async function polls(recorder: Recorder, count: number) {
  const connections = []
  for (let poll = 0; poll < count; poll++) {
    if (poll > 0) await pause(EVERY)
    connections.push(await polled(recorder))
  }
  return connections
}

export const whyWebsocket: readonly Scenario[] = [
  {
    file: 'why-websocket',
    title: '동시에 말하기',
    play: async recorder => [await bothTalk(recorder), ...(await polls(recorder, POLLS))],
  },
  {
    file: 'polling',
    title: 'HTTP로 묻기',
    client: '원시 클라이언트',
    play: recorder => polls(recorder, 1),
  },
]
