import { encodeClosePayload } from '#protocol/close-payload.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { Player } from '../../src/inspector/sources/player.ts'
import type { Scenario } from './scenario.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const close = (code?: number, reason?: string) => ({
  opcode: OPCODES.close,
  payload: encodeClosePayload(code, reason),
})

export const closing: readonly Scenario[] = [
  {
    file: 'closing',
    title: '연결의 끝',
    play: async recorder => {
      const served = (end: (server: Player) => void) =>
        recorder.served({
          async play(socket, server) {
            await socket.told('open')
            end(server)
            await socket.told('close')
          },
        })
      const raw = (payload: Uint8Array, masks: boolean) =>
        recorder.raw({
          lab: 'echo',
          async play(client, until) {
            await until(({ items }) => items.some(({ kind }) => kind === 'response'))
            const key = masks ? { maskingKey: client.freshKey() } : {}
            client.say({ opcode: OPCODES.text, payload, ...key })
          },
        })
      return [
        await served(server => server.say(close(1001, '점검을 시작합니다'))),
        await served(server => server.say(close())),
        await served(server => server.say(close(1006))),
        await served(server => server.end('fin')),
        await recorder.browser({
          lab: 'echo',
          async play(socket) {
            await socket.told('open')
            await socket.close(4001, '다른 곳에서 로그인')
          },
        }),
        await raw(utf8('안녕'), false),
        await raw(utf8('한').subarray(0, 2), true),
      ]
    },
    story: [
      'new client server open server client close',
      'new client server open server client close',
      'new client server open server client error close',
      'new client server open close',
      'new client server open close() client server close',
      'client server client server client',
      'client server client server client',
    ],
  },
]
