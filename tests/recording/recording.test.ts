import { describe, expect, test } from 'vitest'
import {
  MAX_CHUNKS,
  MAX_CONNECTIONS,
  MAX_FILE_BYTES,
  MAX_JSON_OBJECTS,
  MAX_TEXT_LENGTH,
  MAX_TIME_US,
} from '#recording/limits.ts'
import { problemSentence } from '#recording/problem-words.ts'
import { RecordingError, type RecordingProblem } from '#recording/recording-error.ts'
import { parseRecording, type Recording } from '#recording/recording.ts'
import { serializeRecording } from '#recording/recording-writer.ts'
import { chunk, openedWith, recordingOf } from './recordings.ts'

const good = recordingOf([{ chunks: openedWith([]) }, { chunks: openedWith([]) }])

/** The error that a file meets. */
function errorOf(file: unknown): RecordingError {
  try {
    parseRecording(file)
  } catch (error) {
    if (error instanceof RecordingError) return error
    throw error
  }
  return expect.unreachable('it was read')
}

/** A file with something changed at a path. */
function changed(path: string, value: unknown): unknown {
  const file: unknown = JSON.parse(serializeRecording(good))
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  let at = file as Record<string, unknown>
  for (const key of keys) at = at[key] as Record<string, unknown>
  at[last] = value
  return file
}

describe('damage is named with its place', () => {
  test.each([
    ['connections.1.id', 1, 'connections.1.id: damaged: a second connection 1'],
    ['connections.0.id', 2 ** 32, 'connections.0.id'],
    ['connections.0.id', 1.5, 'connections.0.id'],
    ['connections.0.chunks.0.at', 1001, 'connections.0.chunks.1.at: damaged: goes back from 1001 to 1000'],
    ['connections.0.chunks.0.at', -1, 'connections.0.chunks.0.at'],
    ['connections.0.chunks.1.at', MAX_TIME_US + 1, 'connections.0.chunks.1.at'],
    ['connections.0.chunks.0.at', 'soon', 'connections.0.chunks.0.at'],
    ['connections.0.chunks.0.from', 'proxy', 'connections.0.chunks.0.from'],
    ['connections.0.chunks.0.bytes', 'a', 'connections.0.chunks.0.bytes: damaged: not base64'],
    ['connections.0.chunks.0.bytes', 'YW Jj', 'connections.0.chunks.0.bytes: damaged: not base64'],
    ['connections.0.chunks', null, 'connections.0.chunks'],
    [
      'connections.0.endings',
      [
        { at: 2, how: 'client-fin' },
        { at: 1, how: 'closed' },
      ],
      'connections.0.endings.1.at',
    ],
    ['connections.0.endings', [{ at: 2, how: 'vanished' }], 'connections.0.endings.0.how'],
    [
      'connections.0.script',
      [
        { at: 2, what: 'open', detail: '' },
        { at: 1, what: 'close', detail: '' },
      ],
      'connections.0.script.1.at',
    ],
    [
      'connections.0.gaps',
      [{ before: 3, chunks: 1, bytes: 1 }],
      'connections.0.gaps.0.before: damaged: 3 is beyond 2',
    ],
    ['connections.0.gaps', [{ before: 0, chunks: 1, bytes: -1 }], 'connections.0.gaps.0.bytes'],
    ['connections.0.gaps', [{ before: 0, chunks: 1, bytes: 1e300 }], 'connections.0.gaps.0.bytes'],
    ['connections.0.lab', 'a'.repeat(MAX_TEXT_LENGTH + 1), 'connections.0.lab'],
    ['marks', [{ at: 0, connection: 9, label: '' }], 'marks.0.connection: damaged: no connection 9'],
    ['marks', [{ at: 0, item: -1, label: '' }], 'marks.0.item'],
    ['marks', [{ at: 0, item: 0.5, label: '' }], 'marks.0.item'],
    ['recordedAt', 'yesterday', 'recordedAt'],
    ['recordedAt', '2026-02-31T00:00:00Z', 'recordedAt'],
    ['recordedAt', '9999-01-01T00:00:00Z', 'recordedAt: damaged: not between the years 1970 and 2199'],
    ['version', 0, 'version: damaged'],
    ['version', '1', 'version: damaged'],
  ])('%s: %j', (path, value, message) => {
    const error = errorOf(changed(path, value))
    expect(error.message).toContain(message)
    expect(error.problem).toBe('damaged')
  })

  test('where the file is cut short', () => {
    expect(errorOf(serializeRecording(good).slice(0, -20)).message).toContain('not JSON')
  })
})

test('a newer version is refused, and the error says what to do', () => {
  const error = errorOf(changed('version', 99))
  expect(error.problem).toBe('newer-version')
  expect(error.message).toBe(
    'version: written by a newer version (99, this reads up to 2): update and open it again',
  )
})

test.each([null, 1, [], {}, { format: 'another', version: 1 }, 'null'])('%j is no recording', file => {
  expect(errorOf(file)).toMatchObject({ problem: 'unknown-kind', where: 'format' })
})

test('a file of version 1 is read, and says of no gap', () => {
  const file = changed('version', 1) as Recording
  const old = { ...file, connections: file.connections.map(one => ({ ...one, gaps: undefined })) }
  expect(parseRecording(JSON.stringify(old))).toEqual(good)
  expect(errorOf({ ...old, connections: 'none' }).where).toBe('connections')
  expect(errorOf({ ...old, connections: [null] }).where).toBe('connections.0')
})

test('what later versions may add without harm is passed over', () => {
  expect(parseRecording(changed('connections.0.colour', 'red'))).toEqual(good)
})

test('more connections than the limit are too many', () => {
  const many = recordingOf(Array.from({ length: MAX_CONNECTIONS + 1 }, () => ({})))
  expect(errorOf(serializeRecording(many))).toMatchObject({ problem: 'too-large', where: 'connections' })
})

test('more chunks than the limit, all connections together, are too many', () => {
  const chunks = Array.from({ length: MAX_CHUNKS / 2 + 1 }, () => ({}))
  const file = { ...(changed('version', 2) as object), connections: [{ chunks }, { chunks }] }
  expect(errorOf(file)).toMatchObject({ problem: 'too-large', where: 'connections' })
})

test('of millions of fields that do not fit the first is named', () => {
  const connections = [
    { ...recordingOf([{}]).connections[0], chunks: Array.from({ length: MAX_CHUNKS }, () => 0) },
  ]
  expect(errorOf({ ...(changed('version', 2) as object), connections }).where).toBe('connections.0.chunks.0')
})

test('a text longer than the limit is not even looked at', () => {
  expect(errorOf(' '.repeat(MAX_FILE_BYTES + 1)).problem).toBe('too-large')
})

test('more objects and lists than the limit are not even parsed, but strings may hold any', () => {
  const brackets = '[{'.repeat(MAX_JSON_OBJECTS)
  expect(errorOf(`{"format": [${'[],'.repeat(MAX_JSON_OBJECTS)}0]}`).problem).toBe('too-large')
  expect(errorOf(`{"format": "${brackets}\\\\\\"${brackets}"}`).problem).toBe('unknown-kind')
  expect(errorOf(`{"format": "${brackets}`).message).toContain('not JSON')
})

test('a chunk of many megabytes is read', { timeout: 60_000 }, () => {
  const bytes = new Uint8Array(9_000_000).fill(0xed)
  const read = parseRecording(serializeRecording(recordingOf([{ chunks: [chunk('client', 0, bytes)] }])))
  expect(Buffer.compare(read.connections[0]?.chunks[0]?.bytes ?? new Uint8Array(0), bytes)).toBe(0)
})

test('every problem has a Korean sentence, with the place when there is one', () => {
  const problems: RecordingProblem[] = [
    'unknown-kind',
    'too-large',
    'newer-version',
    'damaged',
    'unsupported',
    'nothing-inside',
  ]
  const sentences = problems.map(problem => problemSentence(new RecordingError(problem, '', 'detail')))
  expect(new Set(sentences).size).toBe(problems.length)
  for (const sentence of sentences) expect(sentence).toMatch(/[가-힣]니다\.$/)
  expect(problemSentence(new RecordingError('damaged', 'byte 4', 'x'))).toMatch(/ 문제가 있는 곳: byte 4$/)
})
