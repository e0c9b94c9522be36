import type { WebSocket } from 'ws'
import { MARKET_COALESCE } from '#contract/addresses.ts'
import {
  MARKET_BURST_MS,
  MARKET_CALM_MS,
  MARKET_STOCKS,
  MARKET_TRADE_MS,
  type Stock,
  type Trade,
} from '#contract/market.ts'
import type { Lab } from './lab.ts'
import { readNumber } from './parameters.ts'
import { perSandbox } from './per-sandbox.ts'

const STOCKS = Object.keys(MARKET_STOCKS) as Stock[]

/** What is traded while anybody looks: the same for all. */
class Market {
  readonly #lookers = new Set<(trade: Trade) => void>()
  #number = 0
  #timer: NodeJS.Timeout | undefined

  /** @returns how to look no more */
  look(looker: (trade: Trade) => void): () => void {
    this.#lookers.add(looker)
    this.#timer ??= setTimeout(() => this.#trade(), MARKET_TRADE_MS)
    return () => this.#lookers.delete(looker)
  }

  #trade(): void {
    if (this.#lookers.size === 0) {
      this.#timer = undefined
      return
    }
    const number = ++this.#number
    const stock = STOCKS[number % STOCKS.length] ?? '가나전자'
    const trade = { stock, price: priceOf(stock, number), number }
    for (const look of this.#lookers) look(trade)
    const isLastOfBurst = number % (MARKET_BURST_MS / MARKET_TRADE_MS) === 0
    this.#timer = setTimeout(() => this.#trade(), isLastOfBurst ? MARKET_CALM_MS : MARKET_TRADE_MS)
  }
}

/** Up and down as prices go, the same for the same number: nobody's money is in it. */
function priceOf(stock: Stock, number: number): number {
  const phase = STOCKS.indexOf(stock) * 2
  const wave = Math.sin(number / 61 + phase) * 3 + Math.sin(number / 17 + phase) + Math.sin(number / 5) * 0.4
  return Math.round((MARKET_STOCKS[stock] * (1 + wave / 100)) / 10) * 10
}

const marketOf = perSandbox(() => new Market())

/**
 * Prices in bursts. Who asks for it is sent only the latest of each stock, every so often; so is who has not taken what
 * was sent before, as a price that is old is of no use.
 */
export const market: Lab = {
  name: 'market',
  subprotocols: [],
  serve(webSocket, query, surroundings) {
    const coalesce = readNumber(query, MARKET_COALESCE)
    const held = new Map<Stock, Trade>()
    const give = () => {
      if (held.size === 0 || webSocket.bufferedAmount > 0) return
      send(webSocket, [...held.values()])
      held.clear()
    }
    const timer = coalesce > 0 ? setInterval(give, coalesce) : undefined
    const leave = marketOf(surroundings).look(trade => {
      held.set(trade.stock, trade)
      if (coalesce === 0) give()
    })
    webSocket.on('close', () => {
      clearInterval(timer)
      leave()
    })
  },
}

function send(webSocket: WebSocket, trades: readonly Trade[]): void {
  if (webSocket.readyState === webSocket.OPEN) webSocket.send(JSON.stringify(trades))
}
