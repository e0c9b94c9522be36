import { describe, expect, test } from 'vitest'
import { placeWords, recordedBytes } from '../../../src/content/recorded-bytes.ts'
import { readRecordingFile } from '../../../src/content/recording-files.ts'

const recording = readRecordingFile('handshake')

describe('the bytes a question is about', () => {
  test.each([{ frame: 'client.0' }, { frame: 'server.0' }, { side: 'response' }])(
    'any span of %o can be asked for, and lies where it says',
    asked => {
      const { spans, bytes } = recordedBytes('handshake', recording, {
        ...asked,
        span: 'frame' in asked ? 'fin' : 'status',
      })
      for (const { id, start, end } of spans) {
        const { answer } = recordedBytes('handshake', recording, { ...asked, span: id })
        expect([answer.id, answer.start, answer.end]).toEqual([id, start, end])
        expect(end).toBeLessThanOrEqual(bytes.length)
      }
    },
  )

  test('are cut to whole spans, and keep their places in the whole', () => {
    const cut = recordedBytes('handshake', recording, {
      side: 'response',
      span: 'end',
      from: 'field:sec-websocket-protocol:name',
      to: 'end',
    })
    const text = Buffer.from(cut.bytes.subarray(cut.start, cut.end)).toString('latin1')
    expect(text).toBe('Sec-WebSocket-Protocol: anatomy.v2\r\n\r\n')
    expect(cut.bytes.subarray(cut.answer.start, cut.answer.end)).toEqual(Uint8Array.of(0x0d, 0x0a))
    expect(cut.spans.at(0)?.start).toBe(cut.start)
    expect(cut.spans.at(-1)?.end).toBe(cut.end)
  })

  test('have their place in words, one byte or several', () => {
    expect([placeWords({ start: 6, end: 7 }), placeWords({ start: 6, end: 8 })]).toEqual([
      '6번 바이트',
      '6–7번 바이트',
    ])
  })

  test('know who sent them', () => {
    const from = (asked: object) => recordedBytes('handshake', recording, asked).from
    expect([
      from({ frame: 'client.0', span: 'fin' }),
      from({ frame: 'server.0', span: 'fin' }),
      from({ side: 'response', span: 'end' }),
      from({ side: 'request', span: 'method', to: 'version' }),
    ]).toEqual(['client', 'server', 'server', 'client'])
  })
})
