import { byteByByte, fails, joined, pong, row, text } from '../case.ts'
import type { Case, Chapter } from '../case.ts'
import { closeFrame, continuation, frame, pingFrame, textFrame } from '../client-frames.ts'

const NAMES = ['RSV3', 'RSV2', 'RSV2 and RSV3', 'RSV1', 'RSV1 and RSV3', 'RSV1 and RSV2', 'all three']
const ALL = NAMES.map((name, i) => [name, i + 1] as const)
const SINGLE = ALL.filter(([, rsv]) => [1, 2, 4].includes(rsv))

function alone(kind: string, opcode: number, payload: string, bits: typeof ALL): Case[] {
  return bits.map(([name, rsv]) =>
    row(
      `rsv-${rsv}-${kind.replaceAll(' ', '-')}`,
      '5.2',
      `${name} set in a ${kind} without an extension fails the connection`,
      frame({ opcode, payload, rsv }),
      fails(1002),
    ),
  )
}

export const reservedBits: Chapter = {
  title: 'reserved bits',
  cases: [
    ...alone('text', 1, 'hello', ALL),
    ...alone('binary frame', 2, 'hello', SINGLE),
    ...alone('ping', 9, 'hello', ALL),
    ...alone('pong', 10, 'hello', SINGLE),
    ...alone('Close', 8, '\u0003\u0012', SINGLE),
    ...alone('empty text', 1, '', SINGLE),
    ...SINGLE.map(([name, rsv]) =>
      row(
        `rsv-${rsv}-continuation`,
        '5.2',
        `${name} set in the second fragment only fails the connection`,
        [textFrame('be', { fin: false }), continuation('gun', { rsv })],
        fails(1002),
      ),
    ),
    ...SINGLE.map(([name, rsv]) =>
      row(
        `rsv-${rsv}-later`,
        '5.2',
        `${name} set in the second message fails the connection after the first was answered`,
        joined(textFrame('good'), pingFrame('good'), textFrame('bad', { rsv })),
        fails(1002, text('good'), pong('good')),
      ),
    ),
    row(
      'rsv-ping-between',
      '5.2',
      'a ping with a reserved bit between two fragments fails the connection',
      joined(textFrame('be', { fin: false }), pingFrame('', { rsv: 4 }), continuation('gun')),
      fails(1002),
    ),
    row(
      'rsv-byte-by-byte',
      '5.2',
      'a reserved bit is one too when its frame comes byte by byte',
      byteByByte(textFrame('hello', { rsv: 2 })),
      fails(1002),
    ),
    row(
      'rsv-empty-close',
      '5.2',
      'an empty Close with a reserved bit is no Close',
      closeFrame(undefined, '', { rsv: 1 }),
      fails(1002),
    ),
  ],
}
