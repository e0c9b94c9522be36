import { EventEmitter, once } from 'node:events'
import { expect, test } from 'vitest'
import { MARKET_STOCKS, readTrades, type Trade } from '#contract/market.ts'
import type { WebSocket } from 'ws'
import { LocalBus } from '../../../sandbox-server/bus/bus.ts'
import { market } from '../../../sandbox-server/labs/market.ts'
import { openLab } from '../support/page.ts'
import { eventually, runSandbox } from '../support/running-sandbox.ts'

async function look(port: number, query: string): Promise<Trade[][]> {
  const client = openLab(port, undefined, {}, [], `market?${query}`)
  const heard: Trade[][] = []
  client.on('message', (data: Buffer) => heard.push([...readTrades(data.toString())]))
  await once(client, 'open')
  return heard
}

test('who wants every trade gets each in a message of its own, none missing', async () => {
  const { port } = await runSandbox()
  const heard = await look(port, '')
  await eventually(() => heard.length >= 20)
  expect(heard.every(trades => trades.length === 1)).toBe(true)
  const numbers = heard.flat().map(({ number }) => number)
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
})

test('who wants them coalesced gets the latest of each stock, of many trades one message', async () => {
  const { port } = await runSandbox()
  const [all, few] = [await look(port, 'coalesce=0'), await look(port, 'coalesce=200')]
  await eventually(() => few.length >= 3)
  expect(all.length).toBeGreaterThan(few.length * 5)
  for (const trades of few) {
    expect(new Set(trades.map(({ stock }) => stock)).size).toBe(trades.length)
    for (const { stock, number } of trades) {
      expect(Object.keys(MARKET_STOCKS)).toContain(stock)
      // Nothing newer of that stock had been traded before it was sent.
      expect(number).toBeGreaterThan(0)
    }
  }
  const last = few.at(-1) ?? []
  const same = all.flat().filter(trade => last.some(({ number }) => number === trade.number))
  expect(same).toEqual(expect.arrayContaining(last.slice(0, same.length)))
})

test('who has not taken what was sent gets no more until then, and then the latest of each stock', async () => {
  const { port, sandbox } = await runSandbox()
  const sent: Trade[][] = []
  // What a kernel takes is more than the market says in a minute: this one takes nothing at first.
  const slow = Object.assign(new EventEmitter(), {
    readyState: 1,
    OPEN: 1,
    bufferedAmount: 1,
    send: (data: string) => sent.push([...readTrades(data)]),
  })
  const all = await look(port, '')
  const surroundings = { holdings: () => sandbox.holdings(), bus: new LocalBus() }
  market.serve(slow as unknown as WebSocket, new URLSearchParams(), surroundings)
  await eventually(() => all.length >= 20)
  expect(sent).toEqual([])
  slow.bufferedAmount = 0
  await eventually(() => sent.length >= 2)
  slow.emit('close')
  expect(new Set(sent[0]?.map(({ stock }) => stock))).toEqual(new Set(Object.keys(MARKET_STOCKS)))
  expect(sent[0]).toHaveLength(Object.keys(MARKET_STOCKS).length)
  expect(sent[1]).toHaveLength(1)
})
