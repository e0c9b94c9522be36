import { describe, expect, test } from 'vitest'
import { itemSentence, itemWords, noteSentence, oneLine } from '../../../src/inspector/item-words.ts'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import { traced, utf8, type Said } from './traced.ts'

function item(said: Said) {
  const frame = traced(said)[2]
  if (!frame) throw new Error('no frame')
  return frame
}

const preview = (said: Said) => itemWords(item(said)).preview

describe('what a line says', () => {
  test('is the text of a text frame', () => {
    expect(itemWords(item({ from: 'client', opcode: 1, payload: utf8('안녕') }))).toEqual({
      title: '텍스트',
      preview: '안녕',
      bytes: 6,
    })
  })

  test('is one line, whatever the text has in it', () => {
    const hostile = '<script>alert(1)</script>\0\r\n\u001b[31m\u007f\u0085'
    expect(preview({ from: 'server', opcode: 1, payload: utf8(hostile) })).toBe(
      '<script>alert(1)</script>␀␍␊␛[31m␡⟨U+0085⟩',
    )
  })

  test('is short of a long text', () => {
    const long = preview({ from: 'server', opcode: 1, payload: utf8('가'.repeat(10_000)) })
    expect(long).toBe(`${'가'.repeat(120)}…`)
  })

  test('is hexadecimal for bytes that are no text', () => {
    expect(preview({ from: 'server', opcode: 2, payload: utf8('abc') })).toBe('61 62 63')
    expect(preview({ from: 'server', opcode: 9, payload: Uint8Array.of(0, 1, 2) })).toBe('00 01 02')
    expect(preview({ from: 'server', opcode: 9, payload: utf8('are you there') })).toBe('are you there')
  })

  test('is what a fragment has of a text, without the character that was cut', () => {
    const han = utf8('a한')
    expect(preview({ from: 'server', opcode: 1, fin: false, payload: han.subarray(0, 2) })).toBe('a…')
    expect(preview({ from: 'server', opcode: 0, payload: han.subarray(2) })).toBe('…')
  })

  test('is code and reason of a Close', () => {
    expect(preview({ from: 'server', opcode: 8, payload: encodeClosePayload(1001, '안녕히') })).toBe(
      '1001 안녕히',
    )
    expect(preview({ from: 'server', opcode: 8 })).toBe('')
  })

  test('leaves no lone surrogate', () => {
    expect(oneLine('a\ud800b')).toBe('a⟨U+D800⟩b')
  })
})

describe('what a line tells whoever hears it', () => {
  test('is one sentence with number, side, time, kind, size and content', () => {
    const frame = item({ from: 'client', opcode: 1, payload: utf8('안녕') })
    expect(itemSentence(2, frame, 3.2)).toBe(
      '2번, 클라이언트가 3.20밀리초에 보낸 마스킹한 텍스트 프레임, 메시지의 끝, 페이로드 6바이트, 내용은 “안녕”.',
    )
  })

  test('names the rules that were broken', () => {
    const frame = item({ from: 'client', opcode: 1, fin: true, rsv2: true, payload: utf8('a') })
    expect(itemSentence(2, frame, 0)).toMatch(/, 규칙 위반: .+\.$/)
  })

  test('tells a head', () => {
    const [request, response] = traced()
    if (!request || !response) throw new Error('no heads')
    expect(itemSentence(0, request, 0)).toMatch(
      /^0번, 클라이언트가 0\.00밀리초에 보낸 핸드셰이크 요청, \d+바이트, 내용은 “GET \/lab\/echo”\.$/,
    )
    expect(itemSentence(1, response, 1)).toContain('서버가 1.00밀리초에 보낸 핸드셰이크 응답')
  })

  test('tells the end of a socket', () => {
    expect(noteSentence({ kind: 'ending', before: 3, at: 0, how: 'reset' }, 12.5)).toBe(
      '12.50밀리초, TCP RST, 연결이 한순간에 끊겼습니다.',
    )
  })
})
