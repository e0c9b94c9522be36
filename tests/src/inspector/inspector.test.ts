import { afterEach, describe, expect, test } from 'vitest'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { EVERYTHING } from '../../../src/inspector/frame-filter.ts'
import { Inspector } from '../../../src/inspector/inspector.ts'
import { PatternTester } from '../../../src/inspector/pattern-tester.ts'
import { CapturedConnection } from '../../../src/wire/captured-connection.ts'
import { manyFrames, recordingOf } from '../../support/long-recording.ts'
import { clientSays, openConnection, serverSays } from '../wire/captured.ts'
import { liveSource } from './live-source.ts'
import { patternThread } from './pattern-thread.ts'
import { utf8 } from './traced.ts'

/** A slice of work is over after every look at the clock. */
function hurried(): Inspector {
  let now = 0
  return new Inspector({ onDirty: () => {}, now: () => (now += 1_000) })
}

describe('an inspector', () => {
  test('that is given another recording while it opens one shows the other, and opens nothing more', async () => {
    const inspector = hurried()
    const former = inspector.open(recordingOf(manyFrames(500), '먼저'))
    expect(inspector.state).toBe('opening')
    await inspector.open(recordingOf([], '나중'))
    await former
    expect([inspector.state, inspector.opening]).toEqual(['recording', undefined])
    expect(inspector.recording?.recording.title).toBe('나중')
    expect(inspector.inspected?.connection.end).toBe(2)
  })

  test('that connects while it opens a recording is live', async () => {
    const inspector = hurried()
    const former = inspector.open(recordingOf(manyFrames(500)))
    inspector.watch(liveSource(openConnection()))
    inspector.sourceChanged()
    await former
    expect(inspector.state).toBe('live')
  })

  test('lets go of marks whose items are forgotten', () => {
    const connection = new CapturedConnection(1, 'echo', { items: 10, bytes: 1e6 })
    for (const { from, bytes, at } of openConnection().chunks) connection.addChunk(from, bytes, at)
    const inspector = hurried()
    inspector.watch(liveSource(connection))
    inspector.sourceChanged()
    inspector.toggleMark(1)
    for (let i = 0; i < 30; i++) serverSays(connection, 'x')
    inspector.toggleMark(connection.end - 1)
    inspector.sourceChanged()
    expect([...inspector.marks.keys()]).toEqual([connection.end - 1])
  })

  test('tells of a replay only the ends and the events that it has come to', async () => {
    const recording = recordingOf(manyFrames(4))
    const [connection] = recording.connections
    if (!connection) throw new Error('no connection')
    const inspector = new Inspector({ onDirty: () => {} })
    await inspector.open({
      ...recording,
      connections: [
        {
          ...connection,
          endings: [{ at: 3_500, how: 'client-fin' }],
          script: [
            { at: 0, what: 'new', detail: '' },
            { at: 3_600, what: 'close', detail: 'code 1006 · wasClean false' },
          ],
        },
      ],
    })
    expect([inspector.endings.length, inspector.heard.length]).toEqual([1, 2])
    inspector.stepReplay(-1)
    expect([inspector.endings.length, inspector.heard.length]).toEqual([0, 1])
  })

  test('that has nothing to look at has nothing to do', () => {
    const inspector = hurried()
    inspector.watch({ ...liveSource(openConnection()), state: 'absent', connection: undefined })
    expect([inspector.advance(16), inspector.settled]).toEqual([false, true])
  })
})

describe('a replay that is not over', () => {
  /** Ten frames of the server, every third of which says 셋 and is masked against the rules, after a handshake of two. */
  async function replayed(shown: number): Promise<Inspector> {
    const inspector = new Inspector({ onDirty: () => {} })
    const recording = recordingOf([])
    const [connection] = recording.connections
    if (!connection) throw new Error('no connection')
    const chunks = Array.from({ length: 10 }, (_, n) => ({
      from: 'server' as const,
      at: 1_000 * (n + 1),
      bytes: encodeFrame({
        opcode: 1,
        payload: utf8(n % 3 === 2 ? '셋' : '하나'),
        ...(n % 3 === 2 && { maskingKey: Uint8Array.of(1, 2, 3, n) }),
      }).slice(),
    }))
    await inspector.open({
      ...recording,
      connections: [{ ...connection, chunks: [...connection.chunks, ...chunks] }],
      marks: [3, 9].map(item => ({ at: 1_000 * (item - 1), item, label: '' })),
    })
    inspector.setSearch('셋')
    await inspector.settle()
    inspector.replay?.step(shown - 12)
    return inspector
  }

  test('is searched, and walked by violations and marks, no further than it has come', async () => {
    const inspector = await replayed(8)
    expect([inspector.hits.count, inspector.faults, inspector.marked]).toEqual([2, [4, 7], [3]])
    const walked: unknown[] = []
    for (let step = 0; step < 3; step++) {
      await inspector.selectHit(1)
      walked.push(inspector.selected)
    }
    expect(walked).toEqual([4, 7, 4])
    expect(inspector.hits).toEqual({ count: 2, ordinal: 1 })
    inspector.selectAmong(inspector.faults, -1)
    expect(inspector.selected).toBe(7)
    inspector.selectAmong(inspector.marked, 1)
    expect(inspector.selected).toBe(3)
    inspector.selectAmong(inspector.marked, 1)
    expect([inspector.selected, inspector.replay?.shown]).toEqual([3, 8])
  })

  test('goes to an item that is asked for by its number, and stops there', async () => {
    const inspector = await replayed(3)
    inspector.togglePlaying()
    await inspector.selectNear(10)
    expect([inspector.selected, inspector.replay?.shown, inspector.state]).toEqual([10, 11, 'recording'])
    await inspector.selectNear(4)
    expect([inspector.selected, inspector.replay?.shown]).toEqual([4, 11])
  })

  test('tells all once it is over', async () => {
    const inspector = await replayed(12)
    expect([inspector.hits.count, inspector.faults, inspector.marked]).toEqual([3, [4, 7, 10], [3, 9]])
  })
})

describe('a filter by a regular expression', () => {
  const ENDLESS = '^(a|a)+$'
  const text = (payload: string) => ({ from: 'server', opcode: 1, payload: utf8(payload) }) as const
  const testers: PatternTester[] = []
  afterEach(() => {
    for (const tester of testers.splice(0)) tester.dispose()
  })

  /** An inspector of a handshake and 5,000 frames, every hundredth of which says 백, and of one that says aaa…!. */
  async function opened(limit = 2_000): Promise<Inspector> {
    const patterns = new PatternTester(patternThread, limit)
    testers.push(patterns)
    const inspector = new Inspector({ onDirty: () => {}, patterns })
    const frames = Array.from({ length: 5_000 }, (_, n) => text(n % 100 === 0 ? `백 ${n}` : `하나 ${n}`))
    await inspector.open(recordingOf([...frames, text(`${'a'.repeat(60)}!`)]))
    await inspector.settle()
    return inspector
  }
  const counted = (inspector: Inspector) => [inspector.rows?.count, inspector.filterFault]

  test('shows what matches, and what comes later too', async () => {
    const connection = openConnection()
    const patterns = new PatternTester(patternThread)
    testers.push(patterns)
    const inspector = new Inspector({ onDirty: () => {}, patterns })
    inspector.watch(liveSource(connection))
    inspector.setFilter({ ...EVERYTHING, text: '^a.c$', isRegex: true })
    for (const said of ['abc', 'ab', 'adc']) serverSays(connection, said)
    inspector.sourceChanged()
    await inspector.settle()
    expect(inspector.rows?.count).toBe(2)
    serverSays(connection, 'aec')
    inspector.sourceChanged()
    await inspector.settle()
    expect(inspector.rows?.count).toBe(3)
  })

  test('finds the same as one that needs no worker', async () => {
    const inspector = await opened()
    inspector.setFilter({ ...EVERYTHING, text: '^백', isRegex: true })
    await inspector.settle()
    expect(counted(inspector)).toEqual([50, undefined])
    inspector.setFilter({ ...EVERYTHING, text: '백' })
    await inspector.settle()
    expect(counted(inspector)).toEqual([50, undefined])
  })

  test('that backtracks without end leaves the former one in force, and says so', async () => {
    const inspector = await opened(200)
    inspector.setFilter({ ...EVERYTHING, text: '^백', isRegex: true })
    await inspector.settle()
    inspector.setFilter({ ...EVERYTHING, text: ENDLESS, isRegex: true })
    await inspector.settle()
    expect(counted(inspector)).toEqual([50, expect.stringContaining('너무 오래 걸려')])
    inspector.setFilter({ ...EVERYTHING, text: '^하나', isRegex: true })
    await inspector.settle()
    expect(counted(inspector)).toEqual([4_950, undefined])
  })

  test('that backtracks without end is not tried again with the next recording', async () => {
    const inspector = await opened(200)
    inspector.setFilter({ ...EVERYTHING, text: ENDLESS, isRegex: true })
    await inspector.settle()
    await inspector.open(recordingOf([text('하나')]))
    await inspector.settle()
    expect(counted(inspector)).toEqual([3, expect.stringContaining('너무 오래 걸려')])
  })

  test('that was good and meets what it cannot cope with makes room for no filter', async () => {
    const inspector = await opened(200)
    inspector.setFilter({ ...EVERYTHING, text: ENDLESS, isRegex: true, from: 'client' })
    await inspector.settle()
    expect(counted(inspector)).toEqual([0, undefined])
    const connection = openConnection()
    inspector.watch(liveSource(connection))
    inspector.sourceChanged()
    await inspector.settle()
    clientSays(connection, `${'a'.repeat(60)}!`)
    inspector.sourceChanged()
    await inspector.settle()
    expect(counted(inspector)).toEqual([3, expect.stringContaining('너무 오래 걸려')])
  })

  test('typed over another while that one is being tried counts alone', async () => {
    const inspector = await opened()
    inspector.setFilter({ ...EVERYTHING, text: ENDLESS, isRegex: true })
    inspector.advance(0)
    inspector.setFilter({ ...EVERYTHING, text: '^백', isRegex: true })
    await inspector.settle()
    expect(counted(inspector)).toEqual([50, undefined])
  })
})

test('an inspector of nothing has nothing to do', async () => {
  const inspector = new Inspector({ onDirty: () => {} })
  inspector.watch({ ...liveSource(openConnection()), connection: undefined, state: 'connecting' })
  expect([inspector.settled, inspector.advance(0)]).toEqual([true, false])
  await inspector.settle()
})
