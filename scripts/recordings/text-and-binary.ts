import { OPCODES } from '#protocol/opcodes.ts'
import type { RecordedConnection } from '#recording/recording.ts'
import type { CapturedConnection } from '../../src/wire/captured-connection.ts'
import type { Recorder } from './recorder.ts'
import type { Scenario } from './scenario.ts'

const HAN = Uint8Array.of(0xed, 0x95, 0x9c)
const GAK = '각'

const isOpen = ({ items }: CapturedConnection) => items.some(({ kind }) => kind === 'response')
const isClosing = ({ items }: CapturedConnection) =>
  items.some(item => item.kind === 'frame' && item.frame.opcode === OPCODES.close)
const isAnswered = ({ items }: CapturedConnection) =>
  items.some(item => item.kind === 'frame' && item.from === 'server')

/** A page sends texts, then the bytes of one of them as binary. */
const texts = (recorder: Recorder): Promise<RecordedConnection> =>
  recorder.browser({
    lab: 'echo',
    async play(socket) {
      await socket.told('open')
      const messages = ['한', '👋', GAK.normalize('NFC'), GAK.normalize('NFD'), HAN]
      for (const [index, message] of messages.entries()) {
        await socket.send(message)
        await socket.told('message', index + 1)
      }
      await socket.close(1000)
    },
  })

/** A text message that ends in the middle of a syllable. */
const cutShort = (recorder: Recorder): Promise<RecordedConnection> =>
  recorder.raw({
    lab: 'echo',
    async play(client, until) {
      await until(isOpen)
      client.say({ opcode: OPCODES.text, payload: HAN.subarray(0, 2), maskingKey: client.freshKey() })
      await until(isClosing)
    },
  })

/** The same two bytes, and the third in another frame of the same message. */
const inTwoFrames = (recorder: Recorder): Promise<RecordedConnection> =>
  recorder.raw({
    lab: 'echo',
    async play(client, until) {
      await until(isOpen)
      client.say(
        { opcode: OPCODES.text, fin: false, payload: HAN.subarray(0, 2), maskingKey: client.freshKey() },
        { opcode: OPCODES.continuation, payload: HAN.subarray(2), maskingKey: client.freshKey() },
      )
      await until(isAnswered)
      client.say({ opcode: OPCODES.close, payload: Uint8Array.of(0x03, 0xe8), maskingKey: client.freshKey() })
    },
  })

/** A server cuts a syllable short toward a browser. */
const cutShortByServer = (recorder: Recorder): Promise<RecordedConnection> =>
  recorder.served({
    async play(socket, server) {
      await socket.told('open')
      server.say({ opcode: OPCODES.text, payload: HAN.subarray(0, 2) })
    },
  })

/** Half of a surrogate pair, which UTF-8 has no way to write. */
const halfPair = (recorder: Recorder): Promise<RecordedConnection> =>
  recorder.browser({
    lab: 'echo',
    async play(socket) {
      await socket.told('open')
      await socket.send('가\ud83d')
      await socket.told('message')
      await socket.close(1000)
    },
  })

export const textAndBinary: readonly Scenario[] = [
  {
    file: 'text-and-binary',
    title: '텍스트와 바이너리',
    play: async recorder => [
      await texts(recorder),
      await cutShort(recorder),
      await inTwoFrames(recorder),
      await cutShortByServer(recorder),
      await halfPair(recorder),
    ],
    story: [
      `new client server open ${'send client server message '.repeat(5)}close() client server close`,
      'client server client server client',
      'client server client server client server',
      'new client server open server client server error close',
      'new client server open send client server message close() client server close',
    ],
  },
]
