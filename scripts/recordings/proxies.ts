import type { ProxyKind } from '#contract/proxies.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { HEARTBEAT, SILENT } from '../../src/components/labs/proxies/ways.ts'
import type { CapturedConnection } from '../../src/wire/captured-connection.ts'
import type { BrowserStory, Recorder } from './recorder.ts'
import type { Scenario } from './scenario.ts'

const through = (recorder: Recorder, kind: ProxyKind, story: Omit<BrowserStory, 'lab'>) =>
  recorder.through(kind, { lab: 'ping', ...story })

const framesOf = ({ items }: CapturedConnection, opcode: number) =>
  items.filter(item => item.kind === 'frame' && item.from === 'server' && item.frame.opcode === opcode).length

/** Two connections for each way: the browser's, and the one behind the proxy. */
export const proxies: readonly Scenario[] = [
  {
    file: 'proxies',
    title: '네 가지 프록시',
    play: async recorder => [
      ...(await through(recorder, 'passing', {
        query: SILENT,
        async play(socket) {
          await socket.told('open')
          await socket.send('안녕')
          await socket.told('message')
          await socket.close(1000)
        },
      })),
      ...(await through(recorder, 'stripping', { query: SILENT, play: socket => socket.told('close') })),
      ...(await through(recorder, 'impatient', {
        query: SILENT,
        async play(socket) {
          await socket.told('open')
          await socket.send('안녕')
          await socket.told('close')
        },
      })),
      ...(await through(recorder, 'collecting', {
        query: SILENT,
        async play(socket, answered) {
          await socket.told('open')
          for (const [index, text] of ['안녕', '들립니까', '끊겠습니다'].entries()) {
            await socket.send(text)
            await answered(connection => framesOf(connection, OPCODES.text) > index)
          }
          await socket.close(1000)
        },
      })),
      ...(await through(recorder, 'impatient', {
        query: HEARTBEAT,
        async play(socket, answered) {
          await socket.told('open')
          await socket.send('안녕')
          await answered(connection => framesOf(connection, OPCODES.ping) >= 4)
          await socket.close(1000)
        },
      })),
    ],
  },
]
