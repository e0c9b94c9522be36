import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { fromPcapng } from '#recording/capture-reader.ts'
import { toHar } from '#recording/har-writer.ts'
import { toHexDump } from '#recording/hex-dump-writer.ts'
import { toPcapng } from '#recording/pcapng-writer.ts'
import { parseRecording, type Recording } from '#recording/recording.ts'
import { serializeRecording } from '#recording/recording-writer.ts'
import { maskSecrets } from '#recording/secrets.ts'
import { concat, cutAt, head, RFC_REQUEST, RFC_RESPONSE, utf8 } from '../protocol/bytes.ts'
import { bytesFrom, chunk, openedWith, recordingOf, recordings, told } from './recordings.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const maskedText = (recording: Recording, from: 'client' | 'server' = 'client') =>
  text(bytesFrom(from, maskSecrets(recording).connections[0] ?? { chunks: [] }))

/** The request of RFC 6455 with these lines more, and a 101. */
const opened = (...lines: string[]) => recordingOf([{ chunks: openedWith([], [...RFC_REQUEST, ...lines]) }])

test.each([
  'Cookie: sid=SECRET',
  'cookie: SECRET',
  'Authorization: Basic SECRET',
  'Proxy-Authorization: SECRET',
  'Forwarded: for=SECRET;by=SECRET',
  'X-Forwarded-For: SECRET, SECRET',
  'X-Forwarded-Host: SECRET',
  'X-Real-IP: SECRET',
  'CF-Connecting-IP: SECRET',
  'CF-Connecting-IPv6: SECRET',
  'True-Client-IP: SECRET',
  'X-Client-IP: SECRET',
  'X-Cluster-Client-IP: SECRET',
  'Fastly-Client-IP: SECRET',
  'Fly-Client-IP: SECRET',
  'X-Azure-ClientIP: SECRET',
  'X-Azure-SocketIP: SECRET',
  'X-Original-Forwarded-For: SECRET',
  'X-AppEngine-User-IP: SECRET',
  'X-Envoy-External-Address: SECRET',
  'X-Api-Key: SECRET',
  'X-Auth-Token: SECRET',
  'X-CSRF-Token: SECRET',
  'X-Amz-Security-Token: SECRET',
  'Cf-Access-Jwt-Assertion: SECRET',
  'Cookie:SECRET',
  'Cookie:\t SECRET \t',
  'Referer: http://a/?a=b&access_token=SECRET#x',
])('%j is masked, and not a byte of anything else', line => {
  const recording = opened(line, 'Accept: */*')
  const masked = maskedText(recording)
  expect(masked).not.toContain('SECRET')
  const before = text(bytesFrom('client', recording.connections[0] ?? { chunks: [] }))
  expect(masked).toHaveLength(before.length)
  const [name = ''] = line.split(':')
  expect(masked).toContain(`${name}:`)
  for (const kept of [...RFC_REQUEST, 'Accept: */*']) expect(masked).toContain(kept)
})

test.each(['Set-Cookie: SECRET; Path=/', 'set-cookie2: SECRET', 'Authentication-Info: SECRET'])(
  '%j of a server is masked',
  line => {
    const chunks = [chunk('client', 0, head(RFC_REQUEST)), chunk('server', 1, head([...RFC_RESPONSE, line]))]
    const masked = maskedText(recordingOf([{ chunks }]), 'server')
    expect(masked).not.toContain('SECRET')
    expect(masked).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  },
)

test.each([
  ['/chat?ticket=SECRET', '/chat?ticket=******'],
  ['/chat?a=1&access_token=SECRET&b=2', '/chat?a=1&access_token=******&b=2'],
  ['/chat?key=SECRET?x=SECRET', '/chat?key=***************'],
  ['/chat?to=http://b/?token=SECRET', '/chat?to=http://b/?token=******'],
  ['/chat?monkey=1&codec=h264&author=x', '/chat?monkey=1&codec=h264&author=*'],
])('of the target %s is left %s', (target, left) => {
  const request = RFC_REQUEST.map((line, i) => (i === 0 ? `GET ${target} HTTP/1.1` : line))
  expect(maskedText(recordingOf([{ chunks: openedWith([], request) }]))).toContain(`GET ${left} HTTP/1.1\r\n`)
})

test('what is no secret keeps its bytes, and its memory', () => {
  const recording = opened('Accept: */*', 'X-Cookie-Policy: none', 'Accept-Ch: Cookie')
  const masked = maskSecrets(recording)
  expect(told(masked)).toEqual(told(recording))
  expect(masked.connections[0]?.chunks[0]?.bytes).toBe(recording.connections[0]?.chunks[0]?.bytes)
})

test('a secret is masked however the head is cut into chunks', () => {
  const bytes = concat(
    head([...RFC_REQUEST, 'Cookie: SECRETSECRET', 'Accept: */*']),
    encodeFrame({ opcode: 1 }),
  )
  const whole = maskedText(
    recordingOf([{ chunks: [chunk('client', 0, bytes), chunk('server', 1, head(RFC_RESPONSE))] }]),
  )
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), cuts => {
      const pieces = cutAt(bytes, cuts).map(piece => chunk('client', 0, piece))
      const chunks = [...pieces, chunk('server', 1, head(RFC_RESPONSE))]
      const masked = maskSecrets(recordingOf([{ chunks }])).connections[0]
      expect(text(bytesFrom('client', masked ?? { chunks: [] }))).toBe(whole)
      expect(masked?.chunks.map(({ bytes: { length } }) => length)).toEqual(
        chunks.map(each => each.bytes.length),
      )
    }),
  )
  expect(whole).toContain('Cookie: ************')
})

describe('fail safe: a secret is masked', () => {
  const request = (bytes: Uint8Array, response: Uint8Array = head(RFC_RESPONSE)) =>
    maskedText(recordingOf([{ chunks: [chunk('client', 0, bytes), chunk('server', 1, response)] }]))

  test.each([
    ['of a head that ends nowhere', 'GET / HTTP/1.1\r\nCookie: SECRET'],
    ['of lines that end in LF', 'GET / HTTP/1.1\nCookie: SECRET\n\n'],
    ['of lines that end in CR', 'GET / HTTP/1.1\rCookie: SECRET\r\r'],
    ['behind a folded line', 'GET / HTTP/1.1\r\nA: b\r\n c\r\nCookie: SECRET\r\n\r\n'],
    ['that goes on in folded lines', 'GET / HTTP/1.1\r\nCookie: a\r\n SECRET\r\n\tSECRET\r\nB: c\r\n\r\n'],
    ['of a line that begins with spaces', 'GET / HTTP/1.1\r\n  Cookie: SECRET\r\n\r\n'],
    ['with a space before its colon', 'GET / HTTP/1.1\r\nCookie : SECRET\r\n\r\n'],
    ['with control characters around its name', 'GET / HTTP/1.1\r\n\0\x01Cookie\0: SECRET\r\n\r\n'],
    ['behind an empty line that only some take for the end', 'GET / HTTP/1.1\n\nCookie: SECRET\r\n\r\n'],
    ['where there is no request line', 'Cookie: SECRET\r\n\r\n'],
  ])('%s', (_, bytes) => {
    expect(request(Buffer.from(bytes, 'latin1'))).not.toContain('SECRET')
  })

  test('of a second request, when the first was refused', () => {
    const refused = head(['HTTP/1.1 401 Unauthorized', 'Content-Length: 0'])
    const again = concat(head(RFC_REQUEST), head([...RFC_REQUEST, 'Authorization: Bearer SECRET']))
    expect(request(again, refused)).not.toContain('SECRET')
  })

  test('of a head whose answer is not there', () => {
    expect(
      maskedText(recordingOf([{ chunks: [chunk('client', 0, head([...RFC_REQUEST, 'Cookie: SECRET']))] }])),
    ).not.toContain('SECRET')
  })

  test('of an interim response before the 101', () => {
    const early = head(['HTTP/1.1 103 Early Hints', 'Set-Cookie: SECRET'])
    const chunks = [
      chunk('client', 0, head(RFC_REQUEST)),
      chunk('server', 1, concat(early, head(RFC_RESPONSE))),
    ]
    expect(maskedText(recordingOf([{ chunks }]), 'server')).not.toContain('SECRET')
  })

  test('whose name is missing from the recording', () => {
    const bytes = head([...RFC_REQUEST, 'Accept: */*', 'B: c'])
    const at = text(bytes).indexOf('*/*')
    const chunks = [
      chunk('client', 0, bytes.subarray(0, at)),
      // Here "x\r\nCookie: " was, and is gone.
      chunk('client', 1, concat(utf8('SECRET'), bytes.subarray(at + 3))),
      chunk('server', 2, head(RFC_RESPONSE)),
    ]
    const masked = maskedText(recordingOf([{ chunks, gaps: [{ before: 1, chunks: 0, bytes: 11 }] }]))
    expect(masked).not.toContain('SECRET')
    expect(masked).toContain('B: c')
  })
})

test('a head that begins behind a gap is no secret', () => {
  const chunks = openedWith([])
  const recording = recordingOf([{ chunks, gaps: [{ before: 0, chunks: 1, bytes: 100 }] }])
  expect(told(maskSecrets(recording))).toEqual(told(recording))
})

test('frames are never touched, whatever they say', () => {
  const payload = utf8('\r\nCookie: a message\r\n')
  const chunks = openedWith([
    { from: 'server', opcode: 1, payload },
    { from: 'client', opcode: 1, payload, maskingKey: new Uint8Array(4) },
  ])
  const recording = recordingOf([{ chunks }])
  expect(told(maskSecrets(recording))).toEqual(told(recording))
})

test('masking changes no length, no time and nothing but bytes, and twice is once', () => {
  fc.assert(
    fc.property(recordings, recording => {
      const masked = maskSecrets(recording)
      // What is masked behind a gap may be what made a head one.
      const hasGaps = recording.connections.some(({ gaps }) => gaps.length > 0)
      if (!hasGaps) expect(told(maskSecrets(masked))).toEqual(told(masked))
      const shape = (each: Recording) => ({
        ...each,
        connections: each.connections.map(one => ({
          ...one,
          chunks: one.chunks.map(({ from, at, bytes }) => [from, at, bytes.length]),
        })),
      })
      expect(shape(masked)).toEqual(shape(recording))
    }),
  )
})

describe('every export', () => {
  const recording = opened('Cookie: SECRET', 'Accept: */*')
  const exports: readonly (readonly [string, (secrets?: 'keep') => string])[] = [
    [
      'recording',
      secrets =>
        text(
          bytesFrom(
            'client',
            parseRecording(serializeRecording(recording, { ...(secrets && { secrets }) })).connections[0] ?? {
              chunks: [],
            },
          ),
        ),
    ],
    ['pcapng', secrets => text(toPcapng(recording, { ...(secrets && { secrets }) }))],
    ['HAR', secrets => toHar(recording, { ...(secrets && { secrets }) })],
    ['hex dump', secrets => toHexDump(recording, { ...(secrets && { secrets }) })],
  ]
  test.each(exports)('masks secrets unless asked otherwise: %s', (kind, write) => {
    const seen = kind === 'hex dump' ? /53 45 43 {1,2}52 45 54|SECRET/ : /SECRET/
    expect(write()).not.toMatch(seen)
    expect(write('keep')).toMatch(kind === 'hex dump' ? /53\s+45/ : seen)
  })

  test('of what was masked reads back as that', () => {
    expect(told(fromPcapng(toPcapng(recording)))).toEqual(told(maskSecrets(recording)))
  })
})

test('a megabyte of lines made to be slow is masked at once', { timeout: 60_000 }, () => {
  for (const line of ['?token=', 'Cookie: a\r\n ', ';;;;', '?a', ' \t', '&token', 'x-forwarded-', '\0:']) {
    const bytes = Buffer.from(line.repeat(Math.ceil(1e6 / line.length)))
    const pieces = Array.from({ length: 1000 }, (_, i) =>
      chunk('client', i, bytes.subarray(i * 1000, (i + 1) * 1000)),
    )
    expect(maskSecrets(recordingOf([{ chunks: pieces }])).connections[0]?.chunks).toHaveLength(1000)
  }
})
