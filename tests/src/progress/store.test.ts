import { describe, expect, test } from 'vitest'
import { adopt, discardSetAside, reset, setAside } from '../../../src/progress/housekeeping.ts'
import { keyOf } from '../../../src/progress/records.ts'
import { ProgressStore } from '../../../src/progress/store.ts'
import { FakeStorage } from './fake-storage.ts'

const AFTER_101 = keyOf('question', 'handshake', 'after-101')
const UNOFFERED = keyOf('question', 'handshake', 'unoffered')
const HELLO = keyOf('prediction', 'first-connection', 'hello-bytes')
const NAME = `websocket-anatomy:2:${AFTER_101}`

function clock(start = 1_000): () => number {
  let time = start
  return () => time++
}

function storeOn(storage: FakeStorage): ProgressStore {
  return new ProgressStore(() => storage, clock())
}

/** Two tabs of one browser; each hears of the other's changes when `deliver` is called. */
function twoTabs(storage = new FakeStorage()): {
  a: ProgressStore
  b: ProgressStore
  deliver: () => void
  act: (tab: 'a' | 'b', what: () => void) => void
} {
  const tabs = { a: storeOn(storage), b: new ProgressStore(() => storage, clock(5_000)) }
  let writer: 'a' | 'b' = 'a'
  const queue: (() => void)[] = []
  storage.onChange = (name, text) => {
    const other = writer === 'a' ? tabs.b : tabs.a
    queue.push(() => other.changedElsewhere(name, text))
  }
  return {
    ...tabs,
    deliver: () => {
      for (const event of queue.splice(0)) event()
    },
    act: (tab, what) => {
      writer = tab
      what()
    },
  }
}

describe('what is put', () => {
  test('is there again after a reload, with its time', () => {
    const storage = new FakeStorage()
    storeOn(storage).put(AFTER_101, { answer: 'k1', right: false, round: 0, due: 7 })
    expect(storeOn(storage).get(AFTER_101)).toEqual({
      at: 1_000,
      answer: 'k1',
      right: false,
      round: 0,
      due: 7,
    })
  })

  test('is forgotten for good when nothing is put in its place', () => {
    const storage = new FakeStorage()
    const store = storeOn(storage)
    store.put(AFTER_101, { answer: 'k1' })
    store.put(AFTER_101, undefined)
    expect(store.get(AFTER_101)).toBeUndefined()
    expect(storage.length).toBe(0)
  })

  test('leaves the theme and other entries alone, also when everything is reset', () => {
    const storage = new FakeStorage({ 'websocket-anatomy:theme': 'dark', other: '{' })
    const store = storeOn(storage)
    store.put(AFTER_101, { answer: 'k1' })
    reset(store)
    expect([...storage.entries.keys()]).toEqual(['websocket-anatomy:theme', 'other'])
  })
})

describe('two tabs', () => {
  test('that answer different questions before hearing of each other lose neither answer', () => {
    const storage = new FakeStorage()
    const { a, b, deliver, act } = twoTabs(storage)
    act('a', () => a.put(AFTER_101, { answer: 'k1' }))
    act('b', () => b.put(UNOFFERED, { answer: 'k2' }))
    deliver()
    for (const tab of [a, b, storeOn(storage)])
      expect([tab.get(AFTER_101)?.answer, tab.get(UNOFFERED)?.answer]).toEqual(['k1', 'k2'])
  })

  test('agree on one question, and are told which', () => {
    const { a, b, deliver, act } = twoTabs()
    const told: (readonly string[])[] = []
    b.watch(keys => told.push(keys))
    act('a', () => a.put(AFTER_101, { answer: 'k1' }))
    deliver()
    act('b', () => b.put(AFTER_101, { answer: 'k2' }))
    deliver()
    expect(a.get(AFTER_101)?.answer).toBe('k2')
    expect(told).toEqual([[AFTER_101], [AFTER_101]])
  })

  test('agree after a reset, and after the browser cleared its storage', () => {
    const storage = new FakeStorage()
    const { a, b, deliver, act } = twoTabs(storage)
    act('a', () => a.put(AFTER_101, { answer: 'k1' }))
    act('a', () => a.put(HELLO, { answer: '12' }))
    deliver()
    act('a', () => void reset(a, 'handshake'))
    deliver()
    expect([b.get(AFTER_101), b.get(HELLO)?.answer]).toEqual([undefined, '12'])
    storage.entries.clear()
    b.changedElsewhere(null, null)
    expect(b.records.size).toBe(0)
  })

  test('a tab that slept reads what it missed', () => {
    const storage = new FakeStorage()
    const { a, b } = twoTabs(storage)
    a.put(AFTER_101, { answer: 'k1' })
    const told: string[] = []
    b.watch(keys => told.push(...keys))
    b.reload()
    expect(b.get(AFTER_101)?.answer).toBe('k1')
    expect(told).toEqual([AFTER_101])
  })
})

describe('a store of version 1', () => {
  const old = {
    'websocket-anatomy:quiz': '{"handshake/after-101":"0","handshake/unoffered":"2"}',
    'websocket-anatomy:predictions': '{"first-connection/hello-bytes":"12"}',
    'websocket-anatomy:missions': '{"handshake/second-subprotocol":"passed"}',
  }

  test('is brought over whole, and its entries are gone', () => {
    const storage = new FakeStorage(old)
    storeOn(storage)
    const store = storeOn(storage)
    expect(Object.fromEntries(store.records)).toEqual({
      [AFTER_101]: { at: 0, answer: '0' },
      [UNOFFERED]: { at: 0, answer: '2' },
      [HELLO]: { at: 0, answer: '12' },
      'mission:handshake/second-subprotocol': { at: 0 },
    })
    expect([...storage.entries.keys()].every(name => name.startsWith('websocket-anatomy:2:'))).toBe(true)
    expect(store.damaged).toBe(0)
  })

  test('never writes over what was answered since, by a tab that still runs the old course', () => {
    const storage = new FakeStorage()
    const store = storeOn(storage)
    store.put(AFTER_101, { answer: 'k1', right: true })
    storage.setItem('websocket-anatomy:quiz', old['websocket-anatomy:quiz'])
    store.changedElsewhere('websocket-anatomy:quiz', old['websocket-anatomy:quiz'])
    expect(store.get(AFTER_101)?.answer).toBe('k1')
    expect(store.get(UNOFFERED)?.answer).toBe('2')
  })

  test('keeps its entries when there is no room to bring them over, and is read all the same', () => {
    const storage = new FakeStorage(old)
    storage.room = 0
    const store = storeOn(storage)
    expect(store.get(HELLO)?.answer).toBe('12')
    expect(Object.fromEntries(storage.entries)).toEqual(old)
  })

  test.each(['not JSON', '[]', 'null'])('that holds %s is set aside as it was', text => {
    const storage = new FakeStorage({ 'websocket-anatomy:quiz': text })
    const store = storeOn(storage)
    expect(store.damaged).toBe(1)
    expect(Object.fromEntries(setAside(storage))).toEqual({ 'websocket-anatomy:quiz': text })
  })

  test('gives what can be read of it, and the whole is set aside', () => {
    const text = '{"handshake/after-101":"1","handshake/unoffered":7,"../x/y":"1"}'
    const storage = new FakeStorage({ 'websocket-anatomy:quiz': text })
    const store = storeOn(storage)
    expect([...store.records.keys()]).toEqual([AFTER_101])
    expect([...setAside(storage).values()]).toEqual([text])
  })
})

describe('a damaged store', () => {
  test.each(['', '{', '[]', '7', 'null', '{"answer":"k1"}', '{"at":"now"}', '{"at":1,"right":"yes"}'])(
    'an entry that holds %j is set aside once, under its old name, and its place is free again',
    text => {
      const storage = new FakeStorage({ [NAME]: text })
      const store = storeOn(storage)
      expect([store.damaged, store.get(AFTER_101)]).toEqual([1, undefined])
      store.put(AFTER_101, { answer: 'k1' })
      const next = storeOn(storage)
      expect(next.damaged).toBe(0)
      expect(Object.fromEntries(setAside(storage))).toEqual({ [NAME]: text })
      expect(next.get(AFTER_101)?.answer).toBe('k1')
    },
  )

  test('damaged twice keeps both', () => {
    const storage = new FakeStorage({ [NAME]: '{' })
    storeOn(storage)
    storage.setItem(NAME, '}')
    storeOn(storage)
    expect(Object.fromEntries(setAside(storage))).toEqual({ [NAME]: '{', [`${NAME}~2`]: '}' })
  })

  test('spares the entries around it', () => {
    const storage = new FakeStorage({
      [NAME]: '{',
      [`websocket-anatomy:2:${UNOFFERED}`]: '{"at":5,"answer":"k2","field of a later course":1}',
    })
    expect(storeOn(storage).get(UNOFFERED)?.answer).toBe('k2')
  })

  test('is not written over when there is no room to set it aside', () => {
    const storage = new FakeStorage({ [NAME]: '{' })
    storage.room = 0
    const store = storeOn(storage)
    storage.room = Infinity
    store.put(AFTER_101, { answer: 'k1' })
    expect(store.get(AFTER_101)?.answer).toBe('k1')
    expect(storage.getItem(NAME)).toBe('{')
    expect(store.trouble).toBe('full')
  })

  test('can be thrown away when the reader says so', () => {
    const storage = new FakeStorage({ [NAME]: '{' })
    storeOn(storage)
    discardSetAside(storage)
    expect(setAside(storage).size).toBe(0)
    expect(storage.length).toBe(0)
  })
})

describe('a browser that keeps nothing', () => {
  test.each<[string, () => FakeStorage | null]>([
    [
      'throws',
      () => {
        throw new DOMException('denied', 'SecurityError')
      },
    ],
    ['has none', () => null],
  ])('local storage that %s: everything works in memory, and the store says so', (_, open) => {
    const store = new ProgressStore(open, clock())
    expect(store.trouble).toBe('closed')
    store.put(AFTER_101, { answer: 'k1' })
    expect(store.get(AFTER_101)?.answer).toBe('k1')
    reset(store)()
    expect(store.get(AFTER_101)?.answer).toBe('k1')
  })

  test('storage without room holds in memory, and is written as soon as there is some', () => {
    const storage = new FakeStorage()
    const store = storeOn(storage)
    storage.room = 10
    store.put(AFTER_101, { answer: 'k1' })
    expect([store.trouble, store.get(AFTER_101)?.answer, storage.length]).toEqual(['full', 'k1', 0])
    storage.room = Infinity
    store.put(UNOFFERED, { answer: 'k2' })
    expect(store.trouble).toBeUndefined()
    expect(storeOn(storage).get(AFTER_101)?.answer).toBe('k1')
  })

  test('a stored answer stays when there is no room for the newer one', () => {
    const storage = new FakeStorage()
    const store = storeOn(storage)
    store.put(AFTER_101, { answer: 'k1' })
    storage.room = 0
    store.put(AFTER_101, { answer: 'a longer answer' })
    expect(store.get(AFTER_101)?.answer).toBe('a longer answer')
    expect(storeOn(storage).get(AFTER_101)?.answer).toBe('k1')
    store.reload()
    expect(store.get(AFTER_101)?.answer).toBe('a longer answer')
  })
})

describe('a reset', () => {
  function filled(storage = new FakeStorage()): ProgressStore {
    const store = storeOn(storage)
    store.put(AFTER_101, { answer: 'k1' })
    store.put(HELLO, { answer: '12' })
    return store
  }

  test('of a lesson forgets that lesson alone', () => {
    const store = filled()
    reset(store, 'handshake')
    expect([...store.records.keys()]).toEqual([HELLO])
  })

  test('can be undone, here and in storage', () => {
    const storage = new FakeStorage()
    const store = filled(storage)
    const before = new Map(store.records)
    const undo = reset(store)
    expect(store.records.size).toBe(0)
    undo()
    expect(store.records).toEqual(before)
    expect(storeOn(storage).records).toEqual(before)
  })

  test('undone late does not take back what was answered since', () => {
    const store = filled()
    const undo = reset(store)
    store.put(AFTER_101, { answer: 'k9' })
    undo()
    expect([store.get(AFTER_101)?.answer, store.get(HELLO)?.answer]).toEqual(['k9', '12'])
  })
})

describe('records from elsewhere', () => {
  const theirs = new Map([
    [AFTER_101, { at: 1, answer: 'older' }],
    [UNOFFERED, { at: 9_000, answer: 'newer' }],
    ['mark:handshake/read', { at: 3 }],
  ])

  function mine(): ProgressStore {
    const store = storeOn(new FakeStorage())
    for (const key of [AFTER_101, UNOFFERED, HELLO]) store.put(key, { answer: 'mine' })
    return store
  }

  test('merge: the later answer counts, and nothing is lost', () => {
    const store = mine()
    adopt(store, theirs, 'merge')
    expect([AFTER_101, UNOFFERED, HELLO].map(key => store.get(key)?.answer)).toEqual([
      'mine',
      'newer',
      'mine',
    ])
    expect(store.records.has('mark:handshake/read')).toBe(true)
  })

  test('replace: what was not in the file is gone', () => {
    const store = mine()
    adopt(store, theirs, 'replace')
    expect(store.records).toEqual(theirs)
  })

  test.each(['merge', 'replace'] as const)('%s can be undone', how => {
    const store = mine()
    const before = new Map(store.records)
    adopt(store, theirs, how)()
    expect(store.records).toEqual(before)
  })

  test('replacing makes room before it takes room', () => {
    const storage = new FakeStorage()
    const store = storeOn(storage)
    store.put(AFTER_101, { answer: 'x'.repeat(500) })
    storage.room = 700
    adopt(store, new Map([[UNOFFERED, { at: 1, answer: 'y'.repeat(500) }]]), 'replace')
    expect(store.trouble).toBeUndefined()
    expect(storeOn(storage).get(UNOFFERED)?.answer).toHaveLength(500)
  })
})
