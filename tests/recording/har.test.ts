import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame, type AnyFrameFields } from '#protocol/frame-encoder.ts'
import { ConnectionTrace } from '#protocol/trace.ts'
import { fromHar } from '#recording/har-reader.ts'
import { toHar } from '#recording/har-writer.ts'
import { RecordingError } from '#recording/recording-error.ts'
import { startOf, type RecordedConnection, type Recording } from '#recording/recording.ts'
import { concat, head, RFC_REQUEST, RFC_RESPONSE, utf8 } from '../protocol/bytes.ts'
import { deflateMessage, inflate } from '../protocol/inflate.ts'
import { brokenRules } from '../../src/inspector/item-words.ts'
import { bytesFrom, chunk, hostileText, openedWith, recordingOf, recordings } from './recordings.ts'

const key = Uint8Array.of(1, 2, 3, 4)
const client = { from: 'client', maskingKey: key } as const
const server = { from: 'server' } as const

/** The archive as others read it. */
interface Archive {
  readonly log: {
    readonly comment: string
    readonly entries: readonly {
      readonly request: { readonly url: string; readonly queryString: unknown }
      readonly response: { readonly status: number; readonly content: { readonly text?: string } }
      readonly _webSocketMessages: readonly unknown[]
      readonly _webSocketControlFrames: readonly unknown[]
    }[]
  }
}
const archive = (recording: Recording, options = {}) => JSON.parse(toHar(recording, options)) as Archive

/** Whole messages and control frames of each side, with their times since 1970. */
function messagesOf(recording: Recording, { chunks }: RecordedConnection): string[] {
  const trace = new ConnectionTrace({ inflate })
  for (const { from, bytes, at } of chunks) trace.push(from, bytes, at)
  return trace.items.flatMap(item => {
    if (item.kind !== 'frame') return []
    const { message, frame, at, from } = item
    const when = startOf(recording) + at
    if (frame.opcode >= 8)
      return [`${when} ${from} ${frame.opcode} ${Buffer.from(frame.payload).toString('hex')}`]
    return message ? [`${when} ${from} ${message.kind} ${Buffer.from(message.payload).toString('hex')}`] : []
  })
}

test('an entry is a handshake, its messages those that JavaScript sent and got', () => {
  const recording = recordingOf([
    {
      chunks: openedWith([
        { ...client, opcode: 1, payload: utf8('안'), fin: false },
        { ...client, opcode: 9, payload: utf8('ping') },
        { ...client, opcode: 0, payload: utf8('녕') },
        { ...server, opcode: 2, payload: Uint8Array.of(0, 255, 1) },
        { ...server, opcode: 1 },
        { ...client, opcode: 8, payload: Uint8Array.of(3, 232) },
      ]),
    },
  ])
  const start = Date.parse(recording.recordedAt) / 1000
  expect(archive(recording).log.entries).toMatchObject([
    {
      startedDateTime: '2026-01-01T00:00:00.000000Z',
      time: 7,
      _resourceType: 'websocket',
      request: {
        method: 'GET',
        url: 'ws://server.example.com/chat',
        httpVersion: 'HTTP/1.1',
        headers: RFC_REQUEST.slice(1).map(line => ({
          name: line.split(': ')[0],
          value: line.split(': ')[1],
        })),
        headersSize: head(RFC_REQUEST).length,
      },
      response: { status: 101, statusText: 'Switching Protocols', httpVersion: 'HTTP/1.1' },
      timings: { send: 0, wait: 1, receive: 6 },
      _webSocketMessages: [
        { type: 'send', time: start + 0.004, opcode: 1, data: '안녕' },
        { type: 'receive', time: start + 0.005, opcode: 2, data: 'AP8B' },
        { type: 'receive', time: start + 0.006, opcode: 1, data: '' },
      ],
      _webSocketControlFrames: [
        { type: 'send', time: start + 0.003, opcode: 9, data: 'cGluZw==' },
        { type: 'send', time: start + 0.007, opcode: 8, data: 'A+g=' },
      ],
    },
  ])
})

describe('compressed messages', () => {
  const deflate = 'Sec-WebSocket-Extensions: permessage-deflate'
  const payload = deflateMessage(utf8('웹소켓 웹소켓'))
  const chunks = [
    chunk('client', 0, head([...RFC_REQUEST, deflate])),
    chunk('server', 1, head([...RFC_RESPONSE, deflate])),
    ...openedWith([{ ...server, opcode: 1, rsv1: true, payload }]).slice(2),
  ]
  const recording = recordingOf([{ chunks }])

  test('are text where something inflates them', () => {
    expect(archive(recording, { inflate }).log.entries[0]?._webSocketMessages).toMatchObject([
      { opcode: 1, data: '웹소켓 웹소켓' },
    ])
  })

  test('are said to be compressed where nothing does, and read back as they crossed', () => {
    expect(archive(recording).log.entries[0]?._webSocketMessages).toMatchObject([
      { opcode: 1, data: Buffer.from(payload).toString('base64'), _compressed: true },
    ])
    const read = fromHar(toHar(recording))
    const [connection] = read.connections
    expect(connection && messagesOf(read, connection)[0]).toContain(
      Buffer.from('웹소켓 웹소켓').toString('hex'),
    )
  })
})

test('a refused handshake keeps its status and body, and reads back', () => {
  const refusal = concat(head(['HTTP/1.1 403 Forbidden', 'Content-Type: text/plain']), utf8('아니요'))
  const recording = recordingOf([
    { chunks: [chunk('client', 0, head(RFC_REQUEST)), chunk('server', 9, refusal)] },
  ])
  const [entry] = archive(recording).log.entries
  expect(entry?.response).toMatchObject({
    status: 403,
    content: { text: '아니요', mimeType: 'text/plain', size: 9 },
  })
  const [connection] = fromHar(toHar(recording)).connections
  expect(Buffer.from(bytesFrom('server', connection ?? { chunks: [] })).toString()).toBe(
    Buffer.from(refusal).toString(),
  )
})

test('what an archive cannot hold is left out: unreadable requests, what follows a gap', () => {
  const chunks = openedWith([
    { ...server, opcode: 1, payload: utf8('a') },
    { ...server, opcode: 1, payload: utf8('b') },
  ])
  const recording = recordingOf([
    { chunks: [chunk('client', 0, utf8('nonsense\r\n\r\n'))] },
    { chunks, gaps: [{ before: 3, chunks: 1, bytes: 5 }] },
  ])
  const { entries } = archive(recording).log
  expect(entries).toHaveLength(1)
  expect(entries[0]?._webSocketMessages).toMatchObject([{ data: 'a' }])
})

test('the URL has the query, decoded where it can be', () => {
  const request = RFC_REQUEST.map((line, i) => (i === 0 ? 'GET /a?b=%ED%95%9C+1&c&d=%zz#e HTTP/1.1' : line))
  const [entry] = archive(recordingOf([{ chunks: openedWith([], request) }])).log.entries
  expect(entry?.request.queryString).toEqual([
    { name: 'b', value: '한 1' },
    { name: 'c', value: '' },
    { name: 'd', value: '%zz' },
  ])
})

test.each([
  ['a.example:8080', '/chat', 'ws://a.example:8080/chat', '/chat'],
  ['[::1]:80', '/', 'ws://[::1]:80/', '/'],
  ['a b/c?d#e', '/chat', 'ws://a%20b%2Fc%3Fd%23e/chat', '/chat'],
  ['한', '/chat', 'ws://%ED%95%9C/chat', '/chat'],
  ['a', '*', 'ws://a/*', '/*'],
  ['a', 'http://b.example/x?y', 'ws://b.example/x?y', '/x?y'],
  ['a', 'https:x', 'ws://a/https:x', '/https:x'],
])('a request with the Host %s for %s has a URL that leads back to it', (host, target, url, read) => {
  const bytes = Buffer.from(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  const recording = recordingOf([{ chunks: [chunk('client', 0, bytes)] }])
  const [entry] = archive(recording).log.entries
  expect(entry?.request.url).toBe(url)
  const [connection] = fromHar(toHar(recording)).connections
  const rebuilt = Buffer.from(bytesFrom('client', connection ?? { chunks: [] })).toString()
  expect(rebuilt).toBe(`GET ${read} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
})

test('any request that can be read makes an archive that can', () => {
  const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 30 }).map(text => text.trim())
  const line = ascii.map(text => text.replaceAll(' ', '') || '/')
  fc.assert(
    fc.property(line, ascii, (target, host) => {
      const bytes = utf8(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      expect(fromHar(toHar(recordingOf([{ chunks: [chunk('client', 0, bytes)] }]))).connections).toHaveLength(
        1,
      )
    }),
    { numRuns: 500 },
  )
})

test('messages, control frames and heads written to an archive read back with their times', () => {
  const frame = fc.record({
    from: fc.constantFrom('client', 'server'),
    opcode: fc.constantFrom(1, 2, 8, 9, 10),
    text: hostileText,
    bytes: fc.uint8Array({ maxLength: 100 }),
  })
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), hostileText, hostileText, (frames, title, lab) => {
      const made = frames.map(
        ({ from, opcode, text, bytes }): AnyFrameFields & { from: 'client' | 'server' } => ({
          ...(from === 'client' ? client : server),
          opcode,
          payload: opcode === 1 ? utf8(text) : bytes,
        }),
      )
      const recording = recordingOf([{ id: 7, lab, chunks: openedWith(made) }], { title })
      const read = fromHar(toHar(recording, { secrets: 'keep' }))
      const [before] = recording.connections
      const [after] = read.connections
      expect(after && messagesOf(read, after)).toEqual(before && messagesOf(recording, before))
      expect(after?.chunks.slice(0, 2)).toEqual(before?.chunks.slice(0, 2))
      expect([read.title, after?.id, after?.lab]).toEqual([title === '' ? '' : title, 7, lab])
      expect(read.marks).toMatchObject([{ connection: 7, label: expect.stringContaining('재구성') }])
    }),
  )
})

/** Rules that a connection breaks, as the inspector tells them. */
function brokenIn({ chunks }: Pick<RecordedConnection, 'chunks'>): Set<string> {
  const trace = new ConnectionTrace({ inflate })
  for (const { from, bytes, at } of chunks) trace.push(from, bytes, at)
  return new Set(trace.items.flatMap(item => brokenRules(item)))
}

describe('an archive that is read again', () => {
  const legal = fc
    .array(
      fc.record({
        from: fc.constantFrom('client' as const, 'server' as const),
        text: fc.string({ unit: 'grapheme', maxLength: 20 }),
        cuts: fc.nat(3),
        control: fc.constantFrom(undefined, 9, 10),
        deflated: fc.boolean(),
        at: fc.nat(5),
      }),
      { maxLength: 12 },
    )
    .chain(said => fc.record({ said: fc.constant(said), deflates: fc.boolean() }))
    .map(({ said, deflates }) => {
      let written = 0
      const mask = (from: string) =>
        from === 'client' ? { maskingKey: Uint8Array.of(9, 9, 9, written++) } : {}
      const frames = said.flatMap(({ from, text, cuts, control, deflated }) => {
        const compressed = deflates && deflated
        const payload = compressed ? deflateMessage(utf8(text)) : utf8(text)
        const size = Math.ceil(payload.length / (cuts + 1))
        const parts = Array.from({ length: cuts + 1 }, (_, i) => payload.subarray(i * size, (i + 1) * size))
        return parts.flatMap((part, i) => [
          {
            ...mask(from),
            from,
            opcode: i === 0 ? 1 : 0,
            rsv1: i === 0 && compressed,
            fin: i === cuts,
            payload: part,
          },
          ...(control === undefined ? [] : [{ ...mask(from), from, opcode: control, payload: utf8('p') }]),
        ])
      })
      const closes = (['client', 'server'] as const).map(from => ({
        ...mask(from),
        from,
        opcode: 8,
        payload: Uint8Array.of(3, 232),
      }))
      const extension = deflates
        ? [
            'Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover',
          ]
        : []
      const opened = [
        chunk('client', 0, head([...RFC_REQUEST, ...extension])),
        chunk('server', 1000, head([...RFC_RESPONSE, ...extension])),
      ]
      // Several frames share a time, and some a chunk.
      return recordingOf([
        {
          chunks: [
            ...opened,
            ...[...frames, ...closes].map(({ from, ...frame }, i) =>
              chunk(from, 2000 + Math.floor(i / 3), encodeFrame(frame)),
            ),
          ],
        },
      ])
    })

  test.each([
    ['inflated', { inflate }],
    ['as they crossed', {}],
  ])('breaks no rule where the connection broke none, its compressed messages %s', (_, options) => {
    fc.assert(
      fc.property(legal, recording => {
        const [before] = recording.connections
        const [after] = fromHar(toHar(recording, { secrets: 'keep', ...options })).connections
        expect([...brokenIn(before ?? { chunks: [] })]).toEqual([])
        expect([...brokenIn(after ?? { chunks: [] })]).toEqual([])
      }),
    )
  })

  test('breaks no rule that the connection did not break, whatever crossed it', () => {
    fc.assert(
      fc.property(recordings, recording => {
        const connections = recording.connections.map(one => ({
          ...one,
          chunks: [
            chunk('client', 0, head(RFC_REQUEST)),
            chunk('server', 0, head(RFC_RESPONSE)),
            ...one.chunks,
          ],
          gaps: [],
        }))
        fc.pre(connections.length > 0)
        const broken = new Map(connections.map(one => [one.id, brokenIn(one)]))
        for (const one of fromHar(toHar({ ...recording, connections })).connections)
          expect([...brokenIn(one)].filter(rule => broken.get(one.id)?.has(rule) !== true)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('keeps what broke a rule where the archive says it', () => {
    const chunks = openedWith([
      { ...client, opcode: 8, payload: Uint8Array.of(3, 237) },
      { ...server, opcode: 11 },
    ])
    const [after] = fromHar(toHar(recordingOf([{ chunks }]))).connections
    expect([...brokenIn(after ?? { chunks: [] })]).toEqual(['close-code-never-sent', 'reserved-opcode'])
  })
})

describe('archives of others', () => {
  const entry = (changes: Record<string, unknown> = {}, response: Record<string, unknown> = {}) => ({
    startedDateTime: '2026-01-01T00:00:00.500Z',
    request: {
      method: 'GET',
      url: 'wss://a.example/x?y=1',
      httpVersion: 'http/1.1',
      headers: [{ name: 'Host', value: 'a.example' }],
    },
    response: { status: 101, statusText: 'Switching Protocols', headers: [], ...response },
    _webSocketMessages: [{ type: 'send', time: 1_767_225_601, opcode: 1, data: 'hi' }],
    ...changes,
  })
  const har = (...entries: unknown[]) => ({
    log: { version: '1.2', creator: { name: 'WebInspector' }, entries },
  })
  const errorOf = (source: unknown) => {
    try {
      fromHar(source)
    } catch (error) {
      if (error instanceof RecordingError) return error
      throw error
    }
    return expect.unreachable('it was read')
  }
  const opcodesOf = (source: unknown) => {
    const [connection] = fromHar(source, 'file').connections
    const trace = new ConnectionTrace()
    for (const { from, bytes, at } of connection?.chunks ?? []) trace.push(from, bytes, at)
    return trace.items.flatMap(item => (item.kind === 'frame' ? [item.frame.opcode] : []))
  }

  test('are rebuilt to heads and frames, and the rest of a page is passed over', () => {
    const page = { request: { url: 'https://a.example/' }, response: {} }
    const read = fromHar(har(page, null, 'x', entry()), 'my page')
    expect(read.title).toBe('my page')
    expect(read.recordedAt).toBe('2026-01-01T00:00:00.500Z')
    const [{ chunks } = { chunks: [] }] = read.connections
    expect(chunks.map(({ from, at }) => [from, at])).toEqual([
      ['client', 0],
      ['server', 0],
      ['client', 500_000],
    ])
    expect(Buffer.from(chunks[0]?.bytes ?? []).toString()).toBe(
      'GET /x?y=1 HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
    expect(Buffer.from(chunks[2]?.bytes ?? []).toString('hex')).toBe('8182000000006869')
  })

  test.each([
    ['with no status, as DevTools that came later write', entry({}, { status: 0, statusText: '' })],
    ['with status −1, as Playwright writes', entry({}, { status: -1 })],
    [
      'over HTTP/2',
      entry(
        { request: { method: 'CONNECT', url: 'wss://a/', headers: [{ name: ':authority', value: 'a' }] } },
        { status: 200 },
      ),
    ],
    [
      'with times in milliseconds',
      entry({ _webSocketMessages: [{ type: 'send', time: 1_767_225_601_000, opcode: 1, data: '' }] }),
    ],
    [
      'with failures among the messages',
      entry({
        _webSocketMessages: [
          { type: 'error', time: 1, opcode: -1, data: 'x' },
          { type: 'send', time: 2, opcode: 1, data: '' },
        ],
      }),
    ],
  ])('are read: %s', (_, each) => {
    expect(opcodesOf(har(each))).toEqual([1])
  })

  test.each([
    [
      'HTTP/1.1 and no header',
      entry({ request: { method: 'GET', url: 'wss://u:p@a.example:1/', headers: [] } }),
    ],
    ['no status', entry({}, { status: 0, statusText: '' })],
    [
      'HTTP/2',
      entry(
        {
          request: {
            method: 'CONNECT',
            url: 'wss://a.example/',
            httpVersion: 'h2',
            headers: [
              { name: ':authority', value: 'a.example' },
              { name: ':protocol', value: 'websocket' },
              { name: 'sec-websocket-version', value: '13' },
              { name: 'sec-websocket-protocol', value: 'chat' },
              { name: 'origin', value: 'https://a.example' },
            ],
          },
        },
        { status: 200, headers: [{ name: 'sec-websocket-protocol', value: 'chat' }] },
      ),
    ],
    [
      'a key and no answer to it',
      entry({
        request: {
          method: 'GET',
          url: 'wss://a.example/',
          headers: RFC_REQUEST.slice(1).map(line => {
            const [name = '', value = ''] = line.split(': ')
            return { name, value }
          }),
        },
      }),
    ],
  ])('with %s are rebuilt to a handshake that breaks no rule, and it is said', (_, each) => {
    const many = {
      ...each,
      _webSocketMessages: [1, 2, 3].map(time => ({ type: 'send', time, opcode: 1, data: 'a' })),
    }
    const read = fromHar(har(many))
    expect([...brokenIn(read.connections[0] ?? { chunks: [] })]).toEqual([])
    expect(read.marks).toMatchObject([
      { at: 0, label: expect.stringContaining('헤더는 규칙대로 채웠습니다') },
    ])
  })

  test('with a part of a handshake are rebuilt as they say, and what is missing is', () => {
    const headers = [
      { name: 'Host', value: 'a.example' },
      { name: 'Upgrade', value: 'websocket' },
    ]
    const read = fromHar(har(entry({ request: { method: 'GET', url: 'wss://a.example/', headers } })))
    expect(brokenIn(read.connections[0] ?? { chunks: [] })).toContain('request-key')
  })

  test('may have the code of a Close as two characters', () => {
    const closes = ['\u0003\u00e8안', '\u0003\u00e8bye', 'bye'].map(data => ({
      type: 'receive',
      time: 1,
      opcode: 8,
      data,
    }))
    const [connection] = fromHar(har(entry({ _webSocketMessages: closes }))).connections
    const frames = connection?.chunks.slice(2).map(({ bytes }) => Buffer.from(bytes).toString('hex'))
    expect(frames).toEqual(['880603c3a8ec9588', '880503e8627965', '8803627965'])
  })

  test('may have control frames among the messages, as text', () => {
    const messages = [9, 10, 8].map(opcode => ({ type: 'receive', time: 1, opcode, data: 'ping' }))
    expect(opcodesOf(har(entry({ _webSocketMessages: messages })))).toEqual([9, 10, 8])
  })

  test('join fields of one name by line feeds', () => {
    const joined = entry({}, { headers: [{ name: 'Set-Cookie', value: 'a=1\nb=2' }] })
    const [connection] = fromHar(har(joined)).connections
    expect(Buffer.from(bytesFrom('server', connection ?? { chunks: [] })).toString()).toContain(
      'Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n',
    )
  })

  test.each([
    [{ log: {} }, 'log.entries'],
    [{ log: { entries: 5 } }, 'log.entries'],
    [har(entry({ startedDateTime: 'now' })), 'log.entries.0.startedDateTime'],
    [har(entry({ startedDateTime: '2026-02-30T00:00:00Z' })), 'log.entries.0.startedDateTime'],
    [har(entry({ request: 1 })), 'log.entries.0.request'],
    [har(entry({ request: { method: 'GET', url: 'ws:nowhere', headers: [] } })), 'log.entries.0.request.url'],
    [har(entry({ request: { method: 'G ET', url: 'ws://a', headers: [] } })), 'log.entries.0.request'],
    [har(entry({ request: { method: 'GET', url: 'ws://a/ b', headers: [] } })), 'log.entries.0.request'],
    [
      har(entry({ request: { method: 'GET', url: 'ws://a', headers: [{ name: 'a b', value: '' }] } })),
      'log.entries.0.request',
    ],
    [har(entry({}, { headers: [{ name: 'a', value: 'b\r\nSet-Cookie: c' }] })), 'log.entries.0.response'],
    [har(entry({}, { status: 1e9 })), 'log.entries.0.response'],
    [har(entry({}, { status: 404 })), 'log.entries.0.response.status'],
    [
      har(entry({ _webSocketMessages: [{ type: 'send', time: 1, opcode: 2, data: 'ä' }] })),
      'log.entries.0._webSocketMessages.0.data',
    ],
    [
      har(entry({ _webSocketMessages: [{ type: 'send', time: 1, opcode: 16, data: '' }] })),
      'log.entries.0._webSocketMessages.0',
    ],
    [
      har(entry({ _webSocketMessages: [{ type: 'send', time: '1', opcode: 1, data: '' }] })),
      'log.entries.0._webSocketMessages.0.time',
    ],
    [
      har(entry(), entry({ _webSocketMessages: [{ type: 'send', time: 9e10, opcode: 1, data: '' }] })),
      'connections.1.chunks.2.at',
    ],
  ])('are refused with the place of what is wrong', (source, where) => {
    expect(errorOf(source)).toMatchObject({ problem: 'damaged', where })
  })

  test.each([
    ['in one field', [{ name: 'a', value: 'b'.repeat(1 << 20) }]],
    ['in fields that were joined', [{ name: 'a'.repeat(2000), value: '\n'.repeat(600_000) }]],
  ])('with more than a mebibyte of head, %s, are refused before it is made', (_, headers) => {
    expect(errorOf(har(entry({}, { headers })))).toMatchObject({
      problem: 'too-large',
      where: 'log.entries.0.response',
    })
  })

  test('without a WebSocket say so', () => {
    expect(errorOf(har({ request: { url: 'https://a.example/' } }))).toMatchObject({
      problem: 'nothing-inside',
    })
  })
})
