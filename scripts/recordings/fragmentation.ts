import { OPCODES } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import type { RecordedConnection } from '#recording/recording.ts'
import type { CapturedConnection } from '../../src/wire/captured-connection.ts'
import type { Recorder } from './recorder.ts'
import type { Scenario } from './scenario.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const NORMAL_CLOSURE = Uint8Array.of(0x03, 0xe8)

const isOpen = ({ items }: CapturedConnection) => items.some(({ kind }) => kind === 'response')
const hasSaid = (from: Role, opcode: number) => (connection: CapturedConnection) =>
  connection.items.some(item => item.kind === 'frame' && item.from === from && item.frame.opcode === opcode)
const hasSaidWhole = (from: Role) => (connection: CapturedConnection) =>
  connection.items.some(item => item.kind === 'frame' && item.from === from && item.message !== undefined)

/** The message that both ends say in three fragments, with a ping behind the first. */
const FIRST = { opcode: OPCODES.text, fin: false, payload: utf8('안녕') } as const
const PING = { opcode: OPCODES.ping, payload: utf8('핑') } as const
const SECOND = { opcode: OPCODES.continuation, fin: false, payload: utf8('하세') } as const
const LAST = { opcode: OPCODES.continuation, payload: utf8('요') } as const

const byClient = (recorder: Recorder): Promise<RecordedConnection> =>
  recorder.raw({
    lab: 'echo',
    async play(client, until) {
      const masked = <T extends object>(frame: T) => ({ ...frame, maskingKey: client.freshKey() })
      await until(isOpen)
      client.say(masked(FIRST))
      client.say(masked(PING))
      await until(hasSaid('server', OPCODES.pong))
      client.say(masked(SECOND))
      client.say(masked(LAST))
      await until(hasSaidWhole('server'))
      client.say(masked({ opcode: OPCODES.close, payload: NORMAL_CLOSURE }))
    },
  })

const byServer = (recorder: Recorder): Promise<RecordedConnection> =>
  recorder.served({
    async play(socket, server, until) {
      await socket.told('open')
      server.say(FIRST)
      server.say(PING)
      await until(hasSaid('client', OPCODES.pong))
      server.say(SECOND)
      server.say(LAST)
      await socket.told('message')
      await socket.close(1000)
    },
  })

/** A message that is long enough for Chromium to send it in two frames. */
const byBrowser = (recorder: Recorder): Promise<RecordedConnection> =>
  recorder.served({
    async play(socket, _server, until) {
      await socket.told('open')
      await socket.send(new Uint8Array(131_072))
      await until(hasSaidWhole('client'))
      await socket.close(1000)
    },
  })

export const fragmentation: readonly Scenario[] = [
  {
    file: 'fragmentation',
    title: '단편화',
    play: async recorder => [await byClient(recorder), await byServer(recorder), await byBrowser(recorder)],
  },
]
