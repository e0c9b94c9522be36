import { describe, expect, test } from 'vitest'
import { keyOf, type ProgressRecord } from '../../../src/progress/records.ts'
import {
  FILE_LIMIT,
  parseProgressFile,
  ProgressFileError,
  serializeProgress,
} from '../../../src/progress/transfer.ts'

const records = new Map<string, ProgressRecord>([
  [keyOf('question', 'handshake', 'after-101'), { at: 5, answer: 'k1', right: false, round: 0, due: 6 }],
  [keyOf('prediction', 'first-connection', 'hello-bytes'), { at: 0, answer: '12' }],
  [keyOf('mission', 'handshake', 'second-subprotocol'), { at: 7 }],
  [keyOf('mark', 'handshake', 'read'), { at: 8 }],
  [keyOf('place', 'handshake', 'section'), { at: 9, answer: '요청을-한-줄씩', title: '요청을 한 줄씩' }],
])
const NOW = Date.UTC(2026, 10, 3, 1, 2, 3)

/** A good file with something else at a place. */
function fileWith(change: object): string {
  return JSON.stringify({ ...JSON.parse(serializeProgress(records, NOW)), ...change })
}

describe('a progress file', () => {
  test('reads back what was written, with its date', () => {
    expect(parseProgressFile(serializeProgress(records, NOW))).toEqual({
      savedAt: '2026-11-03T01:02:03.000Z',
      records,
    })
  })

  test('may be empty', () => {
    expect(parseProgressFile(serializeProgress(new Map(), NOW)).records.size).toBe(0)
  })
})

describe('what is refused, with a sentence', () => {
  test.each([
    ['nothing', '', 'JSON으로 읽을 수 없는'],
    ['a picture', '\u0089PNG\r\n', 'JSON으로 읽을 수 없는'],
    ['another JSON', '{"name":"websocket-anatomy"}', '진도 파일이 아닙니다'],
    ['a recording', '{"format":"websocket-anatomy-recording","version":1}', '진도 파일이 아닙니다'],
    ['null', 'null', '진도 파일이 아닙니다'],
    ['a newer version', fileWith({ version: 3 }), '더 새로운 버전'],
    ['a version that is none', fileWith({ version: '2' }), '진도 파일이 아닙니다'],
    ['an older version that never was', fileWith({ version: 1 }), '손상되었습니다. 읽지 못한 곳: version'],
    ['no date', fileWith({ savedAt: 'yesterday' }), '읽지 못한 곳: savedAt'],
    ['a list of records', fileWith({ records: [1] }), '읽지 못한 곳: records'],
    [
      'a key that leads elsewhere',
      fileWith({ records: { 'question:../../evil/x': { at: 1 } } }),
      '읽지 못한 곳: records',
    ],
    [
      'a wrong field',
      fileWith({ records: { 'mark:a/read': { at: -1 } } }),
      '읽지 못한 곳: records.mark:a/read.at',
    ],
    [
      'a text without end',
      fileWith({ records: { 'prediction:a/b': { at: 1, answer: 'x'.repeat(1001) } } }),
      '읽지 못한 곳: records.prediction:a/b.answer',
    ],
    ['too large a file', ' '.repeat(FILE_LIMIT + 1), '너무 커서'],
  ])('%s', (_, source, sentence) => {
    expect(() => parseProgressFile(source)).toThrow(ProgressFileError)
    expect(() => parseProgressFile(source)).toThrow(sentence)
  })
})
