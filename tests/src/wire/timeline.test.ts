import { readdirSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { parseRecording } from '#recording/recording.ts'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { joinedTimeline, timelineOf } from '../../../src/wire/timeline.ts'
import { clientSays, openConnection, serverSays } from './captured.ts'

const titles = (connection: Parameters<typeof timelineOf>[0]) => timelineOf(connection).map(row => row.title)

test('tells a whole connection in order, time counted from its first event', () => {
  const connection = openConnection()
  clientSays(connection, '안녕')
  serverSays(connection, '안녕')
  connection.addEnding({ how: 'server-fin', at: 5000 })
  connection.addEnding({ how: 'closed', at: 6000 })
  const rows = timelineOf(connection)
  expect(rows.map(row => [row.at, row.title])).toEqual([
    [0, '핸드셰이크 요청'],
    [1000, '핸드셰이크 응답'],
    [2000, '텍스트 프레임'],
    [3000, '텍스트 프레임'],
    [4000, 'TCP FIN'],
  ])
  expect(rows[2]?.detail).toBe('“안녕” · 12바이트')
})

test('puts cause before effect where the two clocks disagree by a fraction', () => {
  const connection = openConnection()
  clientSays(connection, 'a')
  serverSays(connection, 'a')
  connection.addScript({ at: 1200, what: 'new', detail: '' })
  connection.addScript({ at: 1900, what: 'open', detail: '' })
  connection.addScript({ at: 3100, what: 'send', detail: '"a"' })
  connection.addScript({ at: 3900, what: 'message', detail: '"a"' })
  expect(titles(connection)).toEqual([
    'new WebSocket()',
    '핸드셰이크 요청',
    '핸드셰이크 응답',
    'open 이벤트',
    'send()',
    '텍스트 프레임',
    '텍스트 프레임',
    'message 이벤트',
  ])
})

test('marks an unmasked client frame as a fault', () => {
  const connection = openConnection()
  connection.addChunk('client', Uint8Array.of(0x81, 0x01, 0x61), 3000)
  expect(timelineOf(connection).at(-1)).toMatchObject({ lane: 'wire', from: 'client', tone: 'fault' })
})

test('says what the mirror lost, last', () => {
  const connection = openConnection()
  connection.addDropped(3, 4096)
  clientSays(connection, 'after the gap')
  const rows = timelineOf(connection)
  expect(rows.at(-1)).toMatchObject({ title: '놓친 바이트', tone: 'fault' })
  expect(rows.at(-1)?.detail).toContain('4,096바이트')
})

test('shows what a text would do to its line, instead of letting it', () => {
  const connection = openConnection()
  serverSays(connection, '정상\u202egnp.exe\n')
  connection.addScript({ at: 9000, what: 'message', detail: '"정상\u202egnp.exe"' })
  const details = timelineOf(connection).map(row => row.detail)
  expect(details).toContain('“정상⟨U+202E⟩gnp.exe␊” · 19바이트')
  expect(details).toContain('"정상⟨U+202E⟩gnp.exe"')
})

test('keeps a text from right to left out of the way of what follows it', () => {
  const connection = openConnection()
  serverSays(connection, 'שלום')
  expect(timelineOf(connection).at(-1)?.detail).toBe('“\u2068שלום\u2069” · 10바이트')
})

test('shows a Close reason and a status line likewise', () => {
  const connection = openConnection()
  connection.addChunk('server', Uint8Array.of(0x88, 5, 0x03, 0xe8, 0xe2, 0x80, 0xae), 3000)
  expect(timelineOf(connection).at(-1)?.detail).toBe('1000 “⟨U+202E⟩” · 7바이트')
})

test('reads what an item says once, however often the story is told', () => {
  const connection = openConnection()
  for (let i = 0; i < 20; i++) serverSays(connection, `말 ${i}`)
  timelineOf(connection)
  serverSays(connection, '새 말')
  const decode = vi.spyOn(TextDecoder.prototype, 'decode')
  const rows = timelineOf(connection)
  expect(decode).toHaveBeenCalledTimes(1)
  decode.mockRestore()
  expect(rows.at(-1)?.detail).toContain('새 말')
})

test('gives a row the same key when what was before it is forgotten', () => {
  const connection = openConnection()
  serverSays(connection, 'a')
  const before = timelineOf(connection).at(-1)?.key
  connection.clear()
  serverSays(connection, 'b', 5000)
  expect(timelineOf(connection).map(row => row.key)).toEqual(['i3'])
  expect(before).toBe('i2')
})

test('tells several connections as one story, and whose each line is', () => {
  const [first, second] = [openConnection(), openConnection()]
  clientSays(first, '하나', 5000)
  serverSays(second, '하나', 6000)
  const rows = joinedTimeline([first, undefined, second], ['가영', '나준', '다온'])
  expect(rows.map(({ at, whose, title }) => [at, whose, title.split(' ')[0]])).toEqual([
    [0, '가영', '핸드셰이크'],
    [0, '다온', '핸드셰이크'],
    [1000, '가영', '핸드셰이크'],
    [1000, '다온', '핸드셰이크'],
    [4000, '가영', '텍스트'],
    [5000, '다온', '텍스트'],
  ])
})

const FOLDER = new URL('../../../src/content/recordings/', import.meta.url)
test.each(readdirSync(FOLDER))('the recording %s says of no event twice what it is', file => {
  const { connections } = parseRecording(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')))
  for (const recorded of connections)
    for (const { title, detail } of timelineOf(CapturedConnection.fromRecording(recorded)))
      expect(detail).not.toContain(title.replace(/\(.*| 이벤트$/, ''))
})
