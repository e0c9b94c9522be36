import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { readIndex, type SearchIndex } from '../../../src/search/search-index.ts'
import { Search } from '../../../src/search/search.ts'
import { builtSite } from '../../support/built-site.ts'
import { QUERIES } from './queries.ts'

const KB = 1000

let index: SearchIndex
let search: Search
let size: number

beforeAll(async () => {
  const folder = await builtSite()
  const [file = ''] = globSync('_astro/search-index.*.json', { cwd: folder })
  const json = readFileSync(join(folder, file))
  size = gzipSync(json, { level: 9 }).length
  const read = readIndex(JSON.parse(json.toString()))
  if (!read) throw new Error('the index cannot be read')
  index = read
  search = new Search(index)
})

const ALL = { limit: 50, perPage: 50 }
const pathsFor = (query: string, options = { limit: 12, perPage: 3 }): string[] =>
  search.find(query, options).hits.map(({ path }) => path)

describe('what readers type leads to where it is answered', () => {
  const cases = QUERIES.map(([query, place, within = 1]) => ({ query, place, within }))

  test.each(cases)('$query → $place', ({ query, place, within }) => {
    const matches = (path: string): boolean => (place instanceof RegExp ? place.test(path) : path === place)
    const paths = pathsFor(query)
    const rank = paths.findIndex(matches)
    expect(rank, `${query}: ${paths.slice(0, 5).join(' · ')}`).toBeGreaterThanOrEqual(0)
    expect(rank, `${query}: ${paths.slice(0, 5).join(' · ')}`).toBeLessThan(within)
  })

  test('covers every way there is to type', () => {
    expect(QUERIES.length).toBeGreaterThanOrEqual(100)
  })
})

describe('the index', () => {
  test('has every page that can be found, with its sections', () => {
    expect(index.pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['', 'glossary/', 'lessons/first-connection/', 'lessons/handshake/']),
    )
    expect(index.pages.map(({ path }) => path)).not.toContain('404.html')
    expect(index.pages.map(({ path }) => path)).not.toContain('search/')
    for (const page of index.pages) expect(page.sections.length, page.path).toBeGreaterThan(1)
  })

  test('gives no answer away: neither solutions nor the reasons of quizzes', async () => {
    const folder = await builtSite()
    const said = index.pages.flatMap(page => page.sections.map(({ text }) => text)).join('\n')
    const answers = globSync('lessons/*/index.html', { cwd: folder }).flatMap(file => {
      const html = readFileSync(join(folder, file), 'utf8')
      const folded = html.matchAll(/class="(?:reason|hint solution)">[\s\S]*?<\/details>/g)
      return [...folded].flatMap(([part]) =>
        // A header's name is not an answer, a sentence is.
        [...part.matchAll(/>([^<]{20,} [^<]*)</g)].map(([, text = '']) => text.trim()),
      )
    })
    expect(answers.length).toBeGreaterThan(20)
    expect(answers.filter(answer => said.includes(answer))).toEqual([])
  })

  test('keeps to its budget: 20 kB for the glossary, 8 kB a lesson, gzipped, and 200 kB in all', () => {
    const lessons = index.pages.filter(({ path }) => path.startsWith('lessons/')).length
    expect(size).toBeLessThan(Math.min(200, 20 + 8 * lessons) * KB)
  })
})

describe('a hit', () => {
  test('says what matched in its heading and in a piece of its text', () => {
    const [hit] = search.find('투명 프록시는', ALL).hits
    expect(hit?.title.map(({ text }) => text).join('')).toBe('용어집')
    expect(hit?.heading).toContainEqual({ text: '투명 프록시', hit: true })
    const lesson = search.find('readyState', ALL).hits.find(({ path }) => path.startsWith('lessons/'))
    expect(lesson?.label).toBe('1-1')
    expect(lesson?.excerpt.filter(({ hit: marked }) => marked).map(({ text }) => text)).toContain(
      'readyState',
    )
  })

  test('is short enough to be read at a glance', () => {
    for (const [query] of QUERIES)
      for (const { excerpt } of search.find(query, ALL).hits)
        expect(excerpt.map(({ text }) => text).join('').length).toBeLessThan(140)
  })

  test('comes once, and those of one lesson leave room for others', () => {
    for (const [query] of QUERIES) {
      const paths = pathsFor(query)
      expect(new Set(paths).size).toBe(paths.length)
      expect(paths.filter(path => path.startsWith('lessons/handshake/')).length).toBeLessThanOrEqual(3)
    }
  })
})

describe('a query that cannot be answered as it is', () => {
  test.each(['', '   ', '…', '"', '(((', '\\', '[', '.*', '-'])(
    '%j finds nothing and breaks nothing',
    query => {
      expect(search.find(query, ALL)).toMatchObject({ hits: [], total: 0 })
    },
  )

  test('in the other keyboard layout says what was sought instead', () => {
    expect(search.find('vmfpdla', ALL)).toMatchObject({ instead: '프레임', complete: true })
    expect(search.find('프레임', ALL).instead).toBeUndefined()
  })

  test('with a typo is met with names close to it', () => {
    expect(search.find('페이로두', ALL).suggestions).toEqual(['페이로드'])
    expect(search.find('handhsake', ALL).suggestions).toContain('handshake')
    expect(search.find('아무것도아닌말', ALL)).toMatchObject({ hits: [], suggestions: [] })
  })

  test('of which only some words are anywhere has those, and says so', () => {
    const answer = search.find('용어집 코끼리', ALL)
    expect(answer.complete).toBe(false)
    expect(answer.hits[0]?.path).toBe('glossary/')
  })
})

test('a file of another version is no index', () => {
  for (const content of [null, 3, 'x', {}, { version: 99, pages: [] }])
    expect(readIndex(content)).toBeUndefined()
})
