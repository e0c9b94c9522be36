/**
 * Search as readers feel it: what the index weighs, how long an answer takes, and how many of the tests' queries
 * lead where they should; beside MiniSearch with Korean tokens (words, stems, syllable pairs, initials) on the same
 * sections. Then from key to results in a browser.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { getChoseong } from 'es-hangul'
import MiniSearch from 'minisearch'
import { stemOf } from '../src/content/korean.ts'
import { readIndex, type IndexedPage, type SearchIndex } from '../src/search/search-index.ts'
import { Search } from '../src/search/search.ts'
import { launchBrowser } from '../tests/support/browser.ts'
import { builtSite } from '../tests/support/built-site.ts'
import { startCourse } from '../tests/support/running-course.ts'
import { QUERIES } from '../tests/src/search/queries.ts'

/** Lessons of the whole course; those that are written stand in for the rest. */
const LESSONS = 30
const ROUNDS = 20

const OPTIONS = {
  fields: ['title', 'heading', 'names', 'text'],
  tokenize: tokens,
  searchOptions: { boost: { title: 4, heading: 3, names: 4 } },
}

type Find = (query: string) => readonly string[]

const folder = await builtSite()
const [file = ''] = globSync('_astro/search-index.*.json', { cwd: folder })
const index = readIndex(JSON.parse(readFileSync(join(folder, file), 'utf8')))
if (!index) throw new Error('the index cannot be read')

for (const [name, measured] of [
  ['the course as it is', index],
  [`as large as ${LESSONS} lessons`, grown(index)],
] as const) {
  console.log(`\n${name}`)
  console.log(
    `${''.padEnd(12)}${['index gzip', 'load ms', 'median ms', '95 % ms', 'answered'].map(pad).join('')}`,
  )
  report('ours', measured, JSON.stringify(measured), json => {
    const search = new Search(JSON.parse(json) as SearchIndex)
    return query => search.find(query, { limit: 12, perPage: 3 }).hits.map(({ path }) => path)
  })
  report('MiniSearch', measured, JSON.stringify(miniOf(measured)), json => {
    const mini = MiniSearch.loadJSON(json, OPTIONS)
    return query => mini.search(query, { prefix: true, combineWith: 'AND' }).map(({ id }) => String(id))
  })
}
await measureInBrowser()

function report(name: string, of: SearchIndex, json: string, load: (json: string) => Find): void {
  const loads = Array.from({ length: 5 }, () => timed(() => load(json)).ms)
  const find = load(json)
  const times = Array.from({ length: ROUNDS }, () =>
    QUERIES.map(([query]) => timed(() => find(query)).ms),
  ).flat()
  // Repeated lessons stand in each other's way, and weigh nothing when compressed: of these, only times mean something.
  const answered =
    of === index ? `${QUERIES.filter(query => isAnswered(query, find)).length}/${QUERIES.length}` : '–'
  const cells = [
    of === index ? String(gzipSync(json, { level: 9 }).length) : '–',
    ms(at(loads, 0.5)),
    ms(at(times, 0.5)),
    ms(at(times, 0.95)),
  ]
  console.log(name.padEnd(12) + [...cells, answered].map(pad).join(''))
}

function isAnswered([query, place, within = 1]: (typeof QUERIES)[number], find: Find): boolean {
  const paths = find(query).slice(0, within)
  return paths.some(path => (place instanceof RegExp ? place.test(path) : path === place))
}

/** The index with its lessons over and over, each under an address of its own. */
function grown(small: SearchIndex): SearchIndex {
  const lessons = small.pages.filter(({ path }) => path.startsWith('lessons/'))
  const more = Array.from({ length: LESSONS }, (_, number) => {
    const lesson = lessons[number % lessons.length]
    return lesson ? [{ ...lesson, path: `lessons/${number}/` }] : []
  })
  const others = small.pages.filter(({ path }) => !path.startsWith('lessons/'))
  return { ...small, pages: [...others, ...more.flat()] }
}

function tokens(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}-]+/u)
    .flatMap(word => {
      if (!/[가-힣]/.test(word)) return [word, ...word.split('-')]
      const pairs = Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2))
      return [word, stemOf(word) ?? word, ...pairs, getChoseong(stemOf(word) ?? word)]
    })
    .filter(token => token !== '')
}

function miniOf({ pages }: SearchIndex): MiniSearch {
  const mini = new MiniSearch(OPTIONS)
  mini.addAll(pages.flatMap(documentsOf))
  return mini
}

function documentsOf(page: IndexedPage) {
  return page.sections.map(({ id, heading = '', text, names = [] }) => ({
    id: page.path + (id === undefined ? '' : `#${id}`),
    title: page.title,
    heading,
    names: names.join(' '),
    text,
  }))
}

async function measureInBrowser(): Promise<void> {
  const course = await startCourse(folder)
  const browser = await launchBrowser()
  try {
    const first: number[] = []
    const next: number[] = []
    for (let round = 0; round < ROUNDS / 2; round++) {
      const page = await browser.newPage()
      await page.goto(`${course.url}lessons/handshake/`)
      await page.waitForLoadState('networkidle')
      const [opening = 0, typing = 0] = await page.evaluate(measureTyping)
      first.push(opening)
      next.push(typing)
      await page.close()
    }
    console.log('\nin a browser, from the key to the frame that shows results (ms, median and worst)')
    console.log(`/ and a query, nothing loaded yet   ${ms(at(first, 0.5))}  ${ms(at(first, 1))}`)
    console.log(`another letter                      ${ms(at(next, 0.5))}  ${ms(at(next, 1))}`)
  } finally {
    await browser.close()
    await course.stop()
  }
}

/** Runs in the page: opens search, asks, and asks again; milliseconds until each answer was drawn. */
async function measureTyping(): Promise<number[]> {
  const answerTo = async (query: string): Promise<number> => {
    const input = document.querySelector<HTMLInputElement>('#search input')
    const list = document.querySelector('#search-list')
    if (!input || !list) throw new Error('no search')
    const started = performance.now()
    if (!input.closest('dialog')?.open)
      document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }))
    const changed = new Promise(resolve => new MutationObserver(resolve).observe(list, { childList: true }))
    input.value = query
    input.dispatchEvent(new InputEvent('input', { bubbles: true }))
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error('no answer in 20 s')), 20_000))
    await Promise.race([changed, late])
    await new Promise(requestAnimationFrame)
    await new Promise(resolve => setTimeout(resolve))
    return performance.now() - started
  }
  return [await answerTo('프레임'), await answerTo('프레임을')]
}

function timed<T>(run: () => T): { result: T; ms: number } {
  const started = performance.now()
  const result = run()
  return { result, ms: performance.now() - started }
}

function at(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

function ms(number: number): string {
  return number.toFixed(number < 10 ? 2 : 0)
}

function pad(text: string): string {
  return text.padStart(12)
}
