/** What is traded, and what each begins at. */
export const MARKET_STOCKS = { 가나전자: 71_000, 다라화학: 38_500, 마바통신: 120_000 } as const
export type Stock = keyof typeof MARKET_STOCKS

/** Milliseconds between two trades in a burst, and how long bursts and the calm between them last. */
export const MARKET_TRADE_MS = 20
export const MARKET_BURST_MS = 2_000
export const MARKET_CALM_MS = 1_000

/** One trade; a message carries an array of them. */
export interface Trade {
  readonly stock: Stock
  readonly price: number
  /** Counted from 1, over all stocks: what is missing was held back. */
  readonly number: number
}

/** Reads a message of the lab `market`; empty when it is none. */
export function readTrades(message: string): readonly Trade[] {
  try {
    const json: unknown = JSON.parse(message)
    return Array.isArray(json) ? json.filter(isTrade) : []
  } catch {
    return []
  }
}

function isTrade(value: unknown): value is Trade {
  if (typeof value !== 'object' || value === null) return false
  const { stock, price, number } = value as Record<string, unknown>
  return (
    typeof stock === 'string' &&
    Object.hasOwn(MARKET_STOCKS, stock) &&
    typeof price === 'number' &&
    typeof number === 'number'
  )
}
