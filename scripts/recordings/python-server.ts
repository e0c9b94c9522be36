import { BROADCAST_TO, ROOM_PARAMETER } from '#contract/addresses.ts'
import { gate } from './gate.ts'
import type { Recorder } from './recorder.ts'
import type { Scenario } from './scenario.ts'

const PEOPLE = 3

/** Three in a room whose server leaves out whoever speaks; the first of them speaks. */
async function leftOut(recorder: Recorder) {
  const room = `recorded${Date.now()}`
  const entered = gate(PEOPLE)
  const heard = gate(PEOPLE)
  return Promise.all(
    Array.from({ length: PEOPLE }, (_, place) =>
      recorder.browser({
        lab: 'broadcast',
        query: { [ROOM_PARAMETER]: room, [BROADCAST_TO.name]: BROADCAST_TO.others },
        async play(socket) {
          await socket.told('open')
          await entered()
          if (place === 0) await socket.send('다들 들립니까?')
          else await socket.told('message')
          await heard()
          await socket.close(1000)
        },
      }),
    ),
  )
}

export const pythonServer: readonly Scenario[] = [
  { file: 'python-server', title: '말한 사람만 빼고', play: leftOut },
]
