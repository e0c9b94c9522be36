import { answers, byteByByte, counted, cut, fails, hex, joined, pong, row, text, until } from '../case.ts'
import type { Chapter } from '../case.ts'
import { continuation, frame, pingFrame, pongFrame, textFrame } from '../client-frames.ts'

const PAYLOADS: readonly (readonly [what: string, payload: Uint8Array])[] = [
  ['nothing', hex('')],
  ['one byte', hex('00')],
  ['two bytes', hex('0102')],
  ['a text in Korean', Buffer.from('살아 있습니까')],
  ['bytes that are no UTF-8', hex('ff fe c0 80')],
  ['what looks like a Close', hex('88 02 03 e8')],
  ['124 bytes', counted(124)],
  ['125 bytes', counted(125)],
]
const KINDS = [
  ['ping', 9],
  ['pong', 10],
] as const

const TOO_LONG: readonly (readonly [length: number, declared: string])[] = [
  [126, 'in 16 bits'],
  [300, 'in 16 bits'],
  [65_536, 'in 64 bits'],
]

export const pingPong: Chapter = {
  title: 'ping and pong',
  cases: [
    ...PAYLOADS.map(([what, payload]) =>
      row(
        `ping-${what.replaceAll(' ', '-')}`,
        '5.5.3',
        `a ping that carries ${what} is answered with the same`,
        pingFrame(payload),
        answers(pong(payload)),
      ),
    ),
    ...PAYLOADS.map(([what, payload]) =>
      row(
        `pong-${what.replaceAll(' ', '-')}`,
        '5.5.3',
        `a pong that nobody asked for and that carries ${what} gets no answer`,
        pongFrame(payload),
        answers(),
      ),
    ),
    ...KINDS.flatMap(([kind, opcode]) => [
      ...TOO_LONG.map(([length, form]) =>
        row(
          `${kind}-${length}`,
          '5.5',
          `a ${kind} of ${length} bytes, ${form}, is too long for a control frame`,
          frame({ opcode, payload: counted(length) }),
          fails(1002),
        ),
      ),
      row(
        `${kind}-126-byte-by-byte`,
        '5.5',
        `a ${kind} that is too long is so too when it comes byte by byte`,
        byteByByte(frame({ opcode, payload: counted(126) })),
        fails(1002),
      ),
      row(
        `${kind}-no-fin`,
        '5.5',
        `a ${kind} without FIN fails the connection`,
        frame({ opcode, payload: 'part', fin: false }),
        fails(1002),
      ),
      row(
        `${kind}-no-fin-empty`,
        '5.5',
        `an empty ${kind} without FIN fails the connection too`,
        frame({ opcode, fin: false }),
        fails(1002),
      ),
      row(
        `${kind}-in-fragments`,
        '5.4',
        `a ${kind} cannot be sent in two fragments`,
        joined(frame({ opcode, payload: 'half', fin: false }), continuation('half')),
        fails(1002),
      ),
      row(
        `${kind}-no-fin-between`,
        '5.5',
        `a ${kind} without FIN fails the connection between the fragments of a message too`,
        joined(textFrame('be', { fin: false }), frame({ opcode, fin: false }), continuation('gun')),
        fails(1002),
      ),
    ]),
    row(
      'ping-byte-by-byte',
      '5.5.2',
      'a ping may come byte by byte',
      byteByByte(pingFrame('slow')),
      answers(pong('slow')),
    ),
    ...[1, 2, 4, 6, 8].map(at =>
      row(
        `ping-cut-${at}`,
        '5.5.2',
        `a ping may be cut behind byte ${at}`,
        cut(pingFrame('in two reads'), at),
        answers(pong('in two reads')),
      ),
    ),
    row(
      'pings-one-by-one',
      '5.5.3',
      'each ping that waits for the answer to the one before has its own',
      [1, 2, 3].flatMap(n => [pingFrame(`${n}`), until(pong(`${n}`))]),
      answers(pong('1'), pong('2'), pong('3')),
    ),
    row(
      'pings-at-once',
      '5.5.3',
      'of ten pings at once each is answered, or at least the last',
      joined(...Array.from({ length: 10 }, (_, i) => pingFrame(`${i}`))),
      answers(...Array.from({ length: 10 }, (_, i) => pong(`${i}`))),
    ),
    row(
      'pings-hundred',
      '5.5.3',
      'of a hundred pings at once each is answered, or at least the last',
      joined(...Array.from({ length: 100 }, (_, i) => pingFrame(`${i}`))),
      answers(...Array.from({ length: 100 }, (_, i) => pong(`${i}`))),
    ),
    row(
      'pings-among-messages',
      '5.5.2',
      'pings and messages in one write are all answered',
      joined(pingFrame('1'), textFrame('a'), pingFrame('2'), textFrame('b')),
      answers(pong('1'), text('a'), pong('2'), text('b')),
    ),
    row(
      'pongs-and-ping',
      '5.5.3',
      'pongs that nobody asked for do not keep a ping from its answer',
      joined(pongFrame('x'), pongFrame(), pingFrame('now'), pongFrame('y')),
      answers(pong('now')),
    ),
    row(
      'pong-no-text',
      '5.5.3',
      'what a pong carries is not taken for a message',
      joined(pongFrame('not a message'), textFrame('a message')),
      answers(text('a message')),
    ),
    row(
      'ping-cut-with-text',
      '5.5.2',
      'a read may end between the head of a ping and its payload, behind a message',
      cut(joined(textFrame('whole'), pingFrame('rest')), 11 + 6),
      answers(text('whole'), pong('rest')),
    ),
  ],
}
