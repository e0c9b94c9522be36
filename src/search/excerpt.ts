import type { Match } from './matcher.ts'

/** A piece of text that is what was sought, or not. */
export interface Span {
  readonly text: string
  readonly hit: boolean
}

type Range = Pick<Match, 'start' | 'end'>

/** Characters shown of a section's text. */
const LENGTH = 110
/** Room before the first match, when the sentence does not begin there. */
const BEFORE = 28

/** The text with its matches apart. */
export function marked(text: string, matches: readonly Range[]): Span[] {
  const spans: Span[] = []
  let at = 0
  for (const { start, end } of merged(matches)) {
    if (start > at) spans.push({ text: text.slice(at, start), hit: false })
    spans.push({ text: text.slice(start, end), hit: true })
    at = end
  }
  if (at < text.length) spans.push({ text: text.slice(at), hit: false })
  return spans
}

/** The part of a text with the most matches, from the beginning of a sentence or a word; its beginning without any. */
export function excerptOf(text: string, matches: readonly Match[]): Span[] {
  const ranges = merged(matches)
  const densest = matches.toSorted((a, b) => worthFrom(matches, b.start) - worthFrom(matches, a.start))[0]
  const start = densest === undefined ? 0 : beginningBefore(text, densest.start)
  const end = endAfter(text, start + LENGTH)
  const inside = ranges
    .filter(range => range.start >= start && range.start < end)
    .map(range => ({ start: range.start - start, end: Math.min(range.end, end) - start }))
  const spans = marked(text.slice(start, end), inside)
  if (start > 0) spans.unshift({ text: '… ', hit: false })
  if (end < text.length) spans.push({ text: ' …', hit: false })
  return spans.map(span => ({ ...span, text: span.text.replaceAll('\n', ' ') }))
}

/** What an excerpt that begins here shows. */
function worthFrom(matches: readonly Match[], start: number): number {
  return matches
    .filter(match => match.start >= start && match.end <= start + LENGTH - BEFORE)
    .reduce((worth, { quality }) => worth + quality, 0)
}

/** In order and without overlaps; of two that begin together the shorter, which is the word without its ending. */
function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = result.at(-1)
    if (last === undefined || range.start >= last.end) result.push(range)
    else if (range.start > last.start && range.end > last.end)
      result[result.length - 1] = { start: last.start, end: range.end }
  }
  return result
}

function beginningBefore(text: string, index: number): number {
  const from = Math.max(0, index - BEFORE)
  const before = text.slice(from, index)
  const sentence = [...before.matchAll(/\n|[.?!]\s/g)].at(-1)
  if (sentence !== undefined) return from + sentence.index + sentence[0].length
  if (from === 0) return 0
  const space = before.indexOf(' ')
  return space < 0 ? index : from + space + 1
}

function endAfter(text: string, index: number): number {
  if (index >= text.length) return text.length
  const word = text.lastIndexOf(' ', index)
  return word > index - BEFORE ? word : index
}
