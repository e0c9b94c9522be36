/** Milliseconds to the next attempt at most: twice as long after each, up to `most`. */
const RETRY_MS = { first: 1_000, most: 30_000 }

/**
 * Milliseconds to wait before an attempt to get back what was lost. Any time up to the bound is as likely: pages that have
 * lost the same sandbox at the same moment come back at different ones.
 * @param attempt 0 for the first
 * @param random in [0, 1)
 */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(RETRY_MS.first * 2 ** attempt, RETRY_MS.most)
}
