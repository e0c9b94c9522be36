import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { toHar } from '#recording/har-writer.ts'
import { toHexDump } from '#recording/hex-dump-writer.ts'
import { importFile } from '#recording/import-file.ts'
import { BLOCKS, BYTE_ORDER_MAGIC, OPTIONS, textOption, writeBlock } from '#recording/pcapng-blocks.ts'
import { MAX_CAPTURED_CONNECTIONS, MAX_CHUNKS, MAX_FILE_BYTES } from '#recording/limits.ts'
import { toPcapng } from '#recording/pcapng-writer.ts'
import { RecordingError } from '#recording/recording-error.ts'
import type { Recording } from '#recording/recording.ts'
import { serializeRecording } from '#recording/recording-writer.ts'
import { concat, utf8 } from '../protocol/bytes.ts'
import { pcap, pcapng, wholeConnection } from './captures.ts'
import { bytesFrom, openedWith, recordingOf } from './recordings.ts'

const recording = recordingOf([
  { chunks: openedWith([{ from: 'server', opcode: 1, payload: utf8('안녕') }]) },
  {
    chunks: openedWith([
      { from: 'client', opcode: 2, payload: new Uint8Array(5), maskingKey: new Uint8Array(4) },
    ]),
  },
])
const [{ chunks } = { chunks: [] }] = recording.connections

/** A file of each kind, all of the same session. */
const FILES: Readonly<Record<string, Uint8Array>> = {
  recording: utf8(serializeRecording(recording)),
  pcapng: toPcapng(recording),
  'pcapng of others': pcapng(wholeConnection(chunks), { big: true, resolution: 9 }),
  pcap: pcap(wholeConnection(chunks)),
  HAR: utf8(toHar(recording)),
  'hex dump': utf8(toHexDump(recording)),
}

/** Bytes of a capture before its packets. */
const HEAD_BYTES = pcapng([]).length

function errorOf(bytes: Uint8Array, name = 'file'): RecordingError {
  try {
    importFile(bytes, name)
  } catch (error) {
    if (error instanceof RecordingError) return error
    throw error
  }
  return expect.unreachable('it was read')
}

test.each(Object.entries(FILES))('a %s is recognised by what is in it, whatever its name', (_, bytes) => {
  const [connection] = importFile(bytes, 'holiday.jpg').connections
  const heard = (one = { chunks }) => Buffer.from(bytesFrom('server', one)).toString('hex')
  expect(heard(connection)).toBe(heard())
})

test('a byte order mark and spaces before a text do not matter', () => {
  for (const kind of ['recording', 'HAR', 'hex dump']) {
    const bytes = concat(utf8('\ufeff\r\n  '), FILES[kind] ?? new Uint8Array(0))
    expect(
      importFile(kind === 'hex dump' ? concat(utf8('\ufeff'), FILES[kind] ?? new Uint8Array(0)) : bytes, '')
        .connections,
    ).toHaveLength(2)
  }
})

test('what brings no title of its own is called as the file', () => {
  const titleOf = (name: string) => importFile(FILES['pcap'] ?? new Uint8Array(0), name).title
  expect(titleOf('/tmp/some folder/lo.session.pcap')).toBe('lo.session')
  expect(titleOf('C:\\captures\\a.PCAPNG')).toBe('a')
  expect(titleOf('')).toBe('')
  expect(importFile(FILES['pcapng'] ?? new Uint8Array(0), 'b.pcapng').title).toBe('a title')
})

describe('what cannot be read is refused:', () => {
  test.each([
    ['nothing', new Uint8Array(0), 'unknown-kind'],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'unknown-kind'],
    ['a letter', utf8('Dear reader,\nhow are you?\n'), 'unknown-kind'],
    ['another JSON', utf8('{"name": "package"}'), 'unknown-kind'],
    ['a list', utf8('[]'), 'unknown-kind'],
    ['broken JSON', utf8('{"format": '), 'damaged'],
    ['JSON that is not UTF-8', concat(utf8('{"a": "'), Uint8Array.of(0xff)), 'damaged'],
    ['a packed capture', gzipSync(FILES['pcap'] ?? new Uint8Array(0)), 'unsupported'],
    [
      'a recording of tomorrow',
      utf8('{"format": "websocket-anatomy-recording", "version": 3}'),
      'newer-version',
    ],
    ['a file above the limit', new Uint8Array(MAX_FILE_BYTES + 1), 'too-large'],
  ])('%s', (_, bytes, problem) => {
    expect(errorOf(bytes).problem).toBe(problem)
  })

  test('a capture of more connections than the limit', () => {
    const syns = Array.from({ length: MAX_CAPTURED_CONNECTIONS + 1 }, (_, i) => ({
      from: 'client' as const,
      flags: 'S',
      port: 1 + (i % 60_000),
    }))
    expect(errorOf(pcapng(syns)).problem).toBe('too-large')
  })

  test.each([
    ['a dump of more chunks', utf8('000 00\n'), MAX_CHUNKS],
    [
      'a capture of more segments',
      pcapng([{ from: 'client', payload: utf8('x') }]).subarray(HEAD_BYTES),
      MAX_CHUNKS,
    ],
    ['a capture of more interfaces', pcapng([]).subarray(28, 48), 10_000],
  ])('%s than the limit', (kind, unit, most) => {
    const flood = new Uint8Array(Buffer.alloc(unit.length * (most + 1), unit))
    expect(errorOf(kind.includes('capture') ? concat(pcapng([]), flood) : flood).problem).toBe('too-large')
  })

  test('a capture with a note of more lists than the limit', () => {
    const lists = '[],'.repeat(20_000)
    const parts = Array<string>(101).fill(`websocket-anatomy+ ${lists}`)
    const comments = ['websocket-anatomy+ {"x":[', ...parts, 'websocket-anatomy []]}']
    const section = writeBlock(
      BLOCKS.section,
      [BYTE_ORDER_MAGIC, 1, 0xffffffff, 0xffffffff],
      comments.map(comment => textOption(OPTIONS.comment, comment)),
    )
    expect(errorOf(section)).toMatchObject({ problem: 'too-large', where: 'comment of the file, note' })
  })

  test('two of our captures in one file', () => {
    const bytes = FILES['pcapng'] ?? new Uint8Array(0)
    expect(errorOf(concat(bytes, bytes))).toMatchObject({ problem: 'unsupported' })
  })

  test('a capture of ours with a note that is none, naming the packet', () => {
    const note = 'websocket-anatomy {"connection":{"id":1,'
    const bytes = Buffer.from(FILES['pcapng'] ?? [])
    bytes.fill('x', bytes.indexOf(note), bytes.indexOf(note) + 3)
    // The comment is none of ours any more, and with it the connection.
    expect(importFile(bytes, '').connections).toHaveLength(1)
    const broken = Buffer.from(FILES['pcapng'] ?? [])
    broken.fill('!', broken.indexOf(note) + note.length - 3, broken.indexOf(note) + note.length)
    expect(errorOf(broken)).toMatchObject({
      problem: 'damaged',
      where: expect.stringMatching(/^byte \d+, note$/),
    })
  })

  test('a capture of ours of a newer version', () => {
    const bytes = Buffer.from(FILES['pcapng'] ?? [])
    bytes.fill('9', bytes.indexOf('"version":2') + 10, bytes.indexOf('"version":2') + 11)
    expect(errorOf(bytes).problem).toBe('newer-version')
  })
})

/** Numbers that look random and are the same in every run (xorshift32). */
function random(seed: number): (below: number) => number {
  let state = seed | 1
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Numbers that lengths and counts do not like. */
const NASTY = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff]

function mutate(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  let mutated: Uint8Array = bytes.slice()
  for (let times = next(4); times >= 0; times--) {
    const at = next(mutated.length + 1)
    const kind = next(6)
    const view = new DataView(mutated.buffer, mutated.byteOffset, mutated.length)
    if (kind === 0) mutated[at] = next(256)
    else if (kind === 1) mutated[at] = (mutated[at] ?? 0) ^ (1 << next(8))
    else if (kind === 2 && at + 4 <= mutated.length)
      view.setUint32(at, NASTY[next(NASTY.length)] ?? 0, next(2) === 0)
    else if (kind === 3) mutated = concat(mutated.subarray(0, at), mutated.subarray(at + next(40)))
    else if (kind === 4)
      mutated = concat(mutated.subarray(0, at), mutated.subarray(Math.max(0, at - next(200))))
    else
      mutated = concat(
        mutated.subarray(0, at),
        Uint8Array.from({ length: next(20) }, () => next(256)),
        mutated.subarray(at),
      )
  }
  return mutated
}

/** An export that leaves things out may leave out all of them, and is a good file still. */
function expectReadable(text: string): void {
  try {
    importFile(utf8(text), '')
  } catch (error) {
    expect(error).toMatchObject({ problem: 'nothing-inside' })
  }
}

/** How much a recording holds, in bytes and things. */
function sizeOf({ connections, marks }: Recording): number {
  return connections.reduce(
    (sum, one) =>
      sum +
      one.chunks.reduce((total, { bytes }) => total + bytes.length + 1, 0) +
      one.gaps.length +
      one.endings.length +
      one.script.length,
    connections.length + marks.length,
  )
}

test.each(Object.entries(FILES))(
  'thousands of a %s gone wrong are read or refused, and never give more than they held',
  { timeout: 60_000 },
  (kind, good) => {
    const next = random(0x5eed + kind.length)
    let read = 0
    let refused = 0
    for (let i = 0; i < 3000; i++) {
      const bytes =
        next(10) === 0
          ? concat(
              good.subarray(0, next(40)),
              Uint8Array.from({ length: next(500) }, () => next(256)),
            )
          : mutate(good, next)
      try {
        const imported = importFile(bytes, 'fuzz')
        read++
        expect(sizeOf(imported)).toBeLessThan(bytes.length + 100)
        // What was read can be written and read again.
        expect(sizeOf(importFile(utf8(serializeRecording(imported, { secrets: 'keep' })), ''))).toBe(
          sizeOf(imported),
        )
        expect(importFile(toPcapng(imported, { secrets: 'keep' }), '').connections).toEqual(
          imported.connections,
        )
        expectReadable(toHar(imported, { secrets: 'keep' }))
        expectReadable(toHexDump(imported, { secrets: 'keep' }))
      } catch (error) {
        if (!(error instanceof RecordingError)) throw error
        refused++
      }
    }
    expect(read).toBeGreaterThan(50)
    expect(refused).toBeGreaterThan(50)
  },
)
