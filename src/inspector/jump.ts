import type { CapturedConnection } from '../wire/captured-connection.ts'

/** Number of the first item that came at that time or later, in microseconds; undefined when none did. */
export function numberAt({ items, forgotten }: CapturedConnection, at: number): number | undefined {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle]?.at ?? 0) < at) low = middle + 1
    else high = middle
  }
  return low < items.length ? forgotten.items + low : undefined
}

/** Microseconds to each unit of time. */
const UNITS: Readonly<Record<string, number>> = { ms: 1_000, s: 1_000_000, 초: 1_000_000 }

/**
 * The item that a reader means by `12` (its number, counted from 1), `350ms` or `1.5s` (since the first byte).
 * @returns its number, or a Korean sentence that says why there is none
 */
export function jumpTarget(
  connection: CapturedConnection,
  text: string,
): { readonly number: number } | { readonly fault: string } {
  const [, digits, unit = ''] = /^#?\s*(\d+(?:\.\d+)?)\s*(ms|s|초)?$/.exec(text.trim()) ?? []
  if (digits === undefined) return { fault: '번호나 시각을 적어 주십시오. 예: 12, 350ms, 1.5s' }
  const perUnit = UNITS[unit]
  if (perUnit !== undefined) {
    const number = numberAt(connection, connection.startedAt + Number(digits) * perUnit)
    return number === undefined ? { fault: '그 시각보다 나중에 지나간 것이 없습니다.' } : { number }
  }
  const number = Number(digits) - 1
  const first = connection.forgotten.items
  if (connection.itemAt(number)) return { number }
  return { fault: `${first + 1}번부터 ${connection.end}번까지 있습니다.` }
}
