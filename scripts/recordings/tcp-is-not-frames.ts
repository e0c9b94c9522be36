import { encodeFrame } from '#protocol/frame-encoder.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { RecordedConnection } from '#recording/recording.ts'
import type { Player } from '../../src/inspector/sources/player.ts'
import type { CapturedConnection } from '../../src/wire/captured-connection.ts'
import type { Recorder, Until } from './recorder.ts'
import type { Scenario } from './scenario.ts'

const isOpen = ({ items }: CapturedConnection) => items.some(({ kind }) => kind === 'response')
const chunksOf = ({ chunks }: CapturedConnection) => chunks.filter(({ from }) => from === 'client').length
const echoes = ({ items }: CapturedConnection) =>
  items.filter(item => item.kind === 'frame' && item.from === 'server' && item.message !== undefined).length

const frameOf = (client: Player, text: string) =>
  encodeFrame({
    opcode: OPCODES.text,
    payload: new TextEncoder().encode(text),
    maskingKey: client.freshKey(),
  })

/** A raw client writes, hears as many echoes, and says goodbye. */
function written(
  recorder: Recorder,
  count: number,
  write: (client: Player, until: Until) => Promise<void> | void,
): Promise<RecordedConnection> {
  return recorder.raw({
    lab: 'echo',
    async play(client, until) {
      await until(isOpen)
      await write(client, until)
      await until(connection => echoes(connection) === count)
      client.say({
        opcode: OPCODES.close,
        payload: Uint8Array.of(0x03, 0xe8),
        maskingKey: client.freshKey(),
      })
    },
  })
}

/** Writes one after the other, each once the one before has been read. */
async function oneByOne(client: Player, until: Until, writes: readonly Uint8Array[]): Promise<void> {
  let read = 1
  for (const bytes of writes) {
    client.write([bytes])
    read++
    await until(connection => chunksOf(connection) >= read)
  }
}

const bytesOf = (frame: Uint8Array) => Array.from(frame, byte => Uint8Array.of(byte))
const NUMBERS = ['하나', '둘', '셋'] as const

const byteByByte = (recorder: Recorder) =>
  written(recorder, 1, (client, until) => oneByOne(client, until, bytesOf(frameOf(client, '안녕'))))

const together = (recorder: Recorder) =>
  written(recorder, NUMBERS.length, client => client.write(NUMBERS.map(text => frameOf(client, text))))

const cutInTheHead = (recorder: Recorder) =>
  written(recorder, 1, (client, until) => {
    const frame = frameOf(client, '안녕')
    return oneByOne(client, until, [frame.subarray(0, 1), frame.subarray(1)])
  })

const frameByFrame = (recorder: Recorder) =>
  written(recorder, NUMBERS.length, (client, until) =>
    oneByOne(
      client,
      until,
      NUMBERS.map(text => frameOf(client, text)),
    ),
  )

/** As `byteByByte`, without waiting for anything. */
const hasty = (recorder: Recorder) =>
  written(recorder, 1, client => {
    for (const byte of bytesOf(frameOf(client, '안녕'))) client.write([byte])
  })

export const tcpIsNotFrames: readonly Scenario[] = [
  {
    file: 'tcp-is-not-frames',
    title: 'TCP에는 메시지 경계가 없다',
    client: '원시 클라이언트',
    play: async recorder => [
      await byteByByte(recorder),
      await together(recorder),
      await cutInTheHead(recorder),
      await frameByFrame(recorder),
      await hasty(recorder),
    ],
  },
]
