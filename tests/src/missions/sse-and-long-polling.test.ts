import { describe, expect, test } from 'vitest'
import { resumedStream } from '../../../src/missions/sse-and-long-polling.ts'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

/** A request for events and what was answered, in chunks as a server writes them. */
function asked(lastEventId: string | undefined, ...ids: readonly number[]) {
  const connection = new CapturedConnection(1, 'raw')
  const field = lastEventId === undefined ? '' : `Last-Event-ID: ${lastEventId}\r\n`
  connection.addChunk(
    'client',
    utf8(`GET /events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n${field}\r\n`),
    1000,
  )
  connection.addChunk(
    'server',
    utf8('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'),
    2000,
  )
  for (const id of ids) {
    const event = `id: ${id}\ndata: 소식\n\n`
    connection.addChunk('server', utf8(`${utf8(event).length.toString(16)}\r\n${event}\r\n`), 3000 + id)
  }
  return [connection]
}

describe('a stream that goes on where it was left', () => {
  test('passes with the number behind the last', () => {
    expect(resumedStream(asked('41', 42, 43))).toEqual({ passed: true })
  })

  test.each([
    ['that begins anew', asked(undefined, 1), '처음부터'],
    ['with nothing told yet', asked('41'), '아직 온 소식이'],
    ['that goes on elsewhere', asked('41', 1), '1번부터'],
    ['behind none', asked('0', 1), '마지막 번호는 0'],
  ])('%s does not pass', (_name, connections, near) => {
    expect(resumedStream(connections)).toMatchObject({ passed: false, near: expect.stringContaining(near) })
  })

  test('before anything was asked does not pass', () => {
    expect(resumedStream([])).toEqual({ passed: false })
    expect(resumedStream([new CapturedConnection(1, 'raw')])).toEqual({ passed: false })
  })
})
