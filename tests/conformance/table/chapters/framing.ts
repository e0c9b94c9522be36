import { answers, binary, byteByByte, counted, cut, either, fails, joined, row, text } from '../case.ts'
import type { Case, Chapter } from '../case.ts'
import {
  binaryFrame,
  closeFrame,
  continuation,
  frame,
  pingFrame,
  pongFrame,
  textFrame,
} from '../client-frames.ts'

const LENGTHS = [0, 1, 2, 124, 125, 126, 127, 128, 255, 256, 65_534, 65_535, 65_536]

const everyLength = LENGTHS.flatMap((length): Case[] => [
  row(
    `text-${length}`,
    '5.2',
    `a text of ${length} bytes comes back as it was`,
    textFrame(counted(length)),
    answers(text(counted(length))),
  ),
  row(
    `binary-${length}`,
    '5.2',
    `${length} bytes of any value come back as they were`,
    binaryFrame(Buffer.alloc(length, 0xfe)),
    answers(binary(Buffer.alloc(length, 0xfe))),
  ),
])

const LONGER: readonly (readonly [length: number, form: 16 | 64])[] = [
  [0, 16],
  [1, 16],
  [125, 16],
  [0, 64],
  [125, 64],
  [126, 64],
  [65_535, 64],
]
const longerForms = LONGER.map(([length, form]) =>
  row(
    `long-form-${length}-${form}`,
    '5.2',
    `a length of ${length} must not be written in ${form} bits`,
    textFrame(counted(length), { form }),
    fails(1002),
  ),
)

const TOO_LONG: readonly (readonly [name: string, declared: bigint])[] = [
  ['2^63', 2n ** 63n],
  ['2^63 + 5', 2n ** 63n + 5n],
  ['2^64 − 1', 2n ** 64n - 1n],
]
const topBits = TOO_LONG.map(([name, declared]) =>
  row(
    `top-bit-${declared}`,
    '5.2',
    `a length of ${name} has the bit set that must be 0`,
    binaryFrame('', { form: 64, declared }),
    fails([1002, 1009]),
  ),
)

const HUGE: readonly (readonly [name: string, declared: bigint])[] = [
  ['2^32', 2n ** 32n],
  ['2^32 + 5', 2n ** 32n + 5n],
  ['2^53', 2n ** 53n],
  ['2^63 − 1', 2n ** 63n - 1n],
]
const huge = HUGE.map(([name, declared]) =>
  row(
    `huge-${declared}`,
    '10.4',
    `a frame of ${name} bytes is not waited for`,
    binaryFrame('hello', { form: 64, declared }),
    fails(1009),
  ),
)

/** A head is 6 bytes with a length of 7 bits, 8 with one of 16, 14 with one of 64. */
const HEADS: readonly (readonly [form: string, length: number, head: number])[] = [
  ['7 bits', 5, 6],
  ['16 bits', 300, 8],
  ['64 bits', 65_536, 14],
]
const cutHeads = HEADS.flatMap(([form, length, head]) =>
  Array.from({ length: head }, (_, i) =>
    row(
      `cut-${length}-${i + 1}`,
      '5.2',
      `a frame with a length of ${form} may come in two reads, cut behind byte ${i + 1}`,
      cut(textFrame(counted(length)), i + 1),
      answers(text(counted(length))),
    ),
  ),
)

const cutPayloads = [1, 2, 3, 4, 5].map(at =>
  row(
    `cut-payload-${at}`,
    '5.3',
    `a payload cut behind byte ${at} is unmasked from there on as if it had come whole`,
    cut(binaryFrame(counted(23)), 6 + at, 6 + at + 8),
    answers(binary(counted(23))),
  ),
)

export const framing: Chapter = {
  title: 'framing',
  cases: [
    ...everyLength,
    ...longerForms,
    row(
      'long-form-binary',
      '5.2',
      'a length in too many bytes fails the connection in a binary frame too',
      binaryFrame(counted(60), { form: 16 }),
      fails(1002),
    ),
    row(
      'long-form-fragment',
      '5.2',
      'a length in too many bytes fails the connection in a continuation too',
      [textFrame('begun', { fin: false }), continuation('ended', { form: 64 })],
      fails(1002),
    ),
    row(
      'long-form-ping',
      '5.2',
      'a length in too many bytes fails the connection in a ping too',
      pingFrame('hi', { form: 16 }),
      fails(1002),
    ),
    row(
      'long-form-pong',
      '5.2',
      'a length in too many bytes fails the connection in a pong too',
      pongFrame('hi', { form: 16 }),
      fails(1002),
    ),
    row(
      'long-form-close',
      '5.2',
      'a length in too many bytes fails the connection in a Close too',
      closeFrame(1000, '', { form: 16 }),
      fails(1002),
    ),
    row(
      'long-form-later',
      '5.2',
      'a length in too many bytes fails the connection after the message before it was answered',
      joined(textFrame('good'), textFrame('bad', { form: 16 })),
      fails(1002, text('good')),
    ),
    row(
      'long-form-cut',
      '5.2',
      'a length in too many bytes is one too when it comes byte by byte',
      byteByByte(textFrame('bad', { form: 64 })),
      fails(1002),
    ),
    ...topBits,
    ...huge,
    row(
      'more-than-it-takes',
      '10.4',
      'a message may be too big to process, and then 1009 says so',
      binaryFrame(Buffer.alloc(65_537)),
      either(fails(1009), answers(binary(Buffer.alloc(65_537)))),
    ),
    ...cutHeads,
    ...cutPayloads,
    row(
      'byte-by-byte-7',
      '5.2',
      'a short frame may come byte by byte',
      byteByByte(textFrame('안녕하세요')),
      answers(text('안녕하세요')),
    ),
    row(
      'byte-by-byte-16',
      '5.2',
      'a longer frame may come byte by byte',
      byteByByte(textFrame(counted(130))),
      answers(text(counted(130))),
    ),
    row(
      'two-in-one',
      '5.2',
      'two frames in one write are two messages',
      joined(textFrame('one'), binaryFrame('two')),
      answers(text('one'), binary('two')),
    ),
    row(
      'hundred-in-one',
      '5.2',
      'a hundred frames in one write are a hundred messages, in order',
      joined(...Array.from({ length: 100 }, (_, i) => textFrame(`${i}`))),
      answers(...Array.from({ length: 100 }, (_, i) => text(`${i}`))),
    ),
    row(
      'one-and-a-half',
      '5.2',
      'a write may end in the middle of its second frame',
      cut(joined(textFrame('whole'), textFrame('in two')), 11 + 3),
      answers(text('whole'), text('in two')),
    ),
    row(
      'lengths-mixed',
      '5.2',
      'lengths of all three forms may follow each other in one write',
      joined(...[5, 300, 65_536, 0, 126].map(length => binaryFrame(counted(length)))),
      answers(...[5, 300, 65_536, 0, 126].map(length => binary(counted(length)))),
    ),
    row(
      'empty-ones',
      '5.2',
      'ten empty messages are ten answers',
      joined(...Array.from({ length: 10 }, () => frame({ opcode: 2 }))),
      answers(...Array.from({ length: 10 }, () => binary(''))),
    ),
    row(
      'early',
      '4.1',
      'a frame in one write with the request is read behind it',
      [],
      answers(text('early')),
      {
        early: textFrame('early'),
      },
    ),
    row(
      'early-half',
      '4.1',
      'half a frame in one write with the request goes on in the next',
      textFrame('early').subarray(4),
      answers(text('early')),
      { early: textFrame('early').subarray(0, 4) },
    ),
    row('early-bad', '5.2', 'what came with the request is held to the rules', [], fails(1002), {
      early: textFrame('early', { form: 16 }),
    }),
    row(
      'early-bad-half',
      '5.2',
      'a broken rule shows too when half of the frame came with the request',
      textFrame('early', { form: 16 }).subarray(3),
      fails(1002),
      { early: textFrame('early', { form: 16 }).subarray(0, 3) },
    ),
  ],
}
