import { answers, binary, byteByByte, cut, fails, hex, joined, pong, row, text } from '../case.ts'
import type { Case, Chapter } from '../case.ts'
import { binaryFrame, continuation, fragmented, pingFrame, textFrame } from '../client-frames.ts'

const VALID: readonly (readonly [id: string, what: string, digits: string])[] = [
  ['nul', 'U+0000', '00'],
  ['del', 'U+007F, the last of one byte', '7f'],
  ['two-first', 'U+0080, the first of two bytes', 'c2 80'],
  ['two-last', 'U+07FF, the last of two bytes', 'df bf'],
  ['three-first', 'U+0800, the first of three bytes', 'e0 a0 80'],
  ['three-last', 'U+FFFF, the last of three bytes and no character', 'ef bf bf'],
  ['four-first', 'U+10000, the first of four bytes', 'f0 90 80 80'],
  ['four-last', 'U+10FFFF, the last of all', 'f4 8f bf bf'],
  ['before-surrogates', 'U+D7FF, right before the surrogates', 'ed 9f bf'],
  ['after-surrogates', 'U+E000, right behind them', 'ee 80 80'],
  ['replacement', 'U+FFFD itself', 'ef bf bd'],
  ['bom', 'U+FEFF at the beginning, which is kept', 'ef bb bf 61'],
  ['noncharacter', 'U+FDD0, which is no character', 'ef b7 90'],
  ['noncharacter-high', 'U+1FFFE, which is none either', 'f0 9f bf be'],
  ['controls', 'control characters', '01 1b 0d 0a 09'],
  ['c1', 'U+0085 and U+009F', 'c2 85 c2 9f'],
  ['combining', 'a letter and what combines with it', '65 cc 81'],
  ['bidi', 'a mark that turns the direction of writing', 'e2 80 ae 61'],
]

const INVALID: readonly (readonly [id: string, what: string, digits: string])[] = [
  ['lone-80', 'a continuation byte alone', '80'],
  ['lone-bf', 'the last continuation byte alone', 'bf'],
  ['two-continuations', 'two continuation bytes alone', '80 bf'],
  ['continuation-after', 'a continuation byte too many', 'c3 a9 a9'],
  ['c0', 'C0, which begins nothing', 'c0 80'],
  ['c1', 'C1, which begins nothing', 'c1 bf'],
  ['f5', 'F5, which begins nothing', 'f5 80 80 80'],
  ['f8', 'F8, which began five bytes once', 'f8 88 80 80 80'],
  ['fc', 'FC, which began six bytes once', 'fc 84 80 80 80 80'],
  ['fe', 'FE, which never was UTF-8', 'fe'],
  ['ff', 'FF, which never was UTF-8', 'ff'],
  ['overlong-slash-2', 'a slash in two bytes', 'c0 af'],
  ['overlong-slash-3', 'a slash in three bytes', 'e0 80 af'],
  ['overlong-slash-4', 'a slash in four bytes', 'f0 80 80 af'],
  ['overlong-3', 'U+07FF in three bytes', 'e0 9f bf'],
  ['overlong-4', 'U+FFFF in four bytes', 'f0 8f bf bf'],
  ['surrogate-first', 'U+D800, a surrogate', 'ed a0 80'],
  ['surrogate-last', 'U+DFFF, a surrogate', 'ed bf bf'],
  ['surrogate-pair', 'a pair of surrogates, as CESU-8 writes it', 'ed a0 bd ed b8 80'],
  ['above', 'U+110000, above the last', 'f4 90 80 80'],
  ['above-far', 'U+13FFFF, far above the last', 'f4 bf bf bf'],
  ['short-2', 'the first of two bytes at its end', '61 c3'],
  ['short-3-1', 'the first of three bytes at its end', '61 ea'],
  ['short-3-2', 'two of three bytes at its end', '61 ea b0'],
  ['short-4-1', 'the first of four bytes at its end', '61 f0'],
  ['short-4-2', 'two of four bytes at its end', '61 f0 9f'],
  ['short-4-3', 'three of four bytes at its end', '61 f0 9f 98'],
  ['broken-2', 'a letter where the second of two bytes belongs', 'c3 61'],
  ['broken-3', 'a letter where the third of three bytes belongs', 'ea b0 61'],
  ['broken-4', 'a letter where the fourth of four bytes belongs', 'f0 9f 98 61'],
  ['restarted', 'a character that begins within another', 'ea ea b0 80'],
  ['late', 'a bad byte behind much that is good', `${'61'.repeat(200)} ff`],
  ['early', 'a bad byte before much that is good', `ff ${'61'.repeat(200)}`],
  ['latin1', 'Latin-1', '63 61 66 e9'],
  ['euc-kr', 'Korean in EUC-KR', 'b0 a1 b3 aa'],
  ['utf16', 'UTF-16 with its mark', 'ff fe 61 00'],
]

const KOREAN = '가나'
const FACE = '😀'

const cutCharacters = [
  ['Korean', KOREAN, [1, 2, 3, 4, 5]],
  ['emoji', FACE, [1, 2, 3]],
] as const
const inFragments = cutCharacters.flatMap(([name, characters, cuts]) =>
  cuts.map((at): Case =>
    row(
      `${name}-fragments-${at}`,
      '5.6',
      `${characters} may be cut into fragments behind byte ${at}`,
      fragmented(1, ...cut(Buffer.from(characters), at)),
      answers(text(characters)),
    ),
  ),
)

const splitBad: readonly (readonly [id: string, sentence: string, parts: readonly string[]])[] = [
  ['second', 'a bad byte in the second fragment fails the connection', ['61', 'ff']],
  ['first', 'a bad byte in the first fragment fails the connection whatever follows', ['ff', '61']],
  ['never-ends', 'a character cut by the end of the last fragment fails the connection', ['61', 'ea b0']],
  ['empty-end', 'a character that an empty last fragment leaves cut fails the connection', ['ea b0', '']],
  ['joined', 'fragments that are no character together fail the connection', ['ea', 'ea b0 80']],
  ['overlong', 'an overlong form in two fragments fails the connection', ['e0', '80 af']],
  ['surrogate', 'a surrogate in three fragments fails the connection', ['ed', 'a0', '80']],
  ['above', 'a code point above the last in two fragments fails the connection', ['f4', '90 80 80']],
]

export const utf8: Chapter = {
  title: 'UTF-8',
  cases: [
    ...VALID.map(([id, what, digits]) =>
      row(
        `valid-${id}`,
        '5.6',
        `a text of ${what} comes back`,
        textFrame(hex(digits)),
        answers(text(hex(digits))),
      ),
    ),
    row(
      'valid-korean',
      '5.6',
      'a sentence in Korean comes back',
      textFrame('웹소켓은 양방향으로 말합니다.'),
      answers(text('웹소켓은 양방향으로 말합니다.')),
    ),
    row(
      'valid-joined',
      '5.6',
      'what is joined to one picture comes back as it was joined',
      textFrame('👩‍👩‍👧‍👦 👋🏽 🇰🇷'),
      answers(text('👩‍👩‍👧‍👦 👋🏽 🇰🇷')),
    ),
    row(
      'valid-byte-by-byte',
      '5.6',
      'characters of every length may come byte by byte',
      byteByByte(textFrame('aé가😀')),
      answers(text('aé가😀')),
    ),
    ...INVALID.map(([id, what, digits]) =>
      row(
        `invalid-${id}`,
        '8.1',
        `a text with ${what} fails the connection`,
        textFrame(hex(digits)),
        fails(1007),
      ),
    ),
    ...inFragments,
    row(
      'fragments-each-byte',
      '5.6',
      'every byte of a text may be a fragment, characters or not',
      fragmented(1, ...byteByByte(Buffer.from('aé가😀'))),
      answers(text('aé가😀')),
    ),
    row(
      'ping-in-character',
      '5.4',
      'a ping may stand in the middle of a character',
      joined(textFrame(hex('ea b0'), { fin: false }), pingFrame('!'), continuation(hex('80'))),
      answers(pong('!'), text('가')),
    ),
    row(
      'ping-completes-nothing',
      '8.1',
      'what a ping in the middle of a character carries does not complete it',
      joined(textFrame(hex('ea b0'), { fin: false }), pingFrame(hex('80')), continuation('a')),
      fails(1007, pong(hex('80'))),
    ),
    ...splitBad.map(([id, sentence, parts]) =>
      row(`split-${id}`, '8.1', sentence, joined(...fragmented(1, ...parts.map(hex))), fails(1007)),
    ),
    row(
      'binary-free',
      '5.6',
      'what is no UTF-8 comes back as bytes',
      binaryFrame(hex('ff c0 80 ed a0 80')),
      answers(binary(hex('ff c0 80 ed a0 80'))),
    ),
    row(
      'binary-fragments-free',
      '5.6',
      'what is no UTF-8 comes back as bytes in fragments too',
      fragmented(2, hex('ea'), hex('ff')),
      answers(binary(hex('ea ff'))),
    ),
    row(
      'kept-apart',
      '8.1',
      'a character cannot be cut between two messages',
      joined(textFrame(hex('ea b0')), textFrame(hex('80'))),
      fails(1007),
    ),
    row(
      'after-good',
      '8.1',
      'a bad text fails the connection after the good one before it was answered',
      joined(textFrame('좋은 글'), textFrame(hex('ff'))),
      fails(1007, text('좋은 글')),
    ),
    row(
      'bad-byte-by-byte',
      '8.1',
      'bad text is bad when it comes byte by byte',
      byteByByte(textFrame(hex('61 c0 80'))),
      fails(1007),
    ),
  ],
}
