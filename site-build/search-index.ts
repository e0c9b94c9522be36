import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { GLOSSARY, type Term } from '../src/content/glossary.ts'
import { INDEX_FILE, INDEX_VERSION, type IndexedPage, type SearchIndex } from '../src/search/search-index.ts'
import { sectionsOfPage } from './page-sections.ts'

/** A page of the built site. */
export interface BuiltPage {
  /** Below the site, as in `lessons/handshake/`. */
  readonly path: string
  readonly html: string
}

/**
 * Makes the index of the built pages and puts it beside them, named by its content; pages that ask for
 * `INDEX_FILE` get that name. In development the index is made when it is asked for, of the pages as they are.
 */
export function searchIndex(): AstroIntegration {
  return {
    name: 'search-index',
    hooks: {
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          if (!request.url?.endsWith(INDEX_FILE)) return next()
          const home = `http://${request.headers.host ?? ''}${request.url.slice(0, -INDEX_FILE.length)}`
          crawl(home)
            .then(pages => {
              response.setHeader('Content-Type', 'application/json')
              response.end(JSON.stringify(indexOf(pages)))
            })
            .catch(next)
        })
      },
      'astro:build:done': async ({ dir }) => {
        await writeIndex(fileURLToPath(dir))
      },
    },
  }
}

/** The index of these pages, in the order of their addresses. */
export function indexOf(pages: readonly BuiltPage[]): SearchIndex {
  const indexed = pages
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ path, html }) => sectionsOfPage(html, path) ?? [])
  return { version: INDEX_VERSION, pages: indexed.map(withNames) }
}

/** Sections of the glossary get every name of their term, wrong ones too: readers type those as well. */
function withNames(page: IndexedPage): IndexedPage {
  if (page.kind !== 'terms') return page
  const terms: Readonly<Record<string, Term>> = GLOSSARY
  const sections = page.sections.map(section => {
    const term = terms[section.id ?? '']
    if (!term) return section
    const { ko, en, synonyms = [], avoid = [] } = term
    return { ...section, names: [ko, en, ...synonyms, ...avoid] }
  })
  return { ...page, sections }
}

async function writeIndex(root: string): Promise<void> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.html'))
    .map(entry => join(entry.parentPath, entry.name))
  const pages = await Promise.all(
    files.map(async file => ({
      file,
      path: pathOf(relative(root, file)),
      html: await readFile(file, 'utf8'),
    })),
  )
  const json = JSON.stringify(indexOf(pages))
  const hash = createHash('sha256').update(json).digest('base64url').slice(0, 8)
  const name = INDEX_FILE.replace('.json', `.${hash}.json`)
  await mkdir(dirname(join(root, name)), { recursive: true })
  await writeFile(join(root, name), json)
  await Promise.all(pages.map(({ file, html }) => writeFile(file, html.replaceAll(INDEX_FILE, name))))
}

function pathOf(file: string): string {
  return file
    .split(sep)
    .join('/')
    .replace(/index\.html$/, '')
}

/** Every page that can be reached from the first by links inside the site. */
async function crawl(home: string): Promise<BuiltPage[]> {
  const seen = new Set([home])
  const pages: BuiltPage[] = []
  for (const url of seen) {
    const response = await fetch(url, { headers: { Accept: 'text/html' } })
    if (!response.ok) continue
    const html = await response.text()
    pages.push({ path: url.slice(home.length), html })
    for (const [, href = ''] of html.matchAll(/<a\b[^>]*\shref="([^"#?]+)/g)) {
      const link = new URL(href, url).href
      if (link.startsWith(home) && link.endsWith('/')) seen.add(link)
    }
  }
  return pages
}
