import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHexDump } from '#recording/hex-dump-reader.ts'
import { DumpRows } from '#recording/hex-dump-rows.ts'
import { toHexDump } from '#recording/hex-dump-writer.ts'
import { MAX_FILE_BYTES } from '#recording/limits.ts'
import { RecordingError } from '#recording/recording-error.ts'
import type { Recording } from '#recording/recording.ts'
import { hex, utf8 } from '../protocol/bytes.ts'
import { memoryInUse } from '../support/memory.ts'
import { chunk, openedWith, recordingOf, recordings, told } from './recordings.ts'

const runs = (program: string) => spawnSync(program, ['--version']).error === undefined

test('a dump has a line for each direction and time, then offset, bytes and text', () => {
  const recording = recordingOf([
    {
      id: 3,
      lab: 'echo',
      chunks: [
        chunk('client', 1500, utf8('GET /chat HTTP/1.1\r\n')),
        chunk('server', 2750, hex('8103 ed959c')),
      ],
    },
  ])
  expect(toHexDump(recording).split('\n')).toEqual([
    '# websocket-anatomy hex dump 1',
    '# title "a title"',
    '# client "Chromium 156"',
    '# recorded 2026-01-01T00:00:00.000Z',
    '# O: 클라이언트가 보낸 바이트, I: 서버가 보낸 바이트',
    '',
    '# connection 3 "echo"',
    '',
    'O 2026-01-01T00:00:00.001500Z',
    '00000000: 47 45 54 20 2f 63 68 61 74 20 48 54 54 50 2f 31  |GET /chat HTTP/1|',
    '00000010: 2e 31 0d 0a                                      |.1..|',
    '00000014',
    '',
    'I 2026-01-01T00:00:00.002750Z',
    '00000000: 81 03 ed 95 9c                                   |.....|',
    '00000005',
    '',
  ])
})

test(
  'chunks, directions, times and connections read back the same, whatever they hold',
  { timeout: 60_000 },
  () => {
    fc.assert(
      fc.property(recordings, recording => {
        fc.pre(recording.connections.some(({ chunks }) => chunks.length > 0))
        const kept = {
          ...recording,
          connections: recording.connections.map(one => ({ ...one, gaps: [], endings: [], script: [] })),
          marks: [],
        }
        const read = fromHexDump(toHexDump(recording, { secrets: 'keep' }))
        expect(told({ ...read, marks: [] })).toEqual(told(kept))
        expect(read.marks[0]?.label).toContain('16진수 덤프')
      }),
    )
  },
)

test('a chunk longer than text2pcap takes is cut and put together again', () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i)
  const recording = recordingOf([
    { chunks: [chunk('server', 0, bytes), chunk('server', 1, bytes.subarray(0, 3))] },
  ])
  const text = toHexDump(recording)
  expect(text.split('# continued')).toHaveLength(4)
  expect(told({ ...fromHexDump(text), marks: [] })).toEqual(told(recording))
})

test('no title can begin a line of its own', () => {
  const title = 'x"\n# connection 9 "y"\r\u2028\u0085\nO'
  const text = toHexDump(recordingOf([{ chunks: openedWith([]), lab: title }], { title, client: title }))
  expect(text.match(/^# connection/gm)).toHaveLength(1)
  expect(text.split(/[\u2028\u0085]/)).toHaveLength(1)
  expect(fromHexDump(text)).toMatchObject({ title, client: title, connections: [{ lab: title }] })
})

test.skipIf(!runs('xxd'))('xxd makes the bytes of a chunk from its lines', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31) % 256)
  const lines = toHexDump(recordingOf([{ chunks: [chunk('client', 0, bytes)] }]))
  const rows = lines.split('\n').filter(line => /^[0-9a-f]/.test(line))
  const { stdout } = spawnSync('xxd', ['-r'], { input: rows.join('\n') })
  expect(Buffer.compare(stdout, bytes)).toBe(0)
})

/** Bytes that look like hex when they are read as text, in the last row too. */
const LOOKS_LIKE_HEX = utf8('ab cd ef 01 23 45be ef ad de')

describe('dumps of others are read', () => {
  const bytesOf = (text: string) => {
    const { connections } = fromHexDump(text)
    return connections.flatMap(({ chunks }) =>
      chunks.map(({ from, bytes }) => [from, Buffer.from(bytes).toString('hex')]),
    )
  }
  const request = Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')

  test.each([
    ['xxd', 'xxd', []],
    ['xxd -g1', 'xxd', ['-g1']],
    ['xxd -c8', 'xxd', ['-c8']],
    ['hexdump -C', 'hexdump', ['-C']],
    ['od -Ax -tx1', 'od', ['-Ax', '-tx1']],
    ['od -Ax -tx1z', 'od', ['-Ax', '-tx1z']],
  ])('of %s', (_, program, args) => {
    if (!runs(program)) return expect(program).toBeTruthy()
    for (const bytes of [LOOKS_LIKE_HEX, utf8('GET / HTTP/1.1\r\n\r\n'), new Uint8Array(70), utf8('abc')]) {
      const { stdout } = spawnSync(program, args, { input: bytes, encoding: 'utf8' })
      const read = fromHexDump(`I\n${stdout}`).connections[0]?.chunks[0]?.bytes
      expect(Buffer.from(read ?? []).toString('hex'), stdout).toBe(Buffer.from(bytes).toString('hex'))
    }
  })

  test('with arrows, times of day, comments and empty lines', () => {
    const text = [
      '# something else',
      '> 10:15:14.5476',
      '0000   47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a   GET / HTTP/1.1..',
      '0010   0d 0a                                             ..',
      '',
      '<',
      '000000 81 00',
      '',
      'I 10:15:15',
      '000000 82 00',
    ].join('\r\n')
    expect(bytesOf(text)).toEqual([
      ['client', request],
      ['server', '8100'],
      ['server', '8200'],
    ])
    const [{ chunks } = { chunks: [] }] = fromHexDump(text).connections
    expect(chunks.map(({ at }) => at)).toEqual([0, 0, 452_400])
  })

  test('without directions, by what the bytes say', () => {
    const http = Buffer.from('HTTP/1.1 101 X\r\n').toString('hex').replaceAll(/../g, '$& ')
    const text = `000 ${request.replaceAll(/../g, '$& ')}\n\n000 ${http}\n000 81 80 00 00 00 00\n000 81 00\n`
    expect(bytesOf(text).map(([from]) => from)).toEqual(['client', 'server', 'client', 'server'])
  })

  test('with a time zone', () => {
    expect(fromHexDump('O 2026-01-01T09:00:00.5+0900\n000 81 00').recordedAt).toBe(
      '2026-01-01T00:00:00.500000Z',
    )
  })
})

describe('a dump that cannot be right is refused with the line', () => {
  const errorOf = (...lines: string[]): RecordingError => {
    try {
      fromHexDump(lines.join('\n'))
    } catch (error) {
      if (error instanceof RecordingError) return error
      throw error
    }
    return expect.unreachable('it was read')
  }

  test.each([
    [['000 81 00', 'and then a sentence'], 'line 2: damaged: neither an offset'],
    [['000 81 00', '003 00'], 'line 2: damaged: offset 3, where 2 bytes came before'],
    [['000 81 00 00', '001 00', '005 00'], 'line 3: damaged: offset 5, where 2 bytes came before'],
    [['010 81 00'], 'line 1: damaged: the first offset of a packet has to be 0'],
    [['O yesterday', '000 81 00'], 'line 1: damaged: no time: yesterday'],
    [
      ['O 2026-01-01T00:00:01Z', '000 00', 'O 2026-01-01T00:00:00Z', '000 00'],
      'connections.0.chunks.1.at: damaged: goes back',
    ],
    [['*'], 'line 1: damaged: nothing to repeat'],
    [['000 00', '*'], 'line 1: damaged: repeated, and no offset says up to where'],
    [['# websocket-anatomy hex dump 1', '# title x'], 'line 2: damaged: no quoted text'],
    [
      ['# websocket-anatomy hex dump 1', '# connection x "y"'],
      'line 2: damaged: a connection without a number',
    ],
    [['# websocket-anatomy hex dump 1', '# recorded now'], 'line 2: damaged: no time'],
    [
      ['# websocket-anatomy hex dump 1', '# connection 1 ""', '000 00', '# connection 1 ""', '000 00'],
      'connections.1.id: damaged: a second connection 1',
    ],
  ])('%j', (lines, message) => {
    expect(errorOf(...lines).message).toContain(message)
  })

  test('and one without bytes says so', () => {
    expect(errorOf('# nothing').problem).toBe('nothing-inside')
  })

  test('and one that repeats more than the limit, in one go or in many, holds no memory for it', () => {
    const most = MAX_FILE_BYTES.toString(16)
    expect(errorOf('000 00', '*', `${most}0`).problem).toBe('too-large')
    expect(errorOf('000 00', '*', 'ffffffffffff').problem).toBe('too-large')
    expect(errorOf(...Array.from({ length: 9 }, () => ['000 00', '*', '1000000', '']).flat()).problem).toBe(
      'too-large',
    )
  })
})

test('rows of a byte take no more memory than the bytes they are', () => {
  const rows = new DumpRows()
  const before = memoryInUse()
  for (let offset = 0; offset < 300_000; offset++)
    rows.add({ offset, bytes: Uint8Array.of(offset), likely: 1, line: offset })
  expect(memoryInUse() - before).toBeLessThan(4 << 20)
  expect(rows.take()).toHaveLength(300_000)
})

test('a megabyte of lines made to be slow is read at once', () => {
  for (const line of [
    '000 00' + ' '.repeat(100_000) + '|',
    'O' + ' '.repeat(100_000) + 'x',
    ' '.repeat(100_000),
    '0'.repeat(100_000),
  ]) {
    const text = `${line}\n`.repeat(10)
    let read: Recording | RecordingError | undefined
    try {
      read = fromHexDump(text)
    } catch (error) {
      if (error instanceof RecordingError) read = error
    }
    expect(read).toBeDefined()
  }
})
