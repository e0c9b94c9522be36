import { BALANCING, ROOM_PARAMETER, SEAT, SHARED_BUS } from '#contract/addresses.ts'
import type { RecordedConnection } from '#recording/recording.ts'
import type { LabQuery } from '../../src/wire/lab-session.ts'
import { gate } from './gate.ts'
import type { Recorder } from './recorder.ts'
import type { Scenario } from './scenario.ts'

const PEOPLE = 3

/** Three sit down one after the other; the first speaks, then the second. */
async function talk(recorder: Recorder, room: string, query: LabQuery): Promise<RecordedConnection[]> {
  const seated = gate(PEOPLE)
  const heard = gate(PEOPLE)
  const spoken = Promise.withResolvers<void>()
  const recorded: Promise<RecordedConnection>[] = []
  for (let place = 0; place < PEOPLE; place++) {
    const sits = Promise.withResolvers<void>()
    recorded.push(
      recorder.browser({
        lab: 'instances',
        query: { [ROOM_PARAMETER]: room, [SEAT.name]: place + 1, ...query },
        async play(socket) {
          await socket.told('open')
          sits.resolve()
          await seated()
          if (place === 0) {
            await socket.send('다들 들립니까?')
            await socket.told('message')
            spoken.resolve()
          }
          await spoken.promise
          if (place === 1) {
            await socket.send('나준입니다')
            await socket.told('message', Object.keys(query).length > 0 ? 2 : 1)
          }
          await heard()
          await socket.close(1000)
        },
      }),
    )
    await sits.promise
  }
  return Promise.all(recorded)
}

/** Three connections each: at two servers, at two that share a bus, and at one. */
export const scaling: readonly Scenario[] = [
  {
    file: 'scaling',
    title: '두 인스턴스에 나뉜 방',
    async play(recorder) {
      const room = `recorded${Date.now()}`
      return [
        ...(await talk(recorder, room, {})),
        ...(await talk(recorder, `${room}bus`, { [SHARED_BUS]: 1 })),
        ...(await talk(recorder, `${room}one`, { [BALANCING.name]: BALANCING.room })),
      ]
    },
  },
]
