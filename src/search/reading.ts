import { stemOf } from '../content/korean.ts'
import { matcherOf, type Matcher } from './matcher.ts'

/** One way to find what a word of the query means. */
export interface Alternative {
  readonly matcher: Matcher
  /** How sure it is that the reader means this, up to 1. */
  readonly weight: number
}

/** One or more words of the query that are sought as one. */
export interface Sought {
  /** How many words of the query it stands for. */
  readonly words: number
  /** The reader can do without it. */
  readonly optional: boolean
  readonly alternatives: readonly Alternative[]
}

/** A way to read the query: 웹 소켓 연결 is three words, or 웹소켓 and 연결, or one. */
export type Reading = readonly Sought[]

/** What a name also stands for, with how near it is, up to 1. */
export type Concepts = ReadonlyMap<string, readonly { readonly name: string; readonly nearness: number }[]>

/** More words than these are read one by one. */
const JOINED_WORDS = 4
const MOST_WORDS = 8
const STEM = 0.95

/** Words of a question that say nothing of what it is about. */
const QUESTION_WORDS = new Set([
  ...[
    '왜',
    '무엇',
    '무엇인가',
    '무엇인가요',
    '뭐',
    '뭔가요',
    '뭐예요',
    '어떻게',
    '언제',
    '하나요',
    '인가요',
    '되나요',
  ],
  ...['뜻', '의미', '차이', '이유', '방법', '하는', '대해', '대한', '그리고', '또는', '및', '와', '과'],
  ...[
    'a',
    'an',
    'the',
    'is',
    'are',
    'of',
    'in',
    'to',
    'and',
    'or',
    'what',
    'how',
    'why',
    'when',
    'does',
    'do',
  ],
])

/** All readings of a query, as typed first. */
export function readingsOf(query: string, concepts: Concepts): Reading[] {
  const words = wordsOf(query)
  if (words.length === 0) return []
  const groupings = words.length <= JOINED_WORDS ? groupingsOf(words) : [words.map(word => [word])]
  // Readings share what they seek alike, so that it is sought once.
  const known = new Map<string, Sought>()
  return groupings.map(groups =>
    groups.map((group, index) => {
      const last = index === groups.length - 1
      const key = `${group.join(' ')} ${last}`
      const same = known.get(key) ?? sought(group, last, concepts)
      known.set(key, same)
      return same
    }),
  )
}

function wordsOf(query: string): string[] {
  const words = query.normalize('NFC').split(/[\s,;:!?()“”‘’"'`]+/)
  return words.filter(word => /[\p{L}\p{N}]/u.test(word)).slice(0, MOST_WORDS)
}

/** Every way to put neighbours together, with the words as they are first. */
function groupingsOf(words: readonly string[]): string[][][] {
  const [first, ...rest] = words
  if (first === undefined) return []
  if (rest.length === 0) return [[[first]]]
  return groupingsOf(rest).flatMap(([next = [], ...others]) => [
    [[first], next, ...others],
    [[first, ...next], ...others],
  ])
}

function sought(group: readonly string[], last: boolean, concepts: Concepts): Sought {
  const word = group.join('')
  // 프레임 is a name as it is; what looks like an ending in it is none.
  const stem = concepts.has(nameKey(word)) ? undefined : stemOf(word)
  const forms = [{ form: word, weight: 1 }, ...(stem === undefined ? [] : [{ form: stem, weight: STEM }])]
  const alternatives = forms.flatMap(({ form, weight }) => [
    { matcher: matcherOf(form, last && form === word), weight },
    ...(concepts.get(nameKey(form)) ?? []).map(({ name, nearness }) => ({
      matcher: matcherOf(name, false),
      weight: weight * nearness,
    })),
  ])
  return { words: group.length, optional: QUESTION_WORDS.has(word.toLowerCase()), alternatives }
}

/** What two spellings of one name have in common. */
export function nameKey(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
