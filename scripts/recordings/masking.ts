import { OPCODES } from '#protocol/opcodes.ts'
import type { CapturedConnection } from '../../src/wire/captured-connection.ts'
import type { Scenario } from './scenario.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const serverClosed = ({ items }: CapturedConnection) =>
  items.some(item => item.kind === 'frame' && item.from === 'server' && item.frame.opcode === OPCODES.close)

export const masking: readonly Scenario[] = [
  {
    file: 'masking',
    title: '같은 말 두 번',
    play: async recorder => [
      await recorder.browser({
        lab: 'echo',
        async play(socket) {
          await socket.told('open')
          await socket.send('안녕하세요')
          await socket.told('message')
          await socket.send('안녕하세요')
          await socket.told('message', 2)
          await socket.close(1000)
        },
      }),
    ],
  },
  {
    file: 'unmasked',
    title: '마스킹하지 않은 프레임',
    client: '샌드박스의 TCP 클라이언트',
    play: async recorder => [
      await recorder.raw({
        lab: 'echo',
        async play(client, until) {
          await until(({ items }) => items.some(item => item.kind === 'response'))
          client.say({ opcode: OPCODES.text, payload: utf8('안녕') })
          await until(serverClosed)
        },
      }),
    ],
  },
  {
    file: 'masked-server',
    title: '마스킹한 서버',
    play: async recorder => [
      await recorder.served({
        async play(socket, server) {
          await socket.told('open')
          server.say({
            opcode: OPCODES.text,
            payload: utf8('안녕'),
            maskingKey: Uint8Array.of(0x37, 0xfa, 0x21, 0x3d),
          })
          await socket.told('close')
        },
      }),
    ],
  },
]
