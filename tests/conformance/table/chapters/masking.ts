import { answers, binary, byteByByte, counted, fails, hex, joined, pong, row, text } from '../case.ts'
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

const UNMASKED = { key: null }

const unmasked: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['text', textFrame('bare', UNMASKED)],
  ['text without a payload', textFrame('', UNMASKED)],
  ['text of 126 bytes', textFrame(counted(126), UNMASKED)],
  ['text of 64 KiB', textFrame(counted(65_536), UNMASKED)],
  ['binary frame', binaryFrame('bare', UNMASKED)],
  ['ping', pingFrame('bare', UNMASKED)],
  ['ping without a payload', pingFrame('', UNMASKED)],
  ['pong', pongFrame('bare', UNMASKED)],
  ['Close', closeFrame(1000, '', UNMASKED)],
  ['Close without a payload', closeFrame(undefined, '', UNMASKED)],
  ['first fragment', textFrame('bare', { ...UNMASKED, fin: false })],
]

const KEYS: readonly (readonly [name: string, digits: string])[] = [
  ['of zeros', '00000000'],
  ['of ones', 'ffffffff'],
  ['with zeros in its middle', 'a5000096'],
  ['that looks like a frame', '88000000'],
  ['that makes every byte of this text another', '01020304'],
]

export const masking: Chapter = {
  title: 'masking',
  cases: [
    ...unmasked.map(([what, bytes]) =>
      row(
        `unmasked-${what.replaceAll(' ', '-')}`,
        '5.1',
        `an unmasked ${what} fails the connection`,
        bytes,
        fails(1002),
      ),
    ),
    row(
      'unmasked-second',
      '5.1',
      'an unmasked frame fails the connection behind a masked one too',
      joined(textFrame('masked'), textFrame('bare', UNMASKED)),
      fails(1002, text('masked')),
    ),
    row(
      'unmasked-continuation',
      '5.1',
      'fragments have to be masked one by one',
      [textFrame('masked', { fin: false }), continuation('bare', UNMASKED)],
      fails(1002),
    ),
    row(
      'unmasked-ping-between',
      '5.1',
      'a ping between masked fragments has to be masked too',
      [textFrame('masked', { fin: false }), pingFrame('bare', UNMASKED), continuation('masked')],
      fails(1002),
    ),
    row(
      'unmasked-byte-by-byte',
      '5.1',
      'an unmasked frame is one too when it comes byte by byte',
      byteByByte(textFrame('bare', UNMASKED)),
      fails(1002),
    ),
    ...KEYS.map(([name, digits]) =>
      row(
        `key-${digits}`,
        '5.3',
        `a masking key ${name} unmasks like any other`,
        textFrame('마스킹 masking', { key: hex(digits) }),
        answers(text('마스킹 masking')),
      ),
    ),
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((length): Case =>
      row(
        `turns-${length}`,
        '5.3',
        `byte i of ${length} is masked with byte i mod 4 of the key`,
        binaryFrame(hex('00112233445566778899').subarray(0, length), { key: hex('f00dbeef') }),
        answers(binary(hex('00112233445566778899').subarray(0, length))),
      ),
    ),
    row(
      'key-each',
      '5.3',
      'every frame is unmasked with its own key',
      joined(
        textFrame('one', { key: hex('01010101') }),
        textFrame('two', { key: hex('20202020') }),
        pingFrame('three', { key: hex('33333333') }),
      ),
      answers(text('one'), text('two'), pong('three')),
    ),
    row(
      'key-of-fragments',
      '5.3',
      'the key of each fragment begins anew, whatever the length of the one before',
      joined(
        textFrame('abcde', { fin: false, key: hex('0a0b0c0d') }),
        continuation('fgh', { fin: false, key: hex('a0b0c0d0') }),
        continuation('i', { key: hex('11223344') }),
      ),
      answers(text('abcdefghi')),
    ),
    row(
      'key-without-payload',
      '5.3',
      'an empty frame has a key all the same, and the frame behind it begins after that',
      joined(frame({ opcode: 1, key: hex('81818181') }), textFrame('next')),
      answers(text(''), text('next')),
    ),
    row(
      'masked-looks-wrong',
      '8.1',
      'text is judged as UTF-8 after it is unmasked, not before',
      textFrame('plain', { key: hex('ffffffff') }),
      answers(text('plain')),
    ),
    row(
      'masked-looks-right',
      '8.1',
      'bytes that are ASCII only on the wire are no text',
      textFrame(hex('ff fe fd fc'), { key: hex('bebebebe') }),
      fails(1007),
    ),
  ],
}
