import { expect, test } from 'vitest'
import { timelineOf } from '../../../src/wire/timeline.ts'
import { clientSays, openConnection, serverSays } from './captured.ts'

const titles = (connection: Parameters<typeof timelineOf>[0]) => timelineOf(connection).map(row => row.title)

test('tells a whole connection in order, time counted from its first event', () => {
  const connection = openConnection()
  clientSays(connection, '안녕')
  serverSays(connection, '안녕')
  connection.endings.push({ how: 'server-fin', at: 5000 }, { how: 'closed', at: 6000 })
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
  connection.script.push(
    { at: 1200, what: 'new', detail: '' },
    { at: 1900, what: 'open', detail: '' },
    { at: 3100, what: 'send', detail: '"a"' },
    { at: 3900, what: 'message', detail: '"a"' },
  )
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
