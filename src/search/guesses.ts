import { convertHangulToQwerty, convertQwertyToHangul, disassemble } from 'es-hangul'
import { ENDING_PATTERN } from '../content/korean.ts'
import { nameKey } from './reading.ts'

/** The same keys with the keyboard in the other language, when that could be a word: vmfpdla is 프레임. */
export function inOtherLayout(query: string): string | undefined {
  if (/^[a-z\s]{2,}$/i.test(query)) {
    const hangul = convertQwertyToHangul(query)
    return /^[가-힣\s]+$/.test(hangul) ? hangul : undefined
  }
  return /^[가-힣ㄱ-ㅎㅏ-ㅣ\s]{2,}$/.test(query) ? convertHangulToQwerty(query).toLowerCase() : undefined
}

/** The query with spaces around the names in it, and between Hangul, Latin and digits: 페이로드마스킹은 is two words. */
export function takenApart(query: string, names: readonly string[]): string {
  const words = names.flatMap(name => name.split(/\s+/)).filter(word => /^[가-힣]{2,}$/.test(word))
  const longestFirst = [...new Set(words)].toSorted((a, b) => b.length - a.length)
  const known = new RegExp(`(?:${longestFirst.join('|')})(?:${ENDING_PATTERN}(?![가-힣]))?`, 'g')
  return query
    .replaceAll(known, ' $& ')
    .replaceAll(/(?<=[가-힣])(?=[a-z0-9])|(?<=[a-z])(?=[가-힣0-9]{2})/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** One wrong keystroke in so many may be forgiven. */
const KEYS_A_MISTAKE = 4
const MOST_SUGGESTIONS = 3

/** Names that are a few keystrokes from the query, nearest first. */
export function nearest(query: string, names: readonly string[]): string[] {
  const typed = disassemble(nameKey(query))
  const most = Math.floor(typed.length / KEYS_A_MISTAKE)
  return names
    .map(name => ({ name, distance: distanceOf(typed, disassemble(nameKey(name)), most) }))
    .filter(({ distance }) => distance > 0 && distance <= most)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ name }) => name)
}

/** Keystrokes to add, leave out or change to make one word of the other; more than `most` is not counted out. */
function distanceOf(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, key] of [...from].entries()) {
    const next = [index + 1]
    for (const [at, other] of [...to].entries())
      next.push(
        Math.min((row[at] ?? 0) + (key === other ? 0 : 1), (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1),
      )
    row = next
  }
  return row.at(-1) ?? 0
}
