import type { Scenario } from './scenario.ts'

const MESSAGES = 20
const LENGTH = 20

export const strengths: readonly Scenario[] = [
  {
    file: 'strengths',
    title: '한 연결의 성적표',
    play: async recorder => [
      await recorder.browser({
        lab: 'echo',
        async play(socket) {
          await socket.told('open')
          for (let count = 0; count < MESSAGES; count++) await socket.send('a'.repeat(LENGTH))
          await socket.told('message', MESSAGES)
          await socket.close(1000)
        },
      }),
    ],
  },
]
