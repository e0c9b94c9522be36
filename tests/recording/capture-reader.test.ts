import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import type { Role } from '#protocol/role.ts'
import { fromPcap, fromPcapng } from '#recording/capture-reader.ts'
import { RecordingError } from '#recording/recording-error.ts'
import type { Recording } from '#recording/recording.ts'
import { concat, head, RFC_REQUEST, RFC_RESPONSE } from '../protocol/bytes.ts'
import { LINK_TYPES, pcap, pcapng, wholeConnection, type Encapsulation, type Segment } from './captures.ts'
import { bytesFrom } from './recordings.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const CHUNKS = [
  { from: 'client', bytes: head([...RFC_REQUEST, 'User-Agent: Lynx/2.9']) },
  { from: 'server', bytes: head(RFC_RESPONSE) },
  {
    from: 'client',
    bytes: encodeFrame({ opcode: 1, payload: utf8('안녕'), maskingKey: Uint8Array.of(1, 2, 3, 4) }),
  },
  { from: 'server', bytes: encodeFrame({ opcode: 2, payload: new Uint8Array(4000).fill(7) }) },
] as const

const said = (from: Role) => concat(...CHUNKS.filter(each => each.from === from).map(({ bytes }) => bytes))

function expectTheSession({ connections }: Recording): void {
  expect(connections).toHaveLength(1)
  for (const from of ['client', 'server'] as const)
    expect(Buffer.compare(bytesFrom(from, connections[0] ?? { chunks: [] }), said(from)), from).toBe(0)
}

test.each(Object.keys(LINK_TYPES) as Encapsulation[])(
  'a capture of link type %s holds the session',
  encapsulation => {
    const recording = fromPcapng(pcapng(wholeConnection(CHUNKS), { encapsulation }), 'dump')
    expectTheSession(recording)
    expect(recording.title).toBe('dump')
    expect(recording.client).toBe('Lynx/2.9')
    expect(recording.recordedAt).toBe('2026-01-01T00:00:00.003Z')
    expect(recording.connections[0]?.gaps).toEqual([])
    expect(recording.connections[0]?.endings.map(({ how }) => how)).toEqual([
      'client-fin',
      'server-fin',
      'closed',
    ])
  },
)

test.each([
  ['little-endian, microseconds', {}],
  ['big-endian', { big: true }],
  ['milliseconds', { resolution: 3 }],
  ['nanoseconds', { resolution: 9 }],
  ['2^−20 seconds, big-endian', { resolution: 0x94, big: true }],
  ['in the packet blocks of before 2012', { block: 'obsolete' as const }],
])('a pcapng %s has its times', (_, options) => {
  const recording = fromPcapng(pcapng(wholeConnection(CHUNKS), options))
  expectTheSession(recording)
  const times = recording.connections[0]?.chunks.map(({ at }) => at) ?? []
  const start = Date.parse(recording.recordedAt) * 1000
  const since = times.map(at => start + at - 1_767_225_600e6)
  // Three packets of the handshake came before, a millisecond apart; 2^−20 seconds are 0.95 µs.
  for (const [i, at] of since.entries()) expect(Math.abs(at - (i + 3) * 1000)).toBeLessThanOrEqual(1)
})

test('a pcapng of simple packets has no times, and the session all the same', () => {
  const recording = fromPcapng(pcapng(wholeConnection(CHUNKS), { block: 'simple' }))
  expectTheSession(recording)
  expect(new Set(recording.connections[0]?.chunks.map(({ at }) => at))).toEqual(new Set([0]))
})

test.each([
  ['little-endian', {}],
  ['big-endian', { big: true }],
  ['with nanoseconds', { nanoseconds: true }],
  ['big-endian with nanoseconds', { big: true, nanoseconds: true }],
])('a classic pcap, %s, is read too', (_, options) => {
  const recording = fromPcap(pcap(wholeConnection(CHUNKS), options))
  expectTheSession(recording)
  expect(recording.connections[0]?.chunks.map(({ at }) => at)).toEqual([0, 1000, 2000, 3000, 4000, 5000])
})

describe('segments', () => {
  const numbers = fc.array(fc.nat(), { maxLength: 60 })

  test(
    'give the stream in whatever order they come, however often and however much they overlap',
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(numbers, fc.integer({ min: 1, max: 700 }), fc.nat(0xffffffff), (disorder, mss, base) => {
          const [syn, synAck, ack, ...rest] = wholeConnection(CHUNKS, { mss, base })
          const data = rest.filter(({ payload }) => payload)
          const ends = rest.filter(({ payload }) => !payload)
          const repeated = disorder.map((n): Segment => {
            const one: Segment = data[n % data.length] ?? { from: 'client' }
            const whole = said(one.from)
            const from = Math.max(0, (one.place ?? 0) - (n % 50))
            return {
              ...one,
              place: from,
              payload: whole.subarray(from, from + 1 + (n % 900)),
            }
          })
          const all = [...data, ...repeated].map((segment, i) => ({
            segment,
            key: disorder[i % disorder.length] ?? i,
          }))
          const mixed = all.toSorted((a, b) => (a.key % 17) - (b.key % 17)).map(({ segment }) => segment)
          const segments = [syn, synAck, ack, ...mixed, ...ends].flatMap((one, i) =>
            one ? [{ ...one, base, at: i }] : [],
          )
          const recording = fromPcapng(pcapng(segments))
          expectTheSession(recording)
          expect(recording.connections[0]?.gaps).toEqual([])
        }),
        { numRuns: 150 },
      )
    },
  )

  test('go on where sequence numbers begin again at 0', () => {
    expectTheSession(fromPcapng(pcapng(wholeConnection(CHUNKS, { base: 0xffffff00, mss: 100 }))))
  })

  test('that came out of order are read when the first of them is there', () => {
    const [syn, synAck, ack, request, response, ...rest] = wholeConnection(CHUNKS)
    const late = [syn, synAck, ack, response, request, ...rest].flatMap((one, i) =>
      one ? [{ ...one, at: i }] : [],
    )
    const [first, second] = fromPcapng(pcapng(late)).connections[0]?.chunks ?? []
    expect([first?.from, second?.from]).toEqual(['server', 'client'])
  })

  test('that nobody captured leave a gap that says whose bytes and how many', () => {
    const segments = wholeConnection(CHUNKS, { mss: 1000 })
    const lost = segments.findIndex(({ from, place = 0 }) => from === 'server' && place > 1500)
    const [connection] = fromPcapng(pcapng(segments.toSpliced(lost, 1))).connections
    const before = connection?.gaps[0]?.before ?? -1
    expect(connection?.gaps).toEqual([{ before, chunks: 0, bytes: 1000, from: 'server' }])
    const kept = concat(...(connection?.chunks.slice(0, before) ?? []).map(({ bytes }) => bytes))
    const after = concat(...(connection?.chunks.slice(before) ?? []).map(({ bytes }) => bytes))
    expect(kept.length + after.length + 1000).toBe(said('client').length + said('server').length)
  })

  test('of which the capture kept only the beginning leave a gap too', () => {
    const segments = wholeConnection(CHUNKS, { mss: 1000 })
    const cut = segments.findIndex(({ payload }) => payload?.length === 1000)
    segments.splice(cut, 1, ...segments.slice(cut, cut + 1).map(each => ({ ...each, kept: 54 + 400 })))
    expect(fromPcapng(pcapng(segments)).connections[0]?.gaps).toMatchObject([{ bytes: 600, from: 'server' }])
  })

  test('missing before a FIN are missed', () => {
    const segments = wholeConnection(CHUNKS)
    const last = segments.findLastIndex(({ payload }) => payload)
    const [connection] = fromPcapng(pcapng(segments.toSpliced(last, 1))).connections
    expect(connection?.gaps).toMatchObject([{ before: connection?.chunks.length, from: 'server' }])
  })

  test('of a connection between the same ends as one before are another connection', () => {
    const again = [...wholeConnection(CHUNKS, { base: 5 }), ...wholeConnection(CHUNKS, { base: 70_000 })]
    const { connections } = fromPcapng(pcapng(again.map((each, i) => ({ ...each, at: i }))))
    expect(connections.map(({ id }) => id)).toEqual([1, 2])
    for (const each of connections) expectTheSession({ connections: [each] } as unknown as Recording)
  })

  test('without the SYN are told apart by who speaks as a server does', () => {
    const opened = wholeConnection(CHUNKS).slice(3)
    const [request, response, ...rest] = opened
    const segments = [response, request, ...rest].flatMap((one, i) => (one ? [{ ...one, at: i }] : []))
    expectTheSession(fromPcapng(pcapng(segments)))
  })

  test('with RST end the connection as the tap would have told it', () => {
    const open = wholeConnection(CHUNKS).slice(0, -3)
    const endings = (flags: Segment[]) =>
      fromPcapng(
        pcapng([...open, ...flags.map((each, i) => ({ ...each, at: 1e5 + i }))]),
      ).connections[0]?.endings.map(({ how }) => how)
    expect(endings([{ from: 'client', flags: 'R', payload: utf8('why') }])).toEqual(['reset', 'closed'])
    expect(endings([{ from: 'server', flags: 'R' }])).toEqual(['destroyed', 'closed'])
    expect(
      endings([
        { from: 'server', flags: 'F', place: said('server').length },
        { from: 'server', flags: 'F', place: said('server').length },
        { from: 'client', flags: 'R' },
      ]),
    ).toEqual(['server-fin', 'reset', 'closed'])
    expect(endings([])).toEqual([])
  })
})

test('connections that begin with no WebSocket handshake are passed over', () => {
  const plain = wholeConnection(
    [
      { from: 'client', bytes: head(['GET / HTTP/1.1', 'Host: a']) },
      { from: 'server', bytes: head(['HTTP/1.1 204 No Content']) },
    ],
    { port: 40_001 },
  )
  expectTheSession(
    fromPcapng(pcapng([...plain, ...wholeConnection(CHUNKS)].map((each, i) => ({ ...each, at: i })))),
  )
  expect(() => fromPcapng(pcapng(plain))).toThrow('no WebSocket handshake in 1 TCP connections')
  expect(() => fromPcapng(pcapng([]))).toThrow(RecordingError)
})

test('a refused handshake is a connection too', () => {
  const refused = [
    CHUNKS[0],
    { from: 'server', bytes: head(['HTTP/1.1 403 Forbidden', 'Content-Length: 0']) },
  ] as const
  expect(fromPcapng(pcapng(wholeConnection(refused))).connections).toHaveLength(1)
})

test('a capture of a link nobody knows says so', () => {
  const bytes = pcapng(wholeConnection(CHUNKS))
  // The link type of the interface, behind the section's 28 bytes.
  new DataView(bytes.buffer, bytes.byteOffset).setUint16(28 + 8, 105, true)
  expect(() => fromPcapng(bytes)).toThrow('packets have a link type that is not known')
})

test('what is damaged is named with its byte', () => {
  const bytes = pcapng(wholeConnection(CHUNKS))
  const damagedAt = (change: (copy: Buffer) => Buffer | undefined) => {
    const copy = Buffer.from(bytes)
    return () => fromPcapng(change(copy) ?? copy)
  }
  expect(damagedAt(copy => copy.subarray(0, -3))).toThrow(
    /^byte \d+: damaged: a block of \d+ bytes, and the file has/,
  )
  expect(damagedAt(copy => copy.subarray(0, 60))).toThrow('byte 48: damaged')
  expect(damagedAt(copy => void copy.writeUInt32LE(13, 28 + 4))).toThrow(
    'byte 28: damaged: a block of 13 bytes',
  )
  expect(damagedAt(copy => void copy.writeUInt32LE(0, 28 + 16))).toThrow(
    'byte 28: damaged: the block says two',
  )
  expect(damagedAt(copy => void copy.writeUInt32LE(0, 8))).toThrow(
    'byte 0: damaged: a section that does not tell',
  )
  expect(damagedAt(copy => void copy.writeUInt16LE(2, 12))).toThrow('pcapng of version 2')
  expect(damagedAt(copy => void copy.writeUInt32LE(5, 68 + 8))).toThrow(
    'a packet of interface 5, and there are 1',
  )
  expect(damagedAt(copy => void copy.writeUInt32LE(0xffffff, 68 + 20))).toThrow('does not fit its block')
  expect(damagedAt(copy => void copy.writeUInt32LE(0xffffffff, 68 + 12))).toThrow('from no time that can be')
  expect(() => fromPcap(pcap(wholeConnection(CHUNKS)).subarray(0, 50))).toThrow('byte 24: damaged')
  expect(() => fromPcap(pcap(wholeConnection(CHUNKS)).subarray(0, 30))).toThrow(
    'the file ends inside a packet',
  )
})
