import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ROLES } from '#protocol/role.ts'
import { fromPcapng } from '#recording/capture-reader.ts'
import { toHexDump } from '#recording/hex-dump-writer.ts'
import { toPcapng } from '#recording/pcapng-writer.ts'
import { parseRecording, type RecordedEnding, type Recording } from '#recording/recording.ts'
import { RFC_REQUEST } from '../protocol/bytes.ts'
import { deflateMessage } from '../protocol/inflate.ts'
import {
  LINK_TYPES,
  pcapng,
  SERVER_PORT,
  wholeConnection,
  type Encapsulation,
} from '../recording/captures.ts'
import { bytesFrom, openedWith, recordingOf, recordings } from '../recording/recordings.ts'
import {
  framesOf,
  HAS_TSHARK,
  packetFields,
  temporaryFile,
  tshark,
  webSocketFrames,
} from '../support/tshark.ts'

const KEY = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)
const utf8 = (text: string) => new TextEncoder().encode(text)
const counting = (length: number) => Uint8Array.from({ length }, (_, i) => i * 7)
const client = { from: 'client', maskingKey: KEY } as const
const server = { from: 'server' } as const

/** Every kind of frame, every form of length, fragments, control frames between them. */
const EVERY_KIND = openedWith(
  [
    { ...client, opcode: 1, payload: utf8('안녕'), fin: false },
    { ...client, opcode: 9, payload: utf8('ping') },
    { ...client, opcode: 0, payload: utf8('하세요') },
    { ...server, opcode: 10, payload: utf8('ping') },
    ...[0, 1, 125, 126, 65_535, 65_536, 131_072].flatMap(length => [
      { ...client, opcode: 2, payload: counting(length) },
      { ...server, opcode: 2, payload: counting(length) },
    ]),
    { ...server, opcode: 1, payload: utf8('') },
    { ...server, opcode: 1, payload: deflateMessage(utf8('웹소켓 웹소켓 웹소켓')), rsv1: true },
    { ...client, opcode: 8, payload: Uint8Array.of(0x0f, 0xa0, ...utf8('끝')) },
    { ...server, opcode: 8, payload: Uint8Array.of(0x0f, 0xa0) },
  ],
  [...RFC_REQUEST.filter(line => !line.startsWith('Host')), 'Host: 127.0.0.1:8787'],
)
const end = EVERY_KIND.length * 1000
const FINS = [
  { at: end, how: 'server-fin' },
  { at: end + 1, how: 'client-fin' },
  { at: end + 2, how: 'closed' },
] as const

const samples: readonly (readonly [name: string, recording: Recording, port: number])[] = [
  ...['first-connection', 'handshake'].map(name => {
    const file = new URL(`../../src/content/recordings/${name}.json`, import.meta.url)
    return [`the recording ${name}`, parseRecording(readFileSync(file, 'utf8')), 8787] as const
  }),
  ['every kind of frame', recordingOf([{ chunks: EVERY_KIND, endings: [...FINS] }]), 8787],
  [
    'several connections at once',
    recordingOf(
      [0, 1, 2].map(i => ({
        chunks: openedWith([
          { ...client, opcode: 1, payload: utf8(`나는 ${i}`) },
          { ...server, opcode: 1, payload: utf8(`너는 ${i}`) },
        ]),
        script: [{ at: 3500, what: 'message' as const, detail: `"너는 ${i}"` }],
      })),
    ),
    80,
  ],
]

/** Wireshark's number for what deserves a warning. */
const WARNING = 0x600000

describe.skipIf(!HAS_TSHARK)('tshark', { timeout: 60_000 }, () => {
  test.each(samples)('reads the same frames as ours in the pcapng of %s', async (_, recording, port) => {
    const file = temporaryFile('export.pcapng', toPcapng(recording, { secrets: 'keep' }))
    const theirs = await webSocketFrames(file, port)
    const ours = framesOf(recording)
    expect(theirs.length).toBeGreaterThan(3)
    for (const [connection, frames] of ours.entries())
      expect(theirs.filter(frame => frame.connection === connection)).toEqual(frames)
    expect(theirs).toHaveLength(ours.flat().length)
  })

  test.each(samples)('finds nothing wrong with the packets of %s', async (_, recording) => {
    const file = temporaryFile('export.pcapng', toPcapng(recording))
    const packets = await packetFields(file, 'tcp', [
      'ip.checksum.status',
      'tcp.checksum.status',
      'tcp.analysis.flags',
      '_ws.malformed',
      '_ws.expert.severity',
    ])
    for (const [ip, tcp, analysis, malformed, severities = ''] of packets) {
      expect([ip, tcp, analysis, malformed]).toEqual(['1', '1', '', ''])
      expect(Math.max(0, ...severities.split(',').map(Number))).toBeLessThan(WARNING)
    }
    expect(packets.length).toBeGreaterThan(5)
  })

  test('reads every byte of hostile recordings, and finds every checksum right', async () => {
    const connections = fc
      .sample(recordings, 60)
      .flatMap(recording => recording.connections)
      // Of a gap that is larger than what TCP can number, nobody could tell where it ends.
      .filter(({ gaps }) => gaps.every(({ bytes }) => bytes < 2 ** 30))
      .map((one, id) => ({ ...one, id }))
    const recording = recordingOf(connections)
    const file = temporaryFile('hostile.pcapng', toPcapng(recording, { secrets: 'keep' }))
    const fields = ['ip.checksum.status', 'tcp.checksum.status', 'tcp.stream', 'tcp.dstport', 'tcp.payload']
    const packets = await packetFields(file, 'tcp', fields, ['--disable-protocol', 'http'])
    expect(new Set(packets.map(([ip, tcp]) => `${ip} ${tcp}`))).toEqual(new Set(['1 1']))
    // Streams are numbered as they begin, ours by their client ports.
    const ports = await packetFields(file, 'tcp.flags.syn == 1 && tcp.flags.ack == 0', [
      'tcp.stream',
      'tcp.srcport',
    ])
    expect(ports).toHaveLength(connections.length)
    for (const [stream, port] of ports) {
      const connection = connections[Number(port) - 0xc000]
      for (const from of ROLES) {
        const payload = packets
          .filter(([, , of, target]) => of === stream && (target === port) === (from === 'server'))
          .map(each => each[4])
          .join('')
        expect(payload).toBe(Buffer.from(bytesFrom(from, connection ?? { chunks: [] })).toString('hex'))
      }
    }
  })

  test('sees how each connection ended', async () => {
    const chunks = openedWith([{ ...client, opcode: 1, payload: utf8('hi') }])
    const endingsOf = (...how: RecordedEnding['how'][]) => ({
      chunks,
      endings: how.map(each => ({ at: 9000, how: each })),
    })
    const recording = recordingOf([
      endingsOf('server-fin', 'client-fin', 'closed'),
      endingsOf('reset', 'closed'),
      endingsOf('destroyed', 'closed'),
      endingsOf('client-fin', 'destroyed', 'closed'),
      endingsOf(),
    ])
    const file = temporaryFile('endings.pcapng', toPcapng(recording))
    const filter = 'tcp.flags.fin == 1 || tcp.flags.reset == 1'
    const ends = await packetFields(file, filter, [
      'tcp.stream',
      'tcp.srcport',
      'tcp.flags.fin',
      'tcp.flags.reset',
    ])
    const told = ends.map(
      ([stream, port, fin]) =>
        `${stream} ${port === '80' ? 'server' : 'client'} ${fin === '1' ? 'FIN' : 'RST'}`,
    )
    expect(told.toSorted()).toEqual([
      '0 client FIN',
      '0 server FIN',
      '1 client RST',
      '2 server RST',
      '3 client FIN',
      '3 server RST',
    ])
  })

  test('shows script events, marks and endings at their packets', async () => {
    const recording = recordingOf(
      [
        {
          chunks: openedWith([{ ...server, opcode: 1, payload: utf8('안녕') }]),
          script: [{ at: 2500, what: 'message', detail: '"안녕" \0 \ud800' }],
          endings: [{ at: 2700, how: 'destroyed' }],
        },
      ],
      { marks: [{ at: 1500, connection: 1, label: '여기' }] },
    )
    const file = temporaryFile('comments.pcapng', toPcapng(recording))
    const [onMessage] = await packetFields(file, 'websocket', ['frame.comment'])
    expect(onMessage?.[0]).toContain('{"script":{"at":2500,"what":"message","detail":"\\"안녕\\"')
    const [onResponse] = await packetFields(file, 'http.response', ['frame.comment'])
    expect(onResponse?.[0]).toContain('{"mark":{"at":1500,"connection":1,"label":"여기"},"index":0}')
    const [onReset] = await packetFields(file, 'tcp.flags.reset == 1', ['frame.comment'])
    expect(onReset?.[0]).toContain('"how":"destroyed"')
  })

  test('takes comments that no single one could hold', async () => {
    const detail = '한'.repeat(60_000)
    const script = Array.from({ length: 40 }, (_, at) => ({
      at: at + 5000,
      what: 'message' as const,
      detail,
    }))
    const recording = recordingOf([{ chunks: openedWith([]), script }])
    const bytes = toPcapng(recording, { secrets: 'keep' })
    const packets = await packetFields(temporaryFile('long.pcapng', bytes), 'tcp', ['tcp.checksum.status'])
    expect(packets.length).toBeGreaterThan(5)
    expect(fromPcapng(bytes)).toEqual(recording)
  })

  test.each(Object.keys(LINK_TYPES) as Encapsulation[])(
    'reads link type %s as ours does',
    async encapsulation => {
      const chunks = openedWith([
        { ...client, opcode: 1, payload: utf8('안녕') },
        { ...server, opcode: 2, payload: counting(5000) },
      ])
      const bytes = pcapng(wholeConnection(chunks), { encapsulation, resolution: 9 })
      const theirs = await webSocketFrames(temporaryFile('foreign.pcapng', bytes), SERVER_PORT)
      const [ours] = framesOf(fromPcapng(bytes))
      expect(theirs).toHaveLength(2)
      expect(theirs).toEqual(ours)
    },
  )

  test('puts a disordered connection together as ours does', async () => {
    const chunks = openedWith([
      { ...client, opcode: 2, payload: counting(3000) },
      { ...server, opcode: 2, payload: counting(900) },
    ])
    const whole = wholeConnection(chunks, { mss: 300 })
    const payloads = whole.flatMap((each, i) => (each.payload ? [{ ...each, i }] : []))
    const [one, two, three, four, five] = payloads.slice(3)
    const swapped = whole.flatMap((each, i) => {
      if (i === one?.i) return [three, one, one].flatMap(segment => segment ?? [])
      if (i === three?.i) return []
      return i === four?.i ? [five, four, two, five].flatMap(segment => segment ?? []) : [each]
    })
    const bytes = pcapng(swapped.map((each, i) => ({ ...each, at: i * 10 })))
    const file = temporaryFile('disorder.pcapng', bytes)
    const [connection] = fromPcapng(bytes).connections
    for (const [side, from] of ROLES.entries()) {
      const printed = await tshark('-r', file, '-q', '-z', `follow,tcp,raw,0`)
      const lines = printed
        .split('\n')
        .filter(line => /^\t?[\da-f]+$/.test(line) && line.startsWith('\t') === (side === 1))
      expect(lines.join('').replaceAll('\t', '')).toBe(
        Buffer.from(bytesFrom(from, connection ?? { chunks: [] })).toString('hex'),
      )
    }
  })

  test('and text2pcap make the same frames of a hex dump', async () => {
    const recording = recordingOf([{ chunks: EVERY_KIND }])
    const text = temporaryFile('dump.txt', toHexDump(recording, { secrets: 'keep' }))
    const file = temporaryFile('dump.pcapng', '')
    await promisify(execFile)('text2pcap', ['-D', '-t', 'ISO', '-T', '8787,50000', text, file])
    const theirs = await webSocketFrames(file, 8787)
    expect(theirs).toEqual(framesOf(recording)[0])
  })
})
