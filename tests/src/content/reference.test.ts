import { describe, expect, test } from 'vitest'
import { REQUEST_RULES, RESPONSE_RULES } from '#protocol/rule-facts.ts'
import { RULES, RULE_IDS } from '#protocol/rules.ts'
import { CLOSE_CODES } from '#words/close-codes.ts'
import { fieldWords } from '#words/ko/head-spans.ts'
import { parseRecording } from '#recording/recording.ts'
import { citationLink } from '../../../src/content/citation.ts'
import { HANDSHAKE_FIELDS } from '../../../src/content/handshake-fields.ts'
import { recordingFacts } from '../../../src/content/recording-facts.ts'
import { readRecordingFile } from '../../../src/content/recording-files.ts'
import { scriptMayClose } from '../../../src/wire/script-close.ts'

describe('a citation', () => {
  test('of a section leads to that section', () => {
    expect(citationLink('RFC 6455 §7.4.1')).toBe('https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1')
    expect(citationLink('RFC 9112 §5.1')).toBe('https://www.rfc-editor.org/rfc/rfc9112#section-5.1')
  })

  test('of the registry leads to its table of close codes', () => {
    expect(citationLink('IANA')).toContain('iana.org/assignments/websocket')
  })

  test('that names no source is an error', () => {
    expect(() => citationLink('§5')).toThrow('“§5” cites no RFC')
  })

  test.each([...RULE_IDS.map(id => RULES[id].section), ...CLOSE_CODES.map(({ section }) => section)])(
    '“%s”, as the tables have it, has an address',
    section => {
      expect(citationLink(section)).toMatch(/^https:\/\//)
    },
  )
})

describe('the fields of the handshake', () => {
  /** Rules of the handshake about the first line, or about the answer as a whole. */
  const ABOUT_NO_FIELD = [
    'request-method',
    'request-http-version',
    'request-target',
    'response-status',
    'response-http-version',
    'response-to-bad-request',
  ]

  test('have every rule about a field under one of them, and each once', () => {
    const listed = HANDSHAKE_FIELDS.flatMap(({ rules }) => rules)
    const known = [...Object.keys(REQUEST_RULES), ...Object.keys(RESPONSE_RULES)]
    expect(listed.toSorted()).toEqual(known.filter(id => !ABOUT_NO_FIELD.includes(id)).toSorted())
  })

  test.each(HANDSHAKE_FIELDS)('$name has words', ({ name }) => {
    expect(fieldWords(name)).toMatch(/니다\.$/)
  })
})

test('a page may close with 1000 and with 3000 to 4999', () => {
  const allowed = [0, 999, 1000, 1001, 2999, 3000, 4999, 5000].filter(code => scriptMayClose(code))
  expect(allowed).toEqual([1000, 3000, 4999])
})

test('what is said of a recording is counted from its bytes', () => {
  const recording = readRecordingFile('first-connection')
  const { bytes, frames, connections } = recordingFacts(recording)
  const [connection] = recording.connections
  const sum = (from: string) =>
    connection?.chunks
      .filter(chunk => chunk.from === from)
      .reduce((all, chunk) => all + chunk.bytes.length, 0)
  expect(connections).toBe(1)
  expect(bytes).toEqual({ client: sum('client'), server: sum('server') })
  expect(frames).toEqual({ client: 2, server: 2 })
})

test('an empty recording took no time', () => {
  const empty = parseRecording(JSON.stringify(EMPTY))
  expect(recordingFacts(empty)).toMatchObject({ connections: 0, milliseconds: 0 })
})

const EMPTY = {
  format: 'websocket-anatomy-recording',
  version: 2,
  title: '',
  client: '',
  recordedAt: '2026-01-01T00:00:00Z',
  connections: [],
  marks: [],
}
