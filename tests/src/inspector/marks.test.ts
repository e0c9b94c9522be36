import { describe, expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import { fromPcapng } from '#recording/capture-reader.ts'
import { toPcapng } from '#recording/pcapng-writer.ts'
import { parseRecording, type Mark, type Recording } from '#recording/recording.ts'
import { serializeRecording } from '#recording/recording-writer.ts'
import { Inspector } from '../../../src/inspector/inspector.ts'
import { recordedNow } from '../../../src/inspector/recorded-now.ts'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { openConnection, serverSays } from '../wire/captured.ts'
import { liveSource } from './live-source.ts'
import { utf8 } from './traced.ts'

const HERE = { now: 1_800_000_000_000, sessionTime: 1_000_000, userAgent: 'Chrome/156' }

/** Three texts of the server, in one write. */
const THREE = ['하나', '둘', '셋'].map(text => encodeFrame({ opcode: OPCODES.text, payload: utf8(text) }))
const together = Uint8Array.from(THREE.flatMap(bytes => [...bytes]))

async function opened(recording: Recording, index = 0): Promise<Inspector> {
  const inspector = new Inspector({ onDirty: () => {} })
  await inspector.open(recording, index)
  return inspector
}

function recordedBy(inspector: Inspector): Recording {
  return recordedNow(inspector, HERE) ?? expect.unreachable('nothing is inspected')
}

/** The open connection, and then three frames in one chunk at that time. */
function watching(at: number): Inspector {
  const connection = openConnection()
  connection.addChunk('server', together, at)
  const inspector = new Inspector({ onDirty: () => {} })
  inspector.watch(liveSource(connection))
  inspector.sourceChanged()
  return inspector
}

function withMarks(recording: Recording, marks: readonly Mark[]): Recording {
  return { ...recording, marks: [...marks] }
}

describe('a mark on the third frame of one write', () => {
  test.each([
    ['a recording', (kept: Recording) => parseRecording(serializeRecording(kept))],
    ['a pcapng', (kept: Recording) => fromPcapng(toPcapng(kept))],
    ['a pcapng, exported twice', (kept: Recording) => fromPcapng(toPcapng(fromPcapng(toPcapng(kept))))],
  ])('is on the third again after %s', async (_, throughFile) => {
    const inspector = watching(3000.4)
    inspector.toggleMark(4)
    const again = await opened(throughFile(recordedBy(inspector)))
    expect([...again.marks.keys()]).toEqual([4])
  })

  test('stands before a mark on a later frame of the same time, whichever was made first', () => {
    const inspector = watching(3000)
    inspector.toggleMark(4)
    inspector.toggleMark(2)
    expect(recordedBy(inspector).marks.map(({ item }) => item)).toEqual([2, 4])
  })
})

test('a mark is on its frame again when frames before it were forgotten', async () => {
  const connection = new CapturedConnection(1, 'echo', { items: 10, bytes: 1e6 })
  for (const { from, bytes, at } of openConnection().chunks) connection.addChunk(from, bytes, at)
  for (let i = 0; i < 30; i++) serverSays(connection, String(i))
  connection.addChunk('server', together, 5000)
  const inspector = new Inspector({ onDirty: () => {} })
  inspector.watch(liveSource(connection))
  inspector.sourceChanged()
  inspector.toggleMark(connection.end - 2)
  expect(connection.forgotten.items).toBeGreaterThan(0)

  const again = await opened(recordedBy(inspector))
  const { connection: read } = again.inspected ?? expect.unreachable('nothing was opened')
  expect(again.marks).toEqual(
    new Map([
      [2, expect.stringContaining('담기지 않았습니다')],
      [read.end - 2, ''],
    ]),
  )
})

describe('a mark of a file', () => {
  const recording = recordedBy(watching(3000))

  test('of before marks had numbers is on the first item of its time', async () => {
    const { marks } = await opened(withMarks(recording, [{ at: 3000, connection: 1, label: '여기' }]))
    expect(marks).toEqual(new Map([[2, '여기']]))
  })

  test('whose number is of another time, or of nothing, is on the first item of its own time', async () => {
    for (const item of [0, 99]) {
      const { marks } = await opened(withMarks(recording, [{ at: 3000, connection: 1, item, label: '' }]))
      expect([...marks.keys()]).toEqual([2])
    }
  })

  test('that names no connection is in the first one, and is exported once', async () => {
    const [one] = recording.connections
    if (!one) throw new Error('no connection')
    const two = withMarks({ ...recording, connections: [one, { ...one, id: 7 }] }, [
      { at: 3000, label: '처음 것' },
      { at: 3000, connection: 7, item: 3, label: '둘째 것' },
    ])
    const [first, second] = [await opened(two), await opened(two, 1)]
    expect([first, second].map(({ marks }) => [...marks.values()])).toEqual([['처음 것'], ['둘째 것']])
    first.toggleMark(2)
    expect(recordedBy(first).marks).toEqual(two.marks.slice(1))
    expect(recordedBy(second).marks).toEqual(two.marks)
  })
})
