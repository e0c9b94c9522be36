import { excerptOf, marked, type Span } from './excerpt.ts'
import { compact, type Match } from './matcher.ts'
import { inOtherLayout, nearest, takenApart } from './guesses.ts'
import { nameKey, readingsOf, type Concepts, type Reading, type Sought } from './reading.ts'
import type { IndexedPage, IndexedSection, PageKind, SearchIndex } from './search-index.ts'

/** A place in the course that answers a query. */
export interface Hit {
  /** Below the site, with the fragment of the section. */
  readonly path: string
  readonly label: string | undefined
  readonly title: readonly Span[]
  /** Undefined when the hit is the page itself. */
  readonly heading: readonly Span[] | undefined
  readonly excerpt: readonly Span[]
}

export interface Answer {
  /** Best first. */
  readonly hits: readonly Hit[]
  /** How many places there are, shown or not. */
  readonly total: number
  /** False when no place has all the words, and the hits have some of them. */
  readonly complete: boolean
  /** What was sought instead of the query: the same keys in the other language, or its words taken apart. */
  readonly instead: string | undefined
  /** Names close to the query, when that is not answered in full. */
  readonly suggestions: readonly string[]
}

export interface SearchOptions {
  /** Most hits to return. */
  readonly limit: number
  /** Most hits of one page, so that a long lesson does not fill the list; terms do not count, a table has one. */
  readonly perPage: number
}

/** Answers queries from an index, all of it in memory: there is nothing to wait for. */
export class Search {
  readonly #entries: readonly Entry[]
  readonly #concepts: Concepts
  /** What the course calls things, in both languages. */
  readonly #names: readonly string[]

  constructor(index: SearchIndex) {
    this.#entries = index.pages.flatMap(page => page.sections.map(section => entryOf(page, section)))
    this.#concepts = conceptsOf(this.#entries)
    this.#names = [...new Set(this.#entries.flatMap(({ section }) => section.names?.slice(0, 2) ?? []))]
  }

  find(query: string, { limit, perPage }: SearchOptions): Answer {
    const asTyped = this.#rank(query)
    const other = asTyped.complete ? undefined : this.#otherwise(query)
    const { ranked, complete } = other?.found ?? asTyped
    const hits = limited(ranked, limit, perPage).map(hitOf)
    const instead = other?.query
    return {
      hits,
      total: ranked.length,
      complete,
      instead,
      suggestions: complete ? [] : nearest(query, this.#names),
    }
  }

  /** Another query that the reader may have meant and that is answered in full. */
  #otherwise(query: string): { query: string; found: Ranking } | undefined {
    for (const other of [inOtherLayout(query), takenApart(query, this.#names)]) {
      if (other === undefined || other === query) continue
      const found = this.#rank(other)
      if (found.complete) return { query: other, found }
    }
    return undefined
  }

  #rank(query: string): Ranking {
    const readings = readingsOf(query, this.#concepts)
    const ranked = rank(this.#entries, readings)
    const most = Math.max(0, ...ranked.map(({ covered }) => covered))
    const best = ranked.filter(({ covered }) => covered === most)
    // A place with every word may be a poor answer: a few with most of them go along.
    const others =
      best.length < FEW ? ranked.filter(({ covered }) => covered < most && covered >= MOST_OF_IT) : []
    const byScore = (a: Ranked, b: Ranked): number => b.score - a.score
    return { ranked: [...best.toSorted(byScore), ...others.toSorted(byScore)], complete: most >= 1 }
  }
}

const FEW = 3
const MOST_OF_IT = 0.5

interface Ranking {
  readonly ranked: readonly Ranked[]
  /** Whether the best has every word. */
  readonly complete: boolean
}

interface Entry {
  readonly page: IndexedPage
  readonly section: IndexedSection
  /** `compact` forms, by which most entries are told to have nothing of a word. */
  readonly compactName: string
  readonly compactText: string
}

function entryOf(page: IndexedPage, section: IndexedSection): Entry {
  const names = [page.title, page.label ?? '', section.heading ?? '', ...(section.names ?? [])]
  return { page, section, compactName: names.map(compact).join('\n'), compactText: compact(section.text) }
}

interface Ranked extends Entry {
  readonly score: number
  /** Part of the words that must be there which are. */
  readonly covered: number
  readonly found: Found
}

/** Where the words stand, by field. */
interface Found {
  readonly title: readonly Match[]
  readonly heading: readonly Match[]
  readonly text: readonly Match[]
}

interface Scored {
  readonly score: number
  readonly found: Found
}

// What counts how much. A name that is the query is worth more than any text that mentions it.
const WEIGHT = {
  titleExact: 34,
  title: 12,
  headingExact: 18,
  heading: 9,
  nameExact: 26,
  otherNameExact: 13,
  nameStart: 9,
  name: 5,
  context: 2,
  text: 2,
  introduced: 5,
} as const
const KIND: Readonly<Record<PageKind, number>> = { page: 1, terms: 1, table: 0.5, map: 0.35 }
/** Words that stand together as in the query mean more than words that do so by chance. */
const TOGETHER = 1.2

function rank(entries: readonly Entry[], readings: readonly Reading[]): Ranked[] {
  const best = new Map<Entry, Ranked>()
  const scores = new Map([...new Set(readings.flat())].map(each => [each, scoresOf(entries, each)]))
  for (const reading of readings) {
    const needed = reading.filter(({ optional }) => !optional)
    const required = needed.length > 0 ? needed : reading
    const words = sum(required.map(each => each.words))
    for (const [index, entry] of entries.entries()) {
      const hits = reading.flatMap(each => {
        const of = scores.get(each)
        const scored = of?.scores[index]
        return of && scored && scored.score > 0 ? [{ each, scored, rarity: of.rarity }] : []
      })
      const had = hits.filter(({ each }) => required.includes(each))
      if (had.length === 0) continue
      const covered = sum(had.map(({ each }) => each.words)) / words
      const score = sum(
        hits.map(
          ({ each: { words: length }, scored, rarity }) =>
            scored.score * rarity * length * (length > 1 ? TOGETHER : 1),
        ),
      )
      const ranked = { ...entry, score, covered, found: together(hits.map(({ scored }) => scored.found)) }
      const before = best.get(entry)
      if (before === undefined || better(ranked, before)) best.set(entry, ranked)
    }
  }
  return [...best.values()]
}

function better(a: Ranked, b: Ranked): boolean {
  return a.covered === b.covered ? a.score > b.score : a.covered > b.covered
}

/** How well each entry answers one word, and how few do. */
function scoresOf(entries: readonly Entry[], sought: Sought): { scores: readonly Scored[]; rarity: number } {
  const scores = entries.map(entry => scoreOf(entry, sought))
  const having = scores.filter(({ score }) => score > 0).length
  return { scores, rarity: Math.log(1 + entries.length / (1 + having)) }
}

function scoreOf(entry: Entry, { alternatives }: Sought): Scored {
  const { page, section } = entry
  let best = 0
  const founds: Found[] = []
  for (const { matcher, weight } of alternatives) {
    const named = matcher.mayBeIn(entry.compactName)
    const told = matcher.mayBeIn(entry.compactText)
    if (!named && !told) continue
    const nameMatches = (name = ''): readonly Match[] => (named ? matcher.find(name, 'name') : [])
    const title = nameMatches(page.title)
    const heading = nameMatches(section.heading)
    const text = told ? matcher.find(section.text, 'prose') : []
    const score =
      titleScore(page, section, [...title, ...nameMatches(page.label)]) +
      headingScore(section, heading) +
      nameScore(section, nameMatches) +
      textScore(section.text, text)
    if (score === 0) continue
    best = Math.max(best, score * weight)
    // An excerpt shows what was typed rather than what it may also mean.
    const weighed = text.map(match => ({ ...match, quality: match.quality * weight ** 3 }))
    founds.push({ title, heading, text: weighed })
  }
  return { score: best * KIND[page.kind], found: together(founds) }
}

function titleScore(page: IndexedPage, section: IndexedSection, matches: readonly Match[]): number {
  const quality = bestOf(matches)
  if (section.heading !== undefined || page.kind === 'terms') return quality * WEIGHT.context
  const exact = covers(page.title, matches) || covers(page.label ?? '', matches)
  return exact ? WEIGHT.titleExact * quality : WEIGHT.title * quality
}

function headingScore({ heading = '', names }: IndexedSection, matches: readonly Match[]): number {
  // What a term is called is counted by its names.
  if (names !== undefined) return 0
  return (covers(heading, matches) ? WEIGHT.headingExact : WEIGHT.heading) * bestOf(matches)
}

function nameScore({ names = [] }: IndexedSection, find: (name: string) => readonly Match[]): number {
  const scores = names.map((name, index) => {
    const matches = find(name)
    const exact = index < 2 ? WEIGHT.nameExact : WEIGHT.otherNameExact
    const part = index < 2 && matches[0]?.start === 0 ? WEIGHT.nameStart : WEIGHT.name
    return bestOf(matches) * (covers(name, matches) ? exact : part)
  })
  return Math.max(0, ...scores)
}

function textScore(text: string, matches: readonly Match[]): number {
  if (matches.length === 0) return 0
  const introduced = matches.some(({ end }) => /^\([A-Za-z]/.test(text.slice(end, end + 2)))
  const often = 1 + Math.log2(Math.min(matches.length, 8)) / 2
  return WEIGHT.text * often * bestOf(matches) + (introduced ? WEIGHT.introduced : 0)
}

function covers(name: string, matches: readonly Match[]): boolean {
  return matches.some(({ start, end }) => start === 0 && end === name.length)
}

function bestOf(matches: readonly Match[]): number {
  return Math.max(0, ...matches.map(({ quality }) => quality))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function together(founds: readonly Found[]): Found {
  return {
    title: founds.flatMap(({ title }) => title),
    heading: founds.flatMap(({ heading }) => heading),
    text: founds.flatMap(({ text }) => text),
  }
}

/** Whatever the course has one name for: a query by any other name finds what uses that one. */
function conceptsOf(entries: readonly Entry[]): Concepts {
  const concepts = new Map<string, { name: string; nearness: number }[]>()
  for (const { section } of entries) {
    const [word = '', english = '', ...others] = section.names ?? []
    const proper = [...new Set([word, english])]
    for (const [index, other] of [...proper, ...others].entries()) {
      const key = nameKey(other)
      // A number is itself and nothing else.
      if (/^\d+$/.test(key)) continue
      const meant = proper.filter(name => nameKey(name) !== key)
      const nearness = index < proper.length ? 0.9 : 0.6
      concepts.set(key, [...(concepts.get(key) ?? []), ...meant.map(name => ({ name, nearness }))])
    }
  }
  return concepts
}

function limited(ranked: readonly Ranked[], limit: number, perPage: number): Ranked[] {
  const counts = new Map<IndexedPage, number>()
  const shown = ranked.filter(({ page }) => {
    const count = (counts.get(page) ?? 0) + 1
    counts.set(page, count)
    return page.kind === 'terms' || count <= (page.kind === 'table' ? 1 : perPage)
  })
  return shown.slice(0, limit)
}

function hitOf({ page, section, found }: Ranked): Hit {
  return {
    path: page.path + (section.id === undefined ? '' : `#${section.id}`),
    label: page.label,
    title: marked(page.title, section.heading === undefined ? found.title : []),
    heading: section.heading === undefined ? undefined : marked(section.heading, found.heading),
    excerpt: excerptOf(section.text, found.text),
  }
}
