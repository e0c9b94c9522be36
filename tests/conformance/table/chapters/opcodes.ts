import { answers, binary, byteByByte, fails, hex, joined, row, text } from '../case.ts'
import type { Chapter } from '../case.ts'
import { binaryFrame, continuation, frame, textFrame } from '../client-frames.ts'

const RESERVED = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]
const kind = (opcode: number) => (opcode < 8 ? 'data' : 'control')

export const opcodes: Chapter = {
  title: 'opcodes',
  cases: [
    ...RESERVED.map(opcode =>
      row(
        `reserved-${opcode}`,
        '5.2',
        `opcode ${opcode} is kept for ${kind(opcode)} frames to come, and fails the connection`,
        frame({ opcode }),
        fails(1002),
      ),
    ),
    ...RESERVED.map(opcode =>
      row(
        `reserved-${opcode}-payload`,
        '5.2',
        `opcode ${opcode} with a payload is not echoed`,
        frame({ opcode, payload: 'hello' }),
        fails(1002),
      ),
    ),
    ...RESERVED.map(opcode =>
      row(
        `reserved-${opcode}-between`,
        '5.2',
        `opcode ${opcode} between two fragments fails the connection`,
        joined(textFrame('be', { fin: false }), frame({ opcode, payload: '!' }), continuation('gun')),
        fails(1002),
      ),
    ),
    ...RESERVED.map(opcode =>
      row(
        `reserved-${opcode}-later`,
        '5.2',
        `opcode ${opcode} fails the connection after the message before it was answered`,
        joined(textFrame('good'), frame({ opcode, payload: 'bad' })),
        fails(1002, text('good')),
      ),
    ),
    ...[3, 7, 11, 15].map(opcode =>
      row(
        `reserved-${opcode}-fragmented`,
        '5.2',
        `opcode ${opcode} without FIN begins nothing`,
        joined(frame({ opcode, payload: 'be', fin: false }), continuation('gun')),
        fails(1002),
      ),
    ),
    row(
      'reserved-byte-by-byte',
      '5.2',
      'a reserved opcode is one too when its frame comes byte by byte',
      byteByByte(frame({ opcode: 5, payload: 'hello' })),
      fails(1002),
    ),
    row(
      'kinds-kept',
      '5.6',
      'text comes back as text and bytes as bytes, when they say the same',
      joined(textFrame('same'), binaryFrame('same')),
      answers(text('same'), binary('same')),
    ),
    row(
      'kinds-in-turn',
      '5.6',
      'what a message is does not depend on the one before it',
      joined(binaryFrame(hex('ff')), textFrame('text'), binaryFrame(hex('c0')), textFrame('')),
      answers(binary(hex('ff')), text('text'), binary(hex('c0')), text('')),
    ),
  ],
}
