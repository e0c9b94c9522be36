import { OPCODES } from '#protocol/opcodes.ts'
import type { Scenario } from './scenario.ts'

const EVERY = 200
const utf8 = (text: string) => new TextEncoder().encode(text)

export const pingPong: readonly Scenario[] = [
  {
    file: 'ping-pong',
    title: '핑과 퐁',
    play: async recorder => [
      await recorder.browser({
        lab: 'ping',
        query: { every: EVERY },
        async play(socket, until) {
          const pongs = 4
          await until(
            ({ items }) =>
              items.filter(item => item.kind === 'frame' && item.frame.opcode === OPCODES.pong).length >=
              pongs,
          )
          await socket.close(1000)
        },
      }),
      await recorder.served({
        async play(socket, server, until) {
          await socket.told('open')
          for (const [beat, answered] of [true, true, false].entries()) {
            const text = `하트비트 ${beat + 1}`
            await socket.send(text)
            await until(({ items }) => items.filter(item => item.kind === 'frame').length > beat * 2)
            if (answered) server.say({ opcode: OPCODES.text, payload: utf8(text) })
            if (answered) await socket.told('message', beat + 1)
          }
          // The page waits for an answer that does not come; the recording need not.
          server.answers = false
          await socket.close(4000, '답이 없습니다')
          await until(({ items }) =>
            items.some(item => item.kind === 'frame' && item.frame.opcode === OPCODES.close),
          )
          server.end('reset')
        },
      }),
    ],
    story: [
      'new client server open server client server client server client server client close() client server close',
      'new client server open send client server message send client server message send client close() client close',
    ],
  },
]
