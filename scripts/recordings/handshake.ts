import type { Scenario } from './scenario.ts'

export const handshake: readonly Scenario[] = [
  {
    file: 'handshake',
    title: '핸드셰이크',
    play: async recorder => [
      await recorder.browser({
        lab: 'echo',
        protocols: ['anatomy.v1', 'anatomy.v2'],
        async play(socket) {
          await socket.told('open')
          await socket.send('안녕하세요')
          await socket.told('message')
          await socket.close(1000)
        },
      }),
    ],
    story: ['new client server open send client server message close() client server close'],
  },
]
