import { describe, expect, onTestFinished, test } from 'vitest'
import { RACE_WAYS, type RaceWay } from '#contract/race-ways.ts'
import type { RaceSettings, RaceTally } from '#contract/race.ts'
import { processClock } from '../../sandbox-server/clock.ts'
import { Dialler } from '../../sandbox-server/dialler.ts'
import { Race } from '../../sandbox-server/race/race.ts'
import { Page } from './support/page.ts'
import { eventually, runSandbox } from './support/running-sandbox.ts'

const SETTINGS: RaceSettings = {
  rate: 20,
  size: 10,
  subscribers: 1,
  pollMs: 200,
  seconds: 2,
  batching: true,
  keepAlive: true,
}
const HEADERS = { Host: '127.0.0.1:8787', 'User-Agent': 'a browser of a reader', Accept: '*/*' }

/** Runs a race to its end and gives what each way cost. */
async function run(settings: Partial<RaceSettings> = {}): Promise<Readonly<Record<RaceWay, RaceTally>>> {
  const dialler = new Dialler(1000)
  onTestFinished(() => dialler.close())
  const race = new Race({
    settings: { ...SETTINGS, ...settings },
    headers: HEADERS,
    dial: () => dialler.dial(),
    clock: processClock,
  })
  await race.run()
  return Object.fromEntries(race.tallies().map(tally => [tally.way, tally])) as never
}

describe('a race', () => {
  test('takes the same events over every way, and none is lost but what came after the last poll', async () => {
    const tallies = await run({ subscribers: 2 })
    const { websocket } = tallies
    expect(websocket.events).toBeGreaterThan(40)
    // All push alike; the clients of a race that ends may differ by what was under way.
    for (const way of ['long-poll', 'sse'] as const)
      expect(Math.abs(tallies[way].events - websocket.events)).toBeLessThanOrEqual(4)
    for (const way of ['poll', 'poll-h2'] as const)
      expect(tallies[way].events).toBeGreaterThan(websocket.events * 0.7)
  })

  test('asks once where the server may speak, and again and again where it may only answer', async () => {
    const { poll, sse, websocket, ...rest } = await run()
    expect([sse.requests, websocket.requests, sse.connections, websocket.connections]).toEqual([1, 1, 1, 1])
    expect(poll.requests).toBeGreaterThanOrEqual(8)
    expect(poll.requests).toBeLessThanOrEqual(12)
    expect(rest['long-poll'].requests).toBeGreaterThan(rest['long-poll'].events * 0.9)
    expect(rest['poll-h2'].connections).toBe(1)
  })

  test('costs a request of the reader’s own header fields each time, which HTTP/2 says once', async () => {
    const { poll, websocket, ...rest } = await run({ pollMs: 100 })
    const length = 'GET /poll?since=10 HTTP/1.1\r\n\r\n'.length + 'Connection: keep-alive\r\n'.length
    const fields = Object.entries(HEADERS)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('').length
    expect(poll.up / poll.requests).toBeGreaterThan(length + fields - 4)
    expect(poll.up / poll.requests).toBeLessThan(length + fields + 4)
    expect(rest['poll-h2'].up).toBeLessThan(poll.up / 2)
    expect(websocket.up + websocket.down).toBeLessThan(poll.up + poll.down)
  })

  test('polls over a connection each when none is kept', async () => {
    const kept = await run({ keepAlive: true })
    const not = await run({ keepAlive: false })
    expect(kept.poll.connections).toBe(1)
    // The last of them may have been asked for when the race ended.
    expect(not.poll.connections).toBeGreaterThanOrEqual(not.poll.requests - 1)
  })

  test('without batching asks once for each event, and once more to know that there is none', async () => {
    const { poll } = await run({ batching: false })
    expect(poll.requests).toBeGreaterThanOrEqual(poll.events)
    expect(poll.events).toBeGreaterThan(25)
  })

  test('has polls wait for the next question, and others not', async () => {
    const { poll, websocket, sse } = await run({ pollMs: 1000 })
    expect(poll.max).toBeGreaterThan(500)
    for (const { p50 } of [websocket, sse]) expect(p50).toBeLessThan(poll.p50 / 2)
  })

  test('has percentiles in order, of times that are none below zero', async () => {
    for (const { p50, p95, max } of Object.values(await run())) {
      expect([0, p50, p95, max]).toEqual([0, p50, p95, max].toSorted((a, b) => a - b))
    }
  })
})

describe('a page that has a race run', () => {
  const begin = { type: 'race', request: 1, ...SETTINGS }

  test('is told of every way while it is run, and when it is over', async () => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    page.say(begin)
    await page.told('race-over')
    const tallies = page.events.filter(event => event.type === 'tally')
    expect(new Set(tallies.map(({ way }) => way))).toEqual(new Set(RACE_WAYS))
    expect(tallies.length).toBeGreaterThan(3 * RACE_WAYS.length)
    const of = tallies.filter(({ way }) => way === 'websocket').map(({ down }) => down)
    expect(of).toEqual(of.toSorted((a, b) => a - b))
  })

  test('has one at a time, and so many pages at once', async () => {
    const { port } = await runSandbox({ limits: { races: 1 } })
    const [page, other] = [await Page.open(port), await Page.open(port)]
    page.say(begin)
    page.say({ ...begin, request: 2 })
    expect(await page.told('error')).toMatchObject({ code: 'too-many-races', request: 2 })
    other.say({ ...begin, request: 3 })
    expect(await other.told('error')).toMatchObject({ code: 'too-many-races', request: 3 })
    await page.told('race-over')
    other.say({ ...begin, request: 4 })
    await other.told('tally', ({ request }) => request === 4)
  })

  test('that goes away ends it', async () => {
    const { port } = await runSandbox({ limits: { races: 1 } })
    const page = await Page.open(port)
    page.say({ ...begin, seconds: 20 })
    await page.told('tally')
    page.control.close()
    const other = await Page.open(port)
    for (let request = 10; ; request++) {
      other.say({ ...begin, request })
      const answers = () => other.events.filter(event => 'request' in event && event.request === request)
      await eventually(() => answers().length > 0)
      if (answers()[0]?.type === 'error') continue
      expect(answers()[0]).toMatchObject({ type: 'tally' })
      break
    }
  })

  test.each([
    ['rate', 51],
    ['rate', 0],
    ['size', 1001],
    ['subscribers', 11],
    ['pollMs', 99],
    ['seconds', 21],
    ['batching', 1],
  ])('is told which setting cannot be: %s %d', async (field, value) => {
    const { port } = await runSandbox()
    const page = await Page.open(port)
    page.say({ ...begin, [field]: value })
    expect(await page.told('error')).toMatchObject({ code: 'malformed-command', field })
  })
})
