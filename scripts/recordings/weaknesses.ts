import { COUNTER_RESTART, ROOM_PARAMETER } from '#contract/addresses.ts'
import type { Recorder } from './recorder.ts'
import type { Scenario } from './scenario.ts'

/** Says so often that it is counted, then goes or has the server started again. */
const counted = (recorder: Recorder, room: string, times: number, restart: boolean) =>
  recorder.browser({
    lab: 'counter',
    query: { [ROOM_PARAMETER]: room },
    async play(socket) {
      await socket.told('open')
      for (let time = 1; time <= times; time++) {
        await socket.send('말')
        await socket.told('message', time)
      }
      if (restart) await socket.send(COUNTER_RESTART)
      else await socket.close(1000)
    },
  })

export const weaknesses: readonly Scenario[] = [
  {
    file: 'weaknesses',
    title: '다시 켠 서버',
    async play(recorder) {
      const room = `recorded${Date.now()}`
      return [await counted(recorder, room, 3, true), await counted(recorder, room, 1, false)]
    },
  },
]
