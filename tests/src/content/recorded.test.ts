import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { parseRecording, type Recording } from '#recording/recording.ts'
import { RecordedError, recordedFrame, recordedHead, recordedValue } from '../../../src/content/recorded.ts'
import { readRecordingFile } from '../../../src/content/recording-files.ts'
import { compileLesson } from '../markdown/lesson-compiler.ts'

const bytes = (text: string) => Uint8Array.from(new TextEncoder().encode(text))
const crlf = (...lines: string[]) => bytes([...lines, '', ''].join('\r\n'))

const REQUEST = crlf(
  'GET /lab/echo HTTP/1.1',
  'Host: example.com',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
)
const RESPONSE = crlf(
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
)
const maskingKey = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)
const hello = Uint8Array.from(encodeFrame({ opcode: 0x1, payload: bytes('Hello'), maskingKey }))
const close = Uint8Array.from(encodeFrame({ opcode: 0x8, payload: Uint8Array.of(0x03, 0xe8) }))

const connection: Recording['connections'][number] = {
  id: 1,
  lab: 'echo',
  chunks: [
    { from: 'client', at: 0, bytes: REQUEST },
    { from: 'server', at: 1, bytes: RESPONSE },
    { from: 'client', at: 2, bytes: hello },
    { from: 'server', at: 3, bytes: close },
  ],
  gaps: [],
  endings: [],
  script: [],
}
const recording: Recording = {
  format: 'websocket-anatomy-recording',
  version: 2,
  title: 'RFC 6455 §1.3 and §5.7',
  client: 'none',
  recordedAt: '2026-01-01T00:00:00.000Z',
  connections: [connection],
  marks: [],
}
const valueAt = (path: string) => recordedValue('rfc', recording, path)

test.each([
  ['request.length', String(REQUEST.length)],
  ['request.fields', '5'],
  ['response.status', '101'],
  ['client.frame.0.length', '11'],
  ['client.frame.0.headLength', '6'],
  ['client.frame.0.payloadLength', '5'],
  ['server.frame.0.length', '4'],
])('%s is the number %s', (path, text) => {
  expect(valueAt(path)).toEqual({ text, verbatim: false })
})

test.each([
  ['request.line', 'GET /lab/echo HTTP/1.1'],
  ['response.line', 'HTTP/1.1 101 Switching Protocols'],
  ['request.field.Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['request.field.sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['client.frame.0.hex', '81 85 37 fa 21 3d 7f 9f 4d 51 58'],
  ['client.frame.0.byte.0', '81'],
  ['client.frame.0.byte.10', '58'],
  ['client.frame.0.maskingKey', '37 fa 21 3d'],
  ['client.frame.0.payload', '48 65 6c 6c 6f'],
  ['client.frame.0.text', 'Hello'],
  ['server.frame.0.closeCode', '1000'],
])('%s stands on the wire as %s', (path, text) => {
  expect(valueAt(path)).toEqual({ text, verbatim: true })
})

test.each([
  'request',
  'request.status',
  'request.field.Cookie',
  'request.toString',
  'client.frame.1.length',
  'client.frame.0.byte.11',
  'client.frame.0.closeCode',
  'client.frame.0.nonsense',
  'server.frame.0.maskingKey',
  'proxy.frame.0.length',
])('%s is not there, and the error names the recording and the path', path => {
  expect(() => valueAt(path)).toThrow(RecordedError)
  expect(() => valueAt(path)).toThrow(`recording "rfc" has no "${path}"`)
})

test('the error says what there is instead', () => {
  expect(() => valueAt('client.frame.7.hex')).toThrow(
    'it has request, response, 1 frames of the client, 1 frames of the server',
  )
})

test('heads and frames are found by side and number', () => {
  expect(recordedHead('rfc', recording, 'response').kind).toBe('response')
  expect(recordedFrame('rfc', recording, 'server.0')).toMatchObject({
    from: 'server',
    frame: { opcode: 0x8 },
  })
  expect(() => recordedHead('rfc', recording, 'body')).toThrow('recording "rfc" has no "body"')
  expect(() => recordedFrame('rfc', recording, 'server.1')).toThrow('recording "rfc" has no frame "server.1"')
})

test('a path names another connection than the first by its number', () => {
  const two = { ...recording, connections: [{ ...connection, chunks: [] }, connection] }
  expect(recordedValue('two', two, 'connection.1.client.frame.0.text').text).toBe('Hello')
  expect(recordedHead('two', two, 'connection.1.request').kind).toBe('request')
  expect(recordedFrame('two', two, 'connection.1.server.0').from).toBe('server')
  expect(() => recordedValue('two', two, 'client.frame.0.text')).toThrow(RecordedError)
  expect(() => recordedFrame('two', two, 'connection.2.server.0')).toThrow(
    'has no frame "connection.2.server.0" (it has 0 frames of the client, 0 frames of the server; connection.1: request,',
  )
})

test('a frame knows how many reads or writes carried it, and in which it was whole', () => {
  const cut = [hello.subarray(0, 1), hello.subarray(1, 4), Uint8Array.from([...hello.subarray(4), ...hello])]
  const chunks = [
    ...connection.chunks.slice(0, 2),
    ...cut.map((bytes, index) => ({ from: 'client' as const, at: 2 + index, bytes })),
    { from: 'server' as const, at: 9, bytes: close },
  ]
  const one = { ...recording, connections: [{ ...connection, chunks }] }
  const told = (path: string) => recordedValue('one', one, path).text
  expect([told('client.frame.0.chunks'), told('client.frame.0.chunk')]).toEqual(['3', '3'])
  expect([told('client.frame.1.chunks'), told('client.frame.1.chunk')]).toEqual(['1', '3'])
  expect([told('server.frame.0.chunks'), told('server.frame.0.chunk')]).toEqual(['1', '1'])
  expect(() => told('client.frame.2.chunks')).toThrow(RecordedError)
})

test('a recording that is not there is named', () => {
  expect(() => readRecordingFile('no-such-one')).toThrow('there is no recording "no-such-one"')
})

const HELLO = 'of="first-connection" value="client.frame.0.length"'

test.each([
  [`<Recorded ${HELLO} is="81" />`, 'is "12" in recording "first-connection", the lesson says "81"'],
  ['<Recorded of="first-connection" value="client.frame.9.hex" />', 'has no "client.frame.9.hex"'],
  ['<Recorded of="nowhere" value="request.length" />', 'there is no recording "nowhere"'],
  ['<Measured of="race" value="setting.seconds" is="9" />', 'is "8" in race "race", the lesson says "9"'],
  ['<Measured of="race" value="setting.hours" />', 'the race "race" has no "setting.hours"'],
  ['<Measured of="nowhere" value="setting.seconds" />', 'there is no race "nowhere"'],
  [
    '<RecordedHead of="handshake" side="body" figure="a" title="t" caption="c" />',
    'recording "handshake" has no "body"',
  ],
  [
    '<RecordedFrame of="handshake" frame="client.9" figure="a" title="t" caption="c" />',
    'recording "handshake" has no frame "client.9"',
  ],
])('%s stops the build, naming the lesson and the line', async (source, problem) => {
  const failed = compileLesson(`글\n\n${source}`)
  await expect(failed).rejects.toThrow(problem)
  await expect(failed).rejects.toThrow('02-anatomy/01-handshake.mdx:3:')
})

test('a lesson that says what the recording says is built', async () => {
  await expect(compileLesson(`<Recorded ${HELLO} is="12" />`)).resolves.toContain('Recorded')
})

test.each(['first-connection', 'handshake'])('%s was recorded whole, from a real browser', name => {
  const file = new URL(`../../../src/content/recordings/${name}.json`, import.meta.url)
  const found = parseRecording(readFileSync(file, 'utf8'))
  expect(found.client).toMatch(/^(Chromium|Firefox) \d+$/)
  const [connection] = found.connections
  expect(connection?.script.map(({ what }) => what)).toEqual([
    'new',
    'open',
    'send',
    'message',
    'close()',
    'close',
  ])
  expect(connection?.endings.at(-1)?.how).toBe('closed')
  expect(recordedValue(name, found, 'response.status').text).toBe('101')
  expect(recordedValue(name, found, 'client.frame.1.closeCode').text).toBe('1000')
  expect(recordedValue(name, found, 'server.frame.0.text')).toEqual(
    recordedValue(name, found, 'client.frame.0.text'),
  )
})
