import { MARKET_STOCKS, type Stock, type Trade } from '#contract/market.ts'

/** What one seat has heard of a market. */
export interface Prices {
  readonly latest: ReadonlyMap<Stock, Trade>
  /** Messages that came, and trades that they told of. */
  readonly messages: number
  readonly trades: number
  /** Number of the first trade that was heard of, and of the last: what lies between was traded. */
  readonly first: number
  readonly last: number
  /** Seconds since the first message, and the price of each stock then, as it is drawn. */
  readonly seconds: readonly number[]
  readonly lines: Readonly<Record<Stock, readonly number[]>>
}

export const STOCKS = Object.keys(MARKET_STOCKS) as Stock[]

export const NO_PRICES: Prices = {
  latest: new Map(),
  messages: 0,
  trades: 0,
  first: 0,
  last: 0,
  seconds: [],
  lines: { 가나전자: [], 다라화학: [], 마바통신: [] },
}

/** Points of a line that are kept. */
const POINTS = 240

/**
 * What is known after one more message.
 * @param seconds since the first
 */
export function hearTrades(before: Prices, trades: readonly Trade[], seconds: number): Prices {
  const latest = new Map(before.latest)
  for (const trade of trades) latest.set(trade.stock, trade)
  const numbers = trades.map(({ number }) => number)
  const line = (stock: Stock) => [...before.lines[stock], percentOf(stock, latest.get(stock))].slice(-POINTS)
  return {
    latest,
    messages: before.messages + 1,
    trades: before.trades + trades.length,
    first: before.first || Math.min(...numbers),
    last: Math.max(before.last, ...numbers),
    seconds: [...before.seconds, seconds].slice(-POINTS),
    lines: { 가나전자: line('가나전자'), 다라화학: line('다라화학'), 마바통신: line('마바통신') },
  }
}

/** How far a price is from where it began, in percent. */
function percentOf(stock: Stock, trade: Trade | undefined): number {
  return trade === undefined ? 0 : (trade.price / MARKET_STOCKS[stock] - 1) * 100
}
