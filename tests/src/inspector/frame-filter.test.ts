import { describe, expect, test } from 'vitest'
import { OPCODES } from '#protocol/opcodes.ts'
import { EVERYTHING, testOf, type FrameFilter } from '../../../src/inspector/frame-filter.ts'
import { matcherOf } from './matcher.ts'
import { traced, utf8 } from './traced.ts'

const ITEMS = traced(
  { from: 'client', opcode: OPCODES.text, payload: utf8('안녕 Hello') },
  { from: 'server', opcode: OPCODES.text, payload: utf8('조각'), fin: false },
  { from: 'server', opcode: OPCODES.continuation, payload: utf8('하나') },
  { from: 'server', opcode: OPCODES.binary, payload: Uint8Array.of(0, 3, 0xe8, 0xff) },
  { from: 'client', opcode: OPCODES.ping, payload: utf8('?') },
  { from: 'server', opcode: OPCODES.pong, payload: utf8('?') },
  { from: 'client', opcode: 3 },
  { from: 'client', opcode: OPCODES.close, payload: Uint8Array.of(0x0f, 0xa1, ...utf8('그만')) },
)

/** Numbers of the items that a filter lets through; 0 and 1 are the handshake. */
function passing(filter: Partial<FrameFilter>): number[] {
  const matcher = matcherOf(filter)
  return ITEMS.flatMap((item, index) => (matcher(item) ? [index] : []))
}

describe('a filter', () => {
  test('of nothing lets everything through', () => {
    expect(passing({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test.each<[what: string, filter: Partial<FrameFilter>, numbers: number[]]>([
    ['one direction', { from: 'server' }, [1, 3, 4, 5, 7]],
    ['kinds', { kinds: ['ping', 'pong'] }, [6, 7]],
    ['the handshake', { kinds: ['handshake'] }, [0, 1]],
    ['opcodes without a meaning', { kinds: ['reserved'] }, [8]],
    ['a size, both ends included', { minBytes: 1, maxBytes: 4 }, [5, 6, 7]],
    ['what breaks a rule', { onlyViolations: true }, [8]],
    ['text, whatever its letter case', { text: 'hELLO' }, [2]],
    ['Korean text, composed or not', { text: '안녕'.normalize('NFD') }, [2]],
    ['a header of the handshake', { text: 'sec-websocket-accept' }, [1]],
    ['a message over its fragments, at the one that completes it', { text: '조각하나' }, [4]],
    ['a close code', { text: '4001' }, [9]],
    ['the reason of a close', { text: '그만' }, [9]],
    ['bytes', { text: '0x 03E8' }, [5]],
    ['masked bytes as what they say', { text: '0x ec9588' }, [2]],
    ['a regular expression', { text: '^안.*o$', isRegex: true }, [2]],
    [
      'a regular expression with an escape that is usual elsewhere',
      { text: '^안\\-?.*o$', isRegex: true },
      [2],
    ],
    ['several things at once', { from: 'client', kinds: ['text', 'close'], minBytes: 9 }, [2]],
  ])('by %s', (_what, filter, numbers) => {
    expect(passing(filter)).toEqual(numbers)
  })

  test.each<[what: string, filter: Partial<FrameFilter>, fault: RegExp]>([
    ['a regular expression that is none', { text: '(', isRegex: true }, /^정규식으로 읽을 수 없습니다: /],
    ['half a byte', { text: '0x0' }, /두 자리씩/],
    ['no byte', { text: '0x' }, /두 자리씩/],
  ])('says what is wrong with %s', (_what, filter, fault) => {
    expect(testOf({ ...EVERYTHING, ...filter })).toEqual({ fault: expect.stringMatching(fault) })
  })

  test('takes text that only begins like bytes as text', () => {
    expect(passing({ text: '0xyz' })).toEqual([])
  })
})
