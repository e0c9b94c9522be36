import type { Scenario } from './scenario.ts'

export const firstConnection: readonly Scenario[] = [
  {
    file: 'first-connection',
    title: '첫 연결',
    play: async recorder => [
      await recorder.browser({
        lab: 'echo',
        async play(socket) {
          await socket.told('open')
          await socket.send('안녕')
          await socket.told('message')
          await socket.close(1000)
        },
      }),
    ],
    story: ['new client server open send client server message close() client server close'],
  },
]
