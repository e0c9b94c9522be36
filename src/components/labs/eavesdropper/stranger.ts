import { MAX_OVERHEARD_TEXT } from '#contract/addresses.ts'
import type { RandomBytes } from '../../../inspector/sources/player.ts'

/** Longest text that the lab has said. */
export const MOST_TEXT = MAX_OVERHEARD_TEXT

/** What somebody else says: a number of four digits that the reader has not chosen. */
export function strangersText(random: RandomBytes): string {
  const [high = 0, low = 0] = random(2)
  return `내일의 암호는 ${String((high * 256 + low) % 10_000).padStart(4, '0')}입니다`
}
