import {
  byteByByte,
  closes,
  counted,
  cut,
  either,
  fails,
  goes,
  hex,
  joined,
  pong,
  row,
  text,
} from '../case.ts'
import type { Chapter } from '../case.ts'
import { binaryFrame, closeFrame, continuation, frame, pingFrame, textFrame } from '../client-frames.ts'

/** Codes that RFC 6455 or the registry it founded define, and the ranges it leaves to others. */
const USED = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3001, 3999, 4000, 4001, 4999,
]
/** "MUST NOT be set as a status code in a Close control frame by an endpoint", and numbers that are not used. */
const NEVER = [1005, 1006, 1015, 0, 1, 100, 999, 5000, 5001, 10_000, 65_535]
/** Reserved for what is to come; nothing says what to do about one. */
const UNDEFINED = [1004, 1016, 1100, 1999, 2000, 2999]

const REASONS: readonly (readonly [what: string, reason: string])[] = [
  ['in ASCII', 'done'],
  ['in Korean', '잘 있어요'],
  ['of one byte', '.'],
  ['with an emoji', '👋'],
  ['of 122 bytes', 'r'.repeat(122)],
  ['of 123 bytes, the longest', 'r'.repeat(123)],
  ['of 41 Korean letters, the longest', '가'.repeat(41)],
  ['with U+0000', 'a\0b'],
]

const BAD_REASONS: readonly (readonly [id: string, what: string, digits: string])[] = [
  ['ff', 'FF', 'ff'],
  ['overlong', 'an overlong slash', 'c0 af'],
  ['surrogate', 'a surrogate', 'ed a0 80'],
  ['cut', 'a character that is cut', '61 ea b0'],
  ['above', 'a code point above the last', 'f4 90 80 80'],
  ['lone', 'a continuation byte alone', '80'],
]

/** Faults of every kind, with nothing behind them that could make the server close. */
const FATAL: readonly (readonly [id: string, what: string, bytes: Uint8Array, code: number])[] = [
  ['unmasked', 'an unmasked frame', textFrame('bare', { key: null }), 1002],
  ['rsv', 'a reserved bit', textFrame('x', { rsv: 1 }), 1002],
  ['opcode', 'a reserved opcode', frame({ opcode: 3 }), 1002],
  ['length', 'a length in too many bytes', textFrame('x', { form: 16 }), 1002],
  ['ping', 'a ping too long', pingFrame(counted(126)), 1002],
  ['fin', 'a ping without FIN', pingFrame('', { fin: false }), 1002],
  ['orphan', 'a continuation of nothing', continuation('x'), 1002],
  ['interleaved', 'a message within another', joined(textFrame('', { fin: false }), textFrame()), 1002],
  ['utf8', 'bad UTF-8', textFrame(hex('ff')), 1007],
  ['code', 'a code that is never sent', closeFrame(1006), 1002],
  ['half-code', 'half a code', frame({ opcode: 8, payload: hex('03') }), 1002],
  ['size', 'a frame of 2^40 bytes', binaryFrame('', { form: 64, declared: 2n ** 40n }), 1009],
]

export const closing: Chapter = {
  title: 'closing',
  cases: [
    row('empty', '5.5.1', 'a Close without a code is answered with a Close', closeFrame(), closes('none')),
    ...USED.map(code =>
      row(
        `code-${code}`,
        '7.4',
        `a Close with ${code} is answered, with the code it came with`,
        closeFrame(code),
        closes(code),
      ),
    ),
    ...NEVER.map(code =>
      row(
        `code-${code}`,
        '7.4',
        `a Close with ${code}, which is in none, fails the connection`,
        closeFrame(code),
        fails(1002),
      ),
    ),
    ...UNDEFINED.map(code =>
      row(
        `code-${code}`,
        '7.4.2',
        `a Close with ${code}, which means nothing yet, is answered, or fails the connection`,
        closeFrame(code),
        either(fails(1002), closes(code)),
      ),
    ),
    row(
      'one-byte',
      '5.5.1',
      'a Close with half a code fails the connection',
      frame({ opcode: 8, payload: hex('03') }),
      fails(1002),
    ),
    ...REASONS.map(([what, reason]) =>
      row(
        `reason-${what.replaceAll(/\W+/g, '-')}`,
        '5.5.1',
        `a Close with a reason ${what} is answered`,
        closeFrame(1000, reason),
        either(closes(1000, reason), closes(1000)),
      ),
    ),
    ...BAD_REASONS.map(([id, what, digits]) =>
      row(
        `reason-bad-${id}`,
        '8.1',
        `a reason with ${what} fails the connection`,
        closeFrame(1000, hex(digits)),
        fails([1007, 1002]),
      ),
    ),
    row(
      'reason-124',
      '5.5',
      'a reason of 124 bytes makes a Close too long',
      closeFrame(1000, 'r'.repeat(124)),
      fails(1002),
    ),
    row('long', '5.5', 'a Close of 64 KiB is far too long', closeFrame(1000, counted(65_534)), fails(1002)),
    row(
      'no-fin',
      '5.5',
      'a Close without FIN fails the connection',
      closeFrame(1000, '', { fin: false }),
      fails(1002),
    ),
    row(
      'in-fragments',
      '5.5',
      'a Close cannot go on in a continuation',
      joined(closeFrame(1000, 'to be ', { fin: false }), continuation('continued')),
      fails(1002),
    ),
    row(
      'byte-by-byte',
      '5.5.1',
      'a Close may come byte by byte',
      byteByByte(closeFrame(1000, 'slow')),
      either(closes(1000, 'slow'), closes(1000)),
    ),
    ...[1, 2, 5, 6, 7, 8].map(at =>
      row(
        `cut-${at}`,
        '5.5.1',
        `a Close may be cut behind byte ${at}`,
        cut(closeFrame(3333, '!'), at),
        either(closes(3333, '!'), closes(3333)),
      ),
    ),
    row(
      'after-message',
      '5.5.1',
      'a message before the Close is answered before it',
      joined(textFrame('last words'), closeFrame(1000)),
      closes(1000, '', text('last words')),
    ),
    row(
      'after-ping',
      '5.5.2',
      'a ping before the Close is answered before it',
      joined(pingFrame('?'), closeFrame(1000)),
      closes(1000, '', pong('?')),
    ),
    row(
      'after-many',
      '5.5.1',
      'twenty messages before the Close are answered before it',
      joined(...Array.from({ length: 20 }, (_, i) => textFrame(`${i}`)), closeFrame(1001)),
      closes(1001, '', ...Array.from({ length: 20 }, (_, i) => text(`${i}`))),
    ),
    row(
      'text-behind',
      '5.5.1',
      'a text behind the Close is not answered',
      joined(closeFrame(1000), textFrame('one more thing')),
      closes(1000),
    ),
    row(
      'ping-behind',
      '5.5.2',
      'a ping behind the Close is not answered',
      joined(closeFrame(1000), pingFrame('still there?')),
      closes(1000),
    ),
    row(
      'close-behind',
      '5.5.1',
      'a second Close is not answered',
      joined(closeFrame(1000), closeFrame(1001)),
      closes(1000),
    ),
    row(
      'garbage-behind',
      '7.1.1',
      'what is behind the Close is thrown away, whatever it is',
      joined(closeFrame(1000), hex('ff ff ff ff ff ff 00 00')),
      closes(1000),
    ),
    row(
      'unmasked-behind',
      '7.1.1',
      'a frame behind the Close that would have failed the connection is thrown away',
      joined(closeFrame(1000), textFrame('bare', { key: null })),
      closes(1000),
    ),
    row(
      'half-behind',
      '7.1.1',
      'half a frame behind the Close is thrown away',
      joined(closeFrame(4000), textFrame('never whole').subarray(0, 7)),
      closes(4000),
    ),
    row(
      'much-behind',
      '7.1.1',
      'a million bytes behind the Close are thrown away',
      joined(closeFrame(1000), ...Array.from({ length: 16 }, () => textFrame(counted(65_500)))),
      closes(1000),
    ),
    row('early', '4.1', 'a Close in one write with the request is answered', [], closes(1000), {
      early: closeFrame(1000),
    }),
    row(
      'bad-then-close',
      '7.1.7',
      'after a broken rule not even a Close is looked at',
      joined(textFrame('x', { rsv: 1 }), closeFrame(4001)),
      fails(1002),
    ),
    row(
      'bad-then-ping',
      '7.1.7',
      'after a broken rule a ping is not looked at',
      joined(textFrame('bare', { key: null }), pingFrame('still there?')),
      fails(1002),
    ),
    row(
      'bad-length-then-message',
      '7.1.7',
      'after a length in too many bytes neither a message nor a ping is looked at',
      [textFrame('x', { form: 16 }), textFrame('one more thing'), pingFrame('still there?')],
      fails(1002),
    ),
    row(
      'bad-twice',
      '7.1.7',
      'a connection fails only once',
      joined(textFrame(hex('ff')), textFrame('x', { rsv: 1 }), frame({ opcode: 3 })),
      fails(1007),
    ),
    ...FATAL.map(([id, what, bytes, code]) =>
      row(
        `ends-after-${id}`,
        '7.1.7',
        `after ${what} the server ends TCP by itself, though nothing more comes`,
        bytes,
        fails(code),
        { last: 'nothing' },
      ),
    ),
    row(
      'ends-after-close',
      '7.1.1',
      'after the closing handshake it is the server that ends TCP',
      closeFrame(1000),
      closes(1000),
      { last: 'nothing' },
    ),
    row('fin', '7.1.4', 'a client that ends TCP without a Close finds it ended', [], goes(), { last: 'fin' }),
    row(
      'fin-in-head',
      '7.1.4',
      'a client that ends TCP within a head finds it ended',
      textFrame('never whole').subarray(0, 3),
      goes(),
      { last: 'fin' },
    ),
    row(
      'fin-in-payload',
      '7.1.4',
      'a client that ends TCP within a payload finds it ended',
      textFrame('never whole').subarray(0, 9),
      goes(),
      { last: 'fin' },
    ),
    row(
      'fin-in-message',
      '7.1.4',
      'a client that ends TCP within a message finds it ended',
      textFrame('be', { fin: false }),
      goes(),
      { last: 'fin' },
    ),
    row(
      'fin-behind-close',
      '7.1.1',
      'a client may end TCP right behind its Close',
      closeFrame(1000),
      closes(1000),
      { last: 'fin' },
    ),
  ],
}
