import { OPCODES } from '#protocol/opcodes.ts'
import type { CapturedConnection } from '../../src/wire/captured-connection.ts'
import type { Scenario } from './scenario.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

/** Whether the server has sent that many frames. */
const serverSaid = (count: number) => (connection: CapturedConnection) =>
  connection.items.filter(item => item.kind === 'frame' && item.from === 'server').length >= count

const accepted = (connection: CapturedConnection) => connection.items.some(item => item.kind === 'response')

export const frames: readonly Scenario[] = [
  {
    file: 'frames',
    title: '길이의 세 형식',
    play: async recorder => [
      await recorder.browser({
        lab: 'echo',
        async play(socket) {
          await socket.told('open')
          const said = ['a'.repeat(125), 'a'.repeat(126), new Uint8Array(65_536).fill(0x61)]
          for (const [index, message] of said.entries()) {
            await socket.send(message)
            await socket.told('message', index + 1)
          }
          await socket.close(1000)
        },
      }),
    ],
  },
  {
    file: 'frame-builder',
    title: '프레임 만들기',
    client: '샌드박스의 TCP 클라이언트',
    play: async recorder => [
      await recorder.raw({
        lab: 'echo',
        async play(client, until) {
          await until(accepted)
          const said = [
            { opcode: OPCODES.text, payload: utf8('안녕') },
            { opcode: OPCODES.ping, payload: utf8('안녕') },
            { opcode: OPCODES.text, payload: utf8('a'.repeat(126)) },
            { opcode: OPCODES.text, payload: utf8('안녕'), rsv1: true },
          ]
          for (const [index, frame] of said.entries()) {
            client.say({ ...frame, maskingKey: client.freshKey() })
            await until(serverSaid(index + 1))
          }
        },
      }),
    ],
  },
]
