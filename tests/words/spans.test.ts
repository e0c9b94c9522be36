import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { layoutFrame } from '#words/frame-layout.ts'
import { FrameParser } from '#protocol/frame-parser.ts'
import { layoutHead } from '#words/head-layout.ts'
import { parseRequestHead, parseResponseHead } from '#protocol/http-head.ts'
import { closeCodeWords } from '#words/ko/close-codes.ts'
import { explainFrame } from '#words/ko/frame-spans.ts'
import { explainHead } from '#words/ko/head-spans.ts'
import { opcodeWords } from '#words/ko/opcodes.ts'
import { head, hex, RFC_REQUEST, RFC_RESPONSE, utf8 } from '../protocol/bytes.ts'

const SENTENCE = /^[^a-z].*다\.$/s

const anyFrame = fc.record({
  opcode: fc.nat({ max: 15 }),
  fin: fc.boolean(),
  rsv1: fc.boolean(),
  rsv2: fc.boolean(),
  maskingKey: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
  payload: fc.uint8Array({ maxLength: 300 }),
})

function frameOf(fields: AnyFrameFields) {
  const [frame] = new FrameParser().push(encodeFrame(fields))
  return frame ?? expect.unreachable()
}

describe('the parts of a frame in words', () => {
  it('are its parts, each with a Korean label and a sentence', () => {
    fc.assert(
      fc.property(anyFrame, fields => {
        const frame = frameOf(fields)
        const explained = explainFrame(frame)
        expect(explained.map(span => span.id)).toEqual(layoutFrame(frame).map(span => span.id))
        for (const { label, sentence } of explained) {
          expect(label).not.toBe('')
          expect(sentence).toMatch(SENTENCE)
        }
      }),
    )
  })

  it('say what values stand for', () => {
    const values = explainFrame(frameOf({ opcode: 8, payload: hex('03e8 62 79 65') })).map(
      ({ label, value }) => `${label}: ${value}`,
    )
    expect(values.slice(4)).toEqual([
      'opcode: 0x8 (종료)',
      'MASK 비트: 0',
      '페이로드 길이: 5',
      '종료 코드: 1000 (정상 종료)',
      '종료 이유: bye',
    ])
  })

  it('tell the seven bits that announce a length from the length', () => {
    const spans = explainFrame(frameOf({ opcode: 2, payload: new Uint8Array(200) }))
    expect(spans.slice(6, 8).map(span => span.sentence)).toEqual([
      '126은 길이를 뒤따르는 16비트에 쓴다는 표시입니다.',
      '부호 없는 16비트 정수로 쓴 페이로드 길이이며 200바이트입니다.',
    ])
  })
})

describe('the parts of a head in words', () => {
  it.each([
    ['request', parseRequestHead(head(RFC_REQUEST))],
    ['response', parseResponseHead(head(RFC_RESPONSE))],
    ['refusal', parseResponseHead(head(['HTTP/1.1 426 Upgrade Required', 'Date: now']))],
    ['head with odd names', parseRequestHead(utf8('GET / HTTP/1.1\r\nconstructor: a\r\nX-One:b \r\n\r\n'))],
  ])('are those of a %s, each with a Korean label and a sentence', (_, parsed) => {
    const explained = explainHead(parsed)
    expect(explained.map(span => span.id)).toEqual(layoutHead(parsed).map(span => span.id))
    for (const { label, sentence } of explained) {
      expect(label).toMatch(/[가-힣]/)
      expect(sentence).toMatch(/다\.$/)
    }
  })

  it('name a field that is not known as its sender writes it', () => {
    const parsed = parseRequestHead(utf8('GET / HTTP/1.1\r\nX-One:b \r\n\r\n'))
    expect(explainHead(parsed).find(span => span.id === 'field:x-one:value')?.sentence).toBe(
      'X-One 헤더의 값입니다.',
    )
  })

  it('say nothing of a handshake where a request and its answer are ordinary HTTP', () => {
    const plain = [
      parseRequestHead(utf8('GET /news HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')),
      parseResponseHead(utf8('HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n')),
    ]
    const sentences = plain.flatMap(parsed => explainHead(parsed).map(({ sentence }) => sentence))
    expect(sentences.filter(sentence => /핸드셰이크|Upgrade|브라우저/.test(sentence))).toEqual([])
    expect(sentences.filter(sentence => sentence.includes('연결을 닫는다'))).toHaveLength(2)
  })

  it.each([
    ['Upgrade', 'Upgrade 헤더가'],
    ['keep-alive, Upgrade', 'Upgrade 헤더가'],
    ['keep-alive', '연결을 열어 둔다'],
    ['Close', '연결을 닫는다'],
    ['x-hop', '이 연결 구간에만'],
  ])('read Connection: %s for what it says', (value, words) => {
    const parsed = parseRequestHead(utf8(`GET / HTTP/1.1\r\nHost: a\r\nConnection: ${value}\r\n\r\n`))
    const span = explainHead(parsed).find(({ id }) => id === 'field:connection:value')
    expect(span?.sentence).toContain(words)
  })
})

describe('the tables', () => {
  it('have words for every opcode', () => {
    const labels = Array.from({ length: 16 }, (_, opcode) => opcodeWords(opcode).label)
    expect(new Set(labels).size).toBe(7)
    expect(labels[1]).toBe('텍스트')
  })

  it.each([0, 999, 1000, 1015, 1016, 2999, 3000, 3999, 4000, 4999, 5000, 65535])(
    'have words for close code %i',
    code => {
      expect(closeCodeWords(code).label).toMatch(/[가-힣]/)
      expect(closeCodeWords(code).meaning).toMatch(/다\.$/)
    },
  )
})
