import { describe, expect, test, vi } from 'vitest'
import type { Told } from '#contract/gathering.ts'
import type { Place } from '#contract/arena.ts'
import { gather, NOTHING_YET } from '../../../../src/components/labs/use-cases/gathered.ts'
import { Inbox } from '../../../../src/components/labs/use-cases/inbox.ts'
import { placesAt } from '../../../../src/components/labs/use-cases/interpolate.ts'
import { Late } from '../../../../src/components/labs/use-cases/late.ts'
import { hearTrades, NO_PRICES } from '../../../../src/components/labs/use-cases/prices.ts'

describe('what a room has told', () => {
  const say = (number: number, text = `${number}`, from = '가영'): Told => ({
    kind: 'say',
    number,
    from,
    text,
  })
  const all = (tolds: readonly Told[]) => tolds.reduce((before, told) => gather(before, told, 0), NOTHING_YET)

  test('is kept in the order of its numbers, and nothing twice', () => {
    const { said, last } = all([say(1), say(2), say(1), say(2), say(3)])
    expect(said.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(last).toBe(3)
  })

  test('names who is there as they were told last', () => {
    const there = all([
      { kind: 'people', people: ['가영'] },
      { kind: 'people', people: ['가영', '나준'] },
    ])
    expect(there.people).toEqual(['가영', '나준'])
  })

  test('knows who types until they have spoken', () => {
    const typing: Told = { kind: 'typing', number: 0, from: '나준', text: '' }
    expect([...all([typing]).typing.keys()]).toEqual(['나준'])
    expect(all([typing, say(1, '안녕', '나준')]).typing.size).toBe(0)
    expect([...all([typing, say(1)]).typing.keys()]).toEqual(['나준'])
  })

  test('marks what was read, and shows that as nothing said', () => {
    const gathered = all([
      { kind: 'notice', number: 1, from: '가영', text: '택배' },
      { kind: 'read', number: 2, from: '나준', text: '1' },
    ])
    expect(gathered.said).toHaveLength(1)
    expect([...gathered.read]).toEqual([1])
  })

  test('is no more than can be shown, and no fault', () => {
    const many = all(Array.from({ length: 80 }, (_, index) => say(index + 1)))
    expect([many.said.length, many.said[0]]).toEqual([50, say(31)])
    expect(all([{ kind: 'fault', text: 'no' }])).toBe(NOTHING_YET)
  })
})

describe('a game between two snapshots', () => {
  const snapshot = (tick: number, players: readonly (readonly [number, Place])[]) => ({
    tick,
    players: new Map(players),
  })
  const ARRIVED = [
    { at: 1000, snapshot: snapshot(1, [[1, { x: 0, y: 100 }]]) },
    { at: 1050, snapshot: snapshot(2, [[1, { x: 10, y: 100 }]]) },
    {
      at: 1150,
      snapshot: snapshot(3, [
        [1, { x: 10, y: 200 }],
        [2, { x: 500, y: 500 }],
      ]),
    },
  ]
  const first = (at: number) => placesAt(ARRIVED, at).get(1)

  test('is drawn between them, as far as the time has come', () => {
    expect(first(1025)).toEqual({ x: 5, y: 100 })
    expect(first(1050)).toEqual({ x: 10, y: 100 })
    expect(first(1100)).toEqual({ x: 10, y: 150 })
  })

  test('stays at the last when nothing newer has come, and at the first before it', () => {
    expect(first(5000)).toEqual({ x: 10, y: 200 })
    expect(first(0)).toEqual({ x: 0, y: 100 })
    expect(placesAt([], 0).size).toBe(0)
  })

  test('has whoever has just come where the server says', () => {
    expect(placesAt(ARRIVED, 1100).get(2)).toEqual({ x: 500, y: 500 })
  })
})

test('what is late comes in its order, however the delay changes', () => {
  vi.useFakeTimers()
  try {
    const handed: number[] = []
    const late = new Late<number>(thing => handed.push(thing))
    late.delay = 300
    late.take(1)
    late.take(2)
    vi.advanceTimersByTime(100)
    late.delay = 0
    late.take(3)
    expect(handed).toEqual([])
    vi.advanceTimersByTime(200)
    expect(handed).toEqual([1, 2, 3])
    late.delay = 100
    late.take(4)
    late.stop()
    vi.advanceTimersByTime(1000)
    expect(handed).toEqual([1, 2, 3])
  } finally {
    vi.useRealTimers()
  }
})

test('prices are the latest of each stock, and what was held back is counted', () => {
  const trade = (number: number, price: number) => ({ stock: '가나전자' as const, price, number })
  const one = hearTrades(NO_PRICES, [trade(5, 71_000)], 0)
  const two = hearTrades(one, [trade(11, 71_710), { stock: '마바통신', price: 120_000, number: 14 }], 0.5)
  expect(two).toMatchObject({ messages: 2, trades: 3, first: 5, last: 14 })
  expect(two.latest.get('가나전자')?.price).toBe(71_710)
  expect(two.seconds).toEqual([0, 0.5])
  expect(two.lines.가나전자[1]).toBeCloseTo(1)
  let many = NO_PRICES
  for (let number = 1; number <= 300; number++) many = hearTrades(many, [trade(number, 71_000)], number)
  expect([many.seconds.length, many.lines.다라화학.length, many.messages]).toEqual([240, 240, 300])
})

test('each seat hears what is meant for it, and knows the last number', () => {
  const inbox = new Inbox()
  const heard: string[] = []
  const stop = inbox.listen(0, words => heard.push(String(words)))
  inbox.hear(1, 'not for me')
  inbox.hear(0, JSON.stringify({ kind: 'say', number: 7, from: 'a', text: 'b' }))
  expect([heard.length, inbox.last(0), inbox.last(1)]).toEqual([1, 7, 0])
  stop()
  inbox.hear(0, 'too late')
  expect(heard).toHaveLength(1)
  inbox.clear()
  expect(inbox.last(0)).toBe(0)
})
