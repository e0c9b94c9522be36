import {
  answers,
  binary,
  byteByByte,
  closes,
  counted,
  cut,
  either,
  fails,
  joined,
  pong,
  row,
  text,
  until,
} from '../case.ts'
import type { Case, Chapter } from '../case.ts'
import {
  binaryFrame,
  closeFrame,
  continuation,
  fragmented,
  pingFrame,
  pongFrame,
  textFrame,
} from '../client-frames.ts'

const OPEN = { fin: false }
const KINDS = [
  ['text', 1, text],
  ['binary', 2, binary],
] as const

const wholes = KINDS.flatMap(([kind, opcode, event]): Case[] => {
  const put = (id: string, sentence: string, ...parts: readonly string[]) =>
    row(`${kind}-${id}`, '5.4', sentence, fragmented(opcode, ...parts), answers(event(parts.join(''))))
  return [
    put('two', `a ${kind} message in two fragments is one message`, 'hel', 'lo'),
    put('three', `a ${kind} message in three fragments is one message`, 'one ', 'two ', 'three'),
    put('letters', `every byte of a ${kind} message may be a fragment`, ...Array.from('fragment')),
    put('empty-first', `the first fragment of a ${kind} message may be empty`, '', 'hello'),
    put('empty-middle', `fragments in the middle of a ${kind} message may be empty`, 'hel', '', '', 'lo'),
    put('empty-last', `the last fragment of a ${kind} message may be empty`, 'hello', ''),
    put('all-empty', `a ${kind} message of three empty fragments is an empty message`, '', '', ''),
    put('hundred', `a ${kind} message may have a hundred fragments`, ...Array.from('0123456789'.repeat(10))),
  ]
})

const orphans: readonly (readonly [id: string, sentence: string, bytes: Uint8Array])[] = [
  ['fin', 'a continuation with FIN has nothing to continue at first', continuation('x')],
  ['open', 'a continuation without FIN has nothing to continue at first', continuation('x', OPEN)],
  ['empty', 'an empty continuation has nothing to continue at first', continuation()],
]

export const fragmentation: Chapter = {
  title: 'fragmentation',
  cases: [
    ...wholes,
    row(
      'one-write',
      '5.4',
      'fragments may come in one write',
      joined(...fragmented(1, 'a', 'b', 'c')),
      answers(text('abc')),
    ),
    row(
      'byte-by-byte',
      '5.4',
      'fragments may come byte by byte',
      byteByByte(joined(...fragmented(1, 'frag', 'ment', 'ed'))),
      answers(text('fragmented')),
    ),
    ...[1, 3, 6, 8, 9, 10, 12, 15].map(at =>
      row(
        `cut-${at}`,
        '5.4',
        `two fragments may be cut behind byte ${at} of both`,
        cut(joined(...fragmented(2, 'ab', 'cd')), at),
        answers(binary('abcd')),
      ),
    ),
    row(
      'forms',
      '5.4',
      'fragments may have lengths of different forms',
      fragmented(2, counted(5), counted(300), counted(60_000), counted(1)),
      answers(binary(joined(counted(5), counted(300), counted(60_000), counted(1)))),
    ),
    row(
      'two-messages',
      '5.4',
      'two fragmented messages may follow each other',
      joined(...fragmented(1, 'first ', 'text'), ...fragmented(2, 'second ', 'bytes')),
      answers(text('first text'), binary('second bytes')),
    ),
    row(
      'whole-between',
      '5.4',
      'a whole message may stand between two fragmented ones',
      joined(...fragmented(1, 'a', 'b'), binaryFrame('whole'), ...fragmented(1, 'c', 'd')),
      answers(text('ab'), binary('whole'), text('cd')),
    ),
    row(
      'many',
      '5.4',
      'a message of 300 fragments may be too many for a policy, and then 1008 says so',
      joined(...fragmented(1, ...Array.from({ length: 300 }, () => 'x'))),
      either(fails([1008, 1009]), answers(text('x'.repeat(300)))),
    ),
    row(
      'sum-too-long',
      '10.4',
      'fragments that are too long together are too long',
      fragmented(2, Buffer.alloc(65_536), Buffer.alloc(1)),
      either(fails(1009), answers(binary(Buffer.alloc(65_537)))),
    ),
    row(
      'sum-long-enough',
      '5.4',
      'fragments of 64 KiB together are not too long',
      fragmented(2, Buffer.alloc(65_535), Buffer.alloc(1)),
      answers(binary(Buffer.alloc(65_536))),
    ),

    row(
      'ping-between',
      '5.4',
      'a ping between two fragments is answered',
      [textFrame('be', OPEN), pingFrame('now'), continuation('gun')],
      answers(pong('now'), text('begun')),
    ),
    row(
      'ping-before-end',
      '5.4',
      'a ping between two fragments is answered before the message has ended',
      [textFrame('be', OPEN), pingFrame('now'), until(pong('now')), continuation('gun')],
      answers(pong('now'), text('begun')),
    ),
    row(
      'pings-between-all',
      '5.4',
      'pings between all fragments are answered, one after the other',
      [
        binaryFrame('a', OPEN),
        pingFrame('1'),
        until(pong('1')),
        continuation('b', OPEN),
        pingFrame('2'),
        until(pong('2')),
        continuation('c'),
      ],
      answers(pong('1'), pong('2'), binary('abc')),
    ),
    row(
      'ping-one-write',
      '5.4',
      'a ping in the same write as the fragments around it is answered',
      joined(textFrame('be', OPEN), pingFrame('now'), continuation('gun')),
      answers(pong('now'), text('begun')),
    ),
    row(
      'ping-byte-by-byte',
      '5.4',
      'a ping between two fragments is answered when all of it comes byte by byte',
      byteByByte(joined(textFrame('be', OPEN), pingFrame('now'), continuation('gun'))),
      answers(pong('now'), text('begun')),
    ),
    row(
      'ping-no-part',
      '5.4',
      'what a ping between two fragments carries is no part of their message',
      joined(binaryFrame('', OPEN), pingFrame('not this'), continuation('')),
      answers(pong('not this'), binary('')),
    ),
    row(
      'long-ping-between',
      '5.5',
      'a ping that is too long fails the connection between fragments too',
      joined(textFrame('be', OPEN), pingFrame(counted(126)), continuation('gun')),
      fails(1002),
    ),
    row(
      'pong-between',
      '5.4',
      'a pong between two fragments changes nothing',
      joined(textFrame('be', OPEN), pongFrame('?'), continuation('gun')),
      answers(text('begun')),
    ),
    row(
      'close-between',
      '5.4',
      'a Close between two fragments is answered, and the message is lost',
      joined(textFrame('be', OPEN), closeFrame(1000), continuation('gun')),
      closes(1000),
    ),
    row(
      'close-after-first',
      '5.5.1',
      'a client may give up a message it has begun',
      joined(binaryFrame('half of', OPEN), closeFrame(1001)),
      closes(1001),
    ),

    ...orphans.map(([id, sentence, bytes]) => row(`orphan-${id}`, '5.4', sentence, bytes, fails(1002))),
    row(
      'orphan-after-message',
      '5.4',
      'a continuation behind a whole message continues nothing',
      joined(textFrame('whole'), continuation('more')),
      fails(1002, text('whole')),
    ),
    row(
      'orphan-after-fragments',
      '5.4',
      'a continuation behind the last fragment continues nothing',
      joined(...fragmented(1, 'a', 'b'), continuation('more')),
      fails(1002, text('ab')),
    ),
    row(
      'orphan-after-ping',
      '5.4',
      'a ping is nothing that could be continued',
      joined(pingFrame('whole'), continuation('more')),
      fails(1002, pong('whole')),
    ),
    row(
      'orphan-twice',
      '5.4',
      'an empty continuation without FIN begins no message',
      joined(continuation('', OPEN), continuation('')),
      fails(1002),
    ),
    row(
      'text-in-text',
      '5.4',
      'a text cannot begin before the one before it has ended',
      joined(textFrame('be', OPEN), textFrame('gun')),
      fails(1002),
    ),
    row(
      'binary-in-text',
      '5.4',
      'a binary message cannot begin within a text',
      joined(textFrame('be', OPEN), binaryFrame('gun')),
      fails(1002),
    ),
    row(
      'text-in-binary',
      '5.4',
      'a text cannot begin within a binary message',
      joined(binaryFrame('be', OPEN), textFrame('gun')),
      fails(1002),
    ),
    row(
      'binary-in-binary',
      '5.4',
      'a binary message cannot begin within another',
      joined(binaryFrame('be', OPEN), binaryFrame('gun')),
      fails(1002),
    ),
    row(
      'fragments-in-fragments',
      '5.4',
      'fragments of two messages cannot be interleaved',
      joined(textFrame('a', OPEN), binaryFrame('b', OPEN), continuation('a'), continuation('b')),
      fails(1002),
    ),
    row(
      'empty-in-text',
      '5.4',
      'an empty text is a text too, and cannot begin within another',
      joined(textFrame('be', OPEN), textFrame(), continuation('gun')),
      fails(1002),
    ),
    row(
      'second-after-ping',
      '5.4',
      'a ping does not end the message within which a second cannot begin',
      joined(textFrame('be', OPEN), pingFrame('1'), textFrame('gun')),
      fails(1002, pong('1')),
    ),
    row(
      'second-after-empty',
      '5.4',
      'an empty first fragment has begun a message all the same',
      joined(textFrame('', OPEN), textFrame('next')),
      fails(1002),
    ),
    row(
      'second-later',
      '5.4',
      'a message that begins within another fails the connection after those before were answered',
      joined(...fragmented(1, 'go', 'od'), textFrame('be', OPEN), textFrame('gun')),
      fails(1002, text('good')),
    ),
    row(
      'second-byte-by-byte',
      '5.4',
      'a message within another is one too when it comes byte by byte',
      byteByByte(joined(textFrame('be', OPEN), textFrame('gun'))),
      fails(1002),
    ),
  ],
}
