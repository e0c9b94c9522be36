import { constants, deflateRawSync, type ZlibOptions } from 'node:zlib'
import {
  answers,
  binary,
  byteByByte,
  bytesOf,
  closes,
  counted,
  cut,
  either,
  fails,
  hex,
  joined,
  pong,
  row,
  text,
  until,
  type Answer,
  type Case,
  type Chapter,
  type Step,
} from '../case.ts'
import {
  binaryFrame,
  closeFrame,
  continuation,
  frame,
  pingFrame,
  pongFrame,
  textFrame,
} from '../client-frames.ts'

const NAME = 'permessage-deflate'
/** RSV1: compressed (RFC 7692 §6). */
const COMPRESSED = { rsv: 4 }
const LONG = '같은 말을 여러 번 하면 짧아집니다. '.repeat(40)

/** Compressed as RFC 7692 §7.2.1 says. */
function squeezed(payload: string | Uint8Array, options: ZlibOptions = {}): Uint8Array {
  return flushed(payload, options).subarray(0, -4)
}

function flushed(payload: string | Uint8Array, options: ZlibOptions = {}): Uint8Array {
  return deflateRawSync(bytesOf(payload), { finishFlush: constants.Z_SYNC_FLUSH, ...options })
}

function squeezedText(payload: string | Uint8Array, options?: ZlibOptions): Buffer {
  return textFrame(squeezed(payload, options), COMPRESSED)
}

/** A row of a connection that has agreed on compression. */
function agreedRow(
  id: string,
  section: string,
  sentence: string,
  steps: Step | readonly Step[],
  answer: Answer,
  offer = NAME,
): Case {
  return row(id, section, sentence, steps, answer, { offer, agreed: /^permessage-deflate/ })
}

function compressedFragments(opcode: 1 | 2, ...parts: readonly Uint8Array[]): Buffer[] {
  return parts.map((payload, i) =>
    frame({ opcode: i === 0 ? opcode : 0, payload, fin: i === parts.length - 1, rsv: i === 0 ? 4 : 0 }),
  )
}

const ACCEPTED: readonly (readonly [id: string, sentence: string, offer: string, agreed: RegExp])[] = [
  ['plain', 'an offer without parameters is accepted', NAME, /^permessage-deflate/],
  [
    'server-forgets',
    'who is asked to take no context over says so when it accepts',
    `${NAME}; server_no_context_takeover`,
    /; *server_no_context_takeover/,
  ],
  [
    'client-forgets',
    'a client may say that it takes no context over',
    `${NAME}; client_no_context_takeover`,
    /^permessage-deflate/,
  ],
  [
    'server-window',
    'who is asked for a smaller window says so when it accepts',
    `${NAME}; server_max_window_bits=10`,
    /; *server_max_window_bits="?(8|9|10)\b/,
  ],
  [
    'client-window',
    'a client may say that it can be asked for a smaller window',
    `${NAME}; client_max_window_bits`,
    /^permessage-deflate(?!.*client_max_window_bits *(;|$))/,
  ],
  [
    'client-window-of',
    'a client may name the window it will use',
    `${NAME}; client_max_window_bits=11`,
    /^permessage-deflate/,
  ],
  [
    'quoted',
    'a value may stand in quotes',
    `${NAME}; server_max_window_bits="12"`,
    /; *server_max_window_bits="?(8|9|1[0-2])\b/,
  ],
  [
    'all',
    'all parameters may come together',
    `${NAME}; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; client_max_window_bits=9`,
    /; *server_no_context_takeover.*; *server_max_window_bits=/,
  ],
  [
    'among-others',
    'an extension nobody knows is passed over',
    `x-squeeze; hard, ${NAME}`,
    /^permessage-deflate/,
  ],
  [
    'second-offer',
    'an offer that must be declined does not spoil the next',
    `${NAME}; unheard_of, ${NAME}`,
    /^permessage-deflate(?!.*unheard_of)/,
  ],
]

const DECLINED: readonly (readonly [id: string, sentence: string, offer: string])[] = [
  ['unknown', 'an extension nobody knows is declined', 'x-squeeze; hard'],
  ['parameter', 'an offer with a parameter nobody knows is declined', `${NAME}; unheard_of`],
  [
    'parameter-value',
    'an offer with a value for a parameter nobody knows is declined',
    `${NAME}; unheard_of=1`,
  ],
  [
    'twice',
    'an offer that names a parameter twice is declined',
    `${NAME}; server_no_context_takeover; server_no_context_takeover`,
  ],
  [
    'window-twice',
    'an offer that names two windows is declined',
    `${NAME}; server_max_window_bits=10; server_max_window_bits=11`,
  ],
  ['window-7', 'an offer of a window of 7 bits is declined', `${NAME}; server_max_window_bits=7`],
  ['window-16', 'an offer of a window of 16 bits is declined', `${NAME}; server_max_window_bits=16`],
  [
    'window-08',
    'an offer of a window with a zero before its number is declined',
    `${NAME}; server_max_window_bits=08`,
  ],
  [
    'window-none',
    'an offer of a server’s window without a number is declined',
    `${NAME}; server_max_window_bits`,
  ],
  [
    'window-word',
    'an offer of a window that is no number is declined',
    `${NAME}; server_max_window_bits=large`,
  ],
  [
    'client-window-7',
    'an offer of a client’s window of 7 bits is declined',
    `${NAME}; client_max_window_bits=7`,
  ],
  [
    'client-window-16',
    'an offer of a client’s window of 16 bits is declined',
    `${NAME}; client_max_window_bits=16`,
  ],
  [
    'flag-value',
    'an offer with a value where the server takes no context over is declined',
    `${NAME}; server_no_context_takeover=true`,
  ],
  [
    'client-flag-value',
    'an offer with a value where the client takes no context over is declined',
    `${NAME}; client_no_context_takeover=1`,
  ],
]

const BLOCKS: readonly (readonly [id: string, what: string, payload: string, bytes: Uint8Array])[] = [
  ['stored', 'in a block that is not compressed', 'stored', squeezed('stored', { level: 0 })],
  ['fixed', 'with the fixed codes', 'fixed fixed', squeezed('fixed fixed', { strategy: constants.Z_FIXED })],
  ['dynamic', 'with codes of its own', LONG, squeezed(LONG)],
  ['letters', 'without repetitions found', LONG, squeezed(LONG, { strategy: constants.Z_HUFFMAN_ONLY })],
  ['best', 'as well as it goes', LONG, squeezed(LONG, { level: 9 })],
  ['window-9', 'with a small window', LONG, squeezed(LONG, { windowBits: 9 })],
  ['two', 'in two blocks', 'one, two', joined(flushed('one, '), squeezed('two'))],
  [
    'empty-between',
    'with an empty block between',
    'one, two',
    joined(flushed('one, '), flushed(''), squeezed('two')),
  ],
  [
    'final',
    'with a block that says it is the last',
    'the last',
    joined(deflateRawSync(Buffer.from('the last')), hex('00')),
  ],
]

const BAD_DATA: readonly (readonly [id: string, sentence: string, bytes: Uint8Array])[] = [
  ['block-type', 'the fourth type of block is none', hex('06')],
  ['stored-length', 'a stored block whose length does not match itself is none', hex('00 05 00 00 00 61 61')],
  ['too-far', 'a repetition from before the beginning repeats nothing', hex('02 03 00 00')],
  ['garbage', 'what was never compressed cannot be inflated', Buffer.from('ffffffffffffffff', 'hex')],
]

export const compression: Chapter = {
  title: 'compression',
  cases: [
    ...ACCEPTED.map(([id, sentence, offer, agreed]) =>
      row(`offer-${id}`, 'RFC 7692 §7.1', sentence, squeezedText(LONG), answers(text(LONG)), {
        offer,
        agreed,
      }),
    ),
    ...DECLINED.map(([id, sentence, offer]) =>
      row(
        `decline-${id}`,
        'RFC 7692 §7.1',
        `${sentence}, and the connection does without`,
        textFrame(LONG),
        answers(text(LONG)),
        { offer, agreed: '' },
      ),
    ),
    row(
      'decline-holds',
      'RFC 7692 §5.1',
      'where the offer was declined RSV1 has no meaning',
      squeezedText('hello'),
      fails(1002),
      { offer: `${NAME}; unheard_of`, agreed: '' },
    ),

    agreedRow(
      'text',
      'RFC 7692 §7.2',
      'a compressed text comes back',
      squeezedText('hello'),
      answers(text('hello')),
    ),
    agreedRow(
      'binary',
      'RFC 7692 §7.2',
      'compressed bytes come back as bytes',
      binaryFrame(squeezed(hex('ff fe ff fe')), COMPRESSED),
      answers(binary(hex('ff fe ff fe'))),
    ),
    agreedRow(
      'empty',
      'RFC 7692 §7.2.3.6',
      'an empty message is compressed to one byte of zero',
      textFrame(hex('00'), COMPRESSED),
      answers(text('')),
    ),
    agreedRow(
      'plain',
      'RFC 7692 §6',
      'a message may go uncompressed all the same',
      textFrame('as it is'),
      answers(text('as it is')),
    ),
    agreedRow(
      'mixed',
      'RFC 7692 §6',
      'compressed messages and others may take turns',
      joined(
        squeezedText('one'),
        textFrame('two'),
        binaryFrame(squeezed('three'), COMPRESSED),
        binaryFrame('four'),
      ),
      answers(text('one'), text('two'), binary('three'), binary('four')),
    ),
    ...BLOCKS.map(([id, what, payload, bytes]) =>
      agreedRow(
        `blocks-${id}`,
        'RFC 7692 §7.2.3',
        `a message may be compressed ${what}`,
        textFrame(bytes, COMPRESSED),
        answers(text(payload)),
      ),
    ),
    agreedRow(
      'context',
      'RFC 7692 §7.2.3.2',
      'a message may refer to the one before it',
      [squeezedText('hello'), squeezedText('hello', { dictionary: Buffer.from('hello') })],
      answers(text('hello'), text('hello')),
    ),
    agreedRow(
      'context-of-three',
      'RFC 7692 §7.2.3.2',
      'a message may refer to all those before it',
      joined(
        squeezedText('웹소켓'),
        squeezedText('프레임'),
        squeezedText('웹소켓 프레임', { dictionary: Buffer.from('웹소켓프레임') }),
      ),
      answers(text('웹소켓'), text('프레임'), text('웹소켓 프레임')),
    ),
    agreedRow(
      'context-past-plain',
      'RFC 7692 §7.2.3.2',
      'what went uncompressed in between is no part of the context',
      joined(
        squeezedText('hello'),
        textFrame('something else'),
        squeezedText('hello', { dictionary: Buffer.from('hello') }),
      ),
      answers(text('hello'), text('something else'), text('hello')),
    ),
    agreedRow(
      'no-context',
      'RFC 7692 §7.1.1.2',
      'a client that takes no context over compresses each message anew',
      joined(squeezedText(LONG), squeezedText(LONG)),
      answers(text(LONG), text(LONG)),
      `${NAME}; client_no_context_takeover`,
    ),
    agreedRow(
      'server-no-context',
      'RFC 7692 §7.1.1.1',
      'a server that takes no context over compresses each answer anew',
      joined(squeezedText(LONG), squeezedText(LONG)),
      answers(text(LONG), text(LONG)),
      `${NAME}; server_no_context_takeover`,
    ),
    agreedRow(
      'small-window',
      'RFC 7692 §7.1.2.1',
      'what a server compresses in a small window can be inflated',
      squeezedText(LONG),
      answers(text(LONG)),
      `${NAME}; server_max_window_bits=9`,
    ),

    ...[1, 2, 3, 5].map(at =>
      agreedRow(
        `fragments-${at}`,
        'RFC 7692 §7.2.1',
        `a compressed message may be cut into fragments behind byte ${at}`,
        compressedFragments(1, ...cut(squeezed('hello'), at)),
        answers(text('hello')),
      ),
    ),
    agreedRow(
      'fragments-each-byte',
      'RFC 7692 §7.2.1',
      'every byte of what is compressed may be a fragment',
      joined(...compressedFragments(2, ...byteByByte(squeezed('fragments')))),
      answers(binary('fragments')),
    ),
    agreedRow(
      'fragments-empty-last',
      'RFC 7692 §7.2.1',
      'the last fragment of a compressed message may be empty',
      compressedFragments(1, squeezed('hello'), Buffer.alloc(0)),
      answers(text('hello')),
    ),
    agreedRow(
      'fragments-empty-first',
      'RFC 7692 §7.2.1',
      'the first fragment of a compressed message may be empty',
      compressedFragments(1, Buffer.alloc(0), squeezed('hello')),
      answers(text('hello')),
    ),
    agreedRow(
      'fragments-plain',
      'RFC 7692 §6',
      'fragments without RSV1 are not compressed',
      [textFrame('he', { fin: false }), continuation('llo')],
      answers(text('hello')),
    ),
    agreedRow(
      'fragments-two-messages',
      'RFC 7692 §7.2.1',
      'whether a message is compressed says nothing about the next',
      joined(
        ...compressedFragments(1, ...cut(squeezed('one'), 2)),
        textFrame('t', { fin: false }),
        continuation('wo'),
      ),
      answers(text('one'), text('two')),
    ),
    agreedRow(
      'byte-by-byte',
      'RFC 7692 §7.2',
      'a compressed message may come byte by byte',
      byteByByte(squeezedText('byte by byte')),
      answers(text('byte by byte')),
    ),
    agreedRow(
      'ping-between',
      'RFC 7692 §6.1',
      'a ping between compressed fragments is answered before the message has ended',
      [
        textFrame(squeezed('hello').subarray(0, 3), { fin: false, ...COMPRESSED }),
        pingFrame('now'),
        until(pong('now')),
        continuation(squeezed('hello').subarray(3)),
      ],
      answers(pong('now'), text('hello')),
    ),
    agreedRow(
      'ping-plain',
      'RFC 7692 §6.1',
      'a ping is never compressed, nor is its answer',
      pingFrame(counted(125)),
      answers(pong(counted(125))),
    ),
    agreedRow(
      'close-plain',
      'RFC 7692 §6.1',
      'a Close is never compressed',
      joined(squeezedText('last words'), closeFrame(4000, 'r'.repeat(100))),
      either(closes(4000, 'r'.repeat(100), text('last words')), closes(4000, '', text('last words'))),
    ),
    agreedRow(
      'many',
      'RFC 7692 §7.2',
      'fifty compressed messages in one write are answered in order',
      joined(
        ...Array.from({ length: 50 }, (_, i) =>
          squeezedText(`message ${i}`, { strategy: constants.Z_FIXED }),
        ),
      ),
      answers(...Array.from({ length: 50 }, (_, i) => text(`message ${i}`))),
    ),
    agreedRow(
      'as-long-as-may-be',
      'RFC 7692 §7.2',
      'what inflates to 64 KiB comes back',
      binaryFrame(squeezed(Buffer.alloc(65_536)), COMPRESSED),
      answers(binary(Buffer.alloc(65_536))),
    ),
    agreedRow(
      'too-long',
      '10.4',
      'what inflates to more may be too big to process',
      binaryFrame(squeezed(Buffer.alloc(65_537)), COMPRESSED),
      either(fails(1009), answers(binary(Buffer.alloc(65_537)))),
    ),
    agreedRow(
      'bomb',
      '10.4',
      'ten kilobytes that inflate to ten million bytes do not have to be taken',
      binaryFrame(squeezed(Buffer.alloc(10_000_000)), COMPRESSED),
      either(fails(1009), answers(binary(Buffer.alloc(10_000_000)))),
    ),

    ...(
      [
        ['ping', pingFrame('hi', COMPRESSED)],
        ['pong', pongFrame('hi', COMPRESSED)],
        ['Close', closeFrame(1000, '', COMPRESSED)],
      ] as const
    ).map(([kind, bytes]) =>
      agreedRow(
        `rsv1-${kind}`,
        'RFC 7692 §6.1',
        `RSV1 in a ${kind} fails the connection, as no ${kind} is compressed`,
        bytes,
        fails(1002),
      ),
    ),
    agreedRow(
      'rsv1-continuation',
      'RFC 7692 §6.1',
      'RSV1 belongs in the first fragment, and nowhere else',
      joined(
        textFrame(squeezed('hello').subarray(0, 3), { fin: false, ...COMPRESSED }),
        continuation(squeezed('hello').subarray(3), COMPRESSED),
      ),
      fails(1002),
    ),
    agreedRow(
      'rsv1-continuation-only',
      'RFC 7692 §6.1',
      'RSV1 cannot be set in the second fragment only',
      joined(textFrame('he', { fin: false }), continuation(squeezed('llo'), COMPRESSED)),
      fails(1002),
    ),
    ...[1, 2, 3, 5, 6, 7].map(rsv =>
      agreedRow(
        `rsv-${rsv}`,
        '5.2',
        `compression gives RSV2 and RSV3 no meaning: ${rsv.toString(2).padStart(3, '0')} fails the connection`,
        textFrame(squeezed('hello'), { rsv }),
        fails(1002),
      ),
    ),
    ...BAD_DATA.map(([id, sentence, bytes]) =>
      agreedRow(`bad-${id}`, 'RFC 7692 §7.2.2', sentence, textFrame(bytes, COMPRESSED), fails([1007, 1002])),
    ),
    agreedRow(
      'bad-later',
      'RFC 7692 §7.2.2',
      'data that cannot be inflated fails the connection after the message before it was answered',
      joined(squeezedText('good'), textFrame(hex('06'), COMPRESSED)),
      fails([1007, 1002], text('good')),
    ),
    agreedRow(
      'rule-later',
      '5.2',
      'a broken rule fails the connection after compressed messages before it were answered',
      joined(squeezedText('good'), squeezedText('too'), textFrame('bad', { form: 16 })),
      fails(1002, text('good'), text('too')),
    ),
    row(
      'bad-ends',
      '7.1.7',
      'data that cannot be inflated has the server end TCP by itself',
      textFrame(hex('06'), COMPRESSED),
      fails([1007, 1002]),
      { offer: NAME, last: 'nothing' },
    ),
    row(
      'rule-ends',
      '7.1.7',
      'a broken rule behind compressed messages that wait for their answers has the server end TCP by itself',
      joined(squeezedText(LONG), squeezedText('too'), textFrame('bad', { form: 16 })),
      fails(1002, text(LONG), text('too')),
      { offer: NAME, last: 'nothing' },
    ),
    agreedRow(
      'bad-context',
      'RFC 7692 §7.1.1.2',
      'who said that it takes no context over cannot refer to it',
      joined(squeezedText(LONG), squeezedText(LONG, { dictionary: Buffer.from(LONG) })),
      either(fails([1007, 1002], text(LONG)), answers(text(LONG), text(LONG))),
      `${NAME}; client_no_context_takeover`,
    ),
    agreedRow(
      'bad-utf8',
      '8.1',
      'a text is judged as UTF-8 when it is inflated',
      squeezedText(hex('61 ff')),
      fails(1007),
    ),
    agreedRow(
      'bad-utf8-fragments',
      '8.1',
      'a text in compressed fragments is judged as UTF-8 when it is inflated',
      joined(...compressedFragments(1, ...cut(squeezed(hex('ea b0')), 2))),
      fails(1007),
    ),
    agreedRow(
      'utf8-cut',
      'RFC 7692 §7.2.1',
      'what is compressed is no UTF-8, and may be cut anywhere',
      joined(...compressedFragments(1, ...byteByByte(squeezed('가나다😀')))),
      answers(text('가나다😀')),
    ),
    agreedRow(
      'binary-free',
      '5.6',
      'compressed bytes need not be UTF-8',
      binaryFrame(squeezed(hex('ff c0 80')), COMPRESSED),
      answers(binary(hex('ff c0 80'))),
    ),
  ],
}
