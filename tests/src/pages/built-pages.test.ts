import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { collectFontText } from '../../../site-build/font-text.ts'
import { builtSite } from '../../support/built-site.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const KB = 1000

interface BuiltPage {
  /** Path below the site, as in `lessons/handshake/`. */
  readonly path: string
  readonly html: string
  /** Without code, scripts and what belongs to islands' data. */
  readonly prose: string
}

function readPages(folder: string): BuiltPage[] {
  return globSync('**/*.html', { cwd: folder }).map(file => {
    const html = readFileSync(join(folder, file), 'utf8')
    const prose = html
      .replace(/<(script|style|pre|code)\b[\s\S]*?<\/\1>/g, '')
      .replace(/<astro-island [^>]*>/g, '')
    return { path: file.replaceAll('\\', '/').replace(/index\.html$/, ''), html, prose }
  })
}

function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, code: string) =>
      String.fromCodePoint(Number.parseInt(code, hex ? 16 : 10)),
    )
    .normalize('NFC')
}

function attributes(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(match => match[1] ?? '')
}

function missing(text: string, from: string): string[] {
  const there = new Set(from)
  return [...new Set(text)].filter(char => char > ' ' && !there.has(char))
}

describe.each([{ base: '' }, { base: '/ws/course' }])('every page, deployed at "$base"', ({ base }) => {
  let folder: string
  let pages: BuiltPage[]

  beforeAll(async () => {
    folder = await builtSite({ base })
    pages = readPages(folder)
  })

  /** Runs the assertion for each page, so that a failure names the page. */
  function eachPage(assertion: (page: BuiltPage) => unknown): void {
    expect(pages.length).toBeGreaterThanOrEqual(4)
    for (const page of pages) expect({ page: page.path, found: assertion(page) }).toEqual({ page: page.path })
  }

  test('shows no raw emphasis outside code', () => {
    eachPage(({ prose }) => /.{0,30}\*\*.{0,30}/.exec(textOf(prose))?.[0])
  })

  test('has no style attribute and no event handler in its markup', () => {
    eachPage(
      ({ html }) =>
        /<[a-z][^>]*\s(style|on[a-z]+)=/.exec(html.replace(/<script[\s\S]*?<\/script>/g, ''))?.[0],
    )
  })

  test('is in Korean, with one h1, a title and a description of its own', () => {
    eachPage(({ html }) =>
      [
        html.includes('<html lang="ko"') ? undefined : 'not in Korean',
        html.match(/<h1[\s>]/g)?.length === 1 ? undefined : 'not one h1',
        /<meta name="description" content="[^"]{15,}"/.test(html) ? undefined : 'no description',
      ].find(problem => problem !== undefined),
    )
    const titles = pages.map(({ html }) => /<title>([^<]+)<\/title>/.exec(html)?.[1])
    expect(new Set(titles).size).toBe(pages.length)
    expect(titles).not.toContain(undefined)
  })

  test('leads nowhere that is not there: pages, files and places in pages', () => {
    eachPage(({ path, html }) => {
      const here = new URL(`https://course.example${base}/${path}`)
      for (const link of [...attributes(html, 'href'), ...attributes(html, 'src')]) {
        const url = new URL(link.replaceAll('&amp;', '&'), here)
        if (url.host !== here.host) {
          if (url.protocol !== 'https:') return `${link}: not https`
          continue
        }
        const inside = decodeURIComponent(url.pathname).slice(base.length + 1)
        if (!url.pathname.startsWith(`${base}/`)) return `${link}: outside the site`
        const target = pages.find(page => page.path === inside)
        if (!target && !statSync(join(folder, inside), { throwIfNoEntry: false })?.isFile())
          return `${link}: no such file`
        const fragment = decodeURIComponent(url.hash.slice(1))
        if (target && fragment && !attributes(target.html, 'id').includes(fragment))
          return `${link}: no such place`
      }
      return undefined
    })
  })

  test('has every id once', () => {
    eachPage(({ html }) => {
      const ids = attributes(html, 'id')
      return ids.find((id, index) => ids.indexOf(id) !== index)
    })
  })

  test('carries a policy without inline permissions', () => {
    eachPage(({ html }) => {
      const policy = /http-equiv="content-security-policy" content="([^"]*)"/i.exec(html)?.[1]
      return policy === undefined || /unsafe-(inline|eval)/.test(policy) ? (policy ?? 'none') : undefined
    })
  })

  test('names its own address', () => {
    eachPage(({ path, html }) => {
      if (path === '404.html') return undefined
      const canonical = /<link rel="canonical" href="([^"]*)"/.exec(html)?.[1]
      return canonical === `https://course.example${base}/${path}`
        ? undefined
        : `canonical: ${canonical ?? 'none'}`
    })
  })
})

describe('the fonts', () => {
  test('can draw every character of every page, and of every title in the title face', async () => {
    const { text, title } = collectFontText(ROOT)
    for (const page of readPages(await builtSite())) {
      const titles = [...page.html.matchAll(/<h[1-3][^>]*>([\s\S]*?)<\/h[1-3]>|plate-title[^>]*>([^<]*)</g)]
      const drawn = titles.map(match => textOf(match[1] ?? match[2] ?? '')).join('')
      expect({
        page: page.path,
        text: missing(textOf(page.prose), text),
        title: missing(drawn, title),
      }).toEqual({
        page: page.path,
        text: [],
        title: [],
      })
    }
  })

  test('are small enough to come with the first page', async () => {
    const folder = await builtSite()
    const sizes = globSync('_astro/*.woff2', { cwd: folder }).map(file => statSync(join(folder, file)).size)
    expect(sizes).toHaveLength(3)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(230 * KB)
  })
})

describe('what is served', () => {
  test('lies compressed beside every text file, and is the same inside', async () => {
    const folder = await builtSite()
    const files = globSync('**/*.{html,css,js,svg}', { cwd: folder }).map(file => join(folder, file))
    for (const file of files) {
      const bytes = readFileSync(file)
      if (bytes.length < 512) continue
      expect(brotliDecompressSync(readFileSync(`${file}.br`)).equals(bytes), file).toBe(true)
      expect(gunzipSync(readFileSync(`${file}.gz`)).equals(bytes), file).toBe(true)
    }
  })

  test('keeps to its budget: CSS 17 kB, own JavaScript 6 kB, HTML 40 kB a page, gzipped', async () => {
    const folder = await builtSite()
    const sizeOf = (file: string): number => gzipSync(readFileSync(join(folder, file))).length
    for (const page of readPages(folder)) {
      const html = page.html
      const css = attributes(html, 'href').filter(href => href.endsWith('.css'))
      const js = [...html.matchAll(/<script[^>]* src="([^"]+\.js)"/g)].map(match => match[1] ?? '')
      const sum = (files: string[]): number => files.reduce((total, file) => total + sizeOf(file.slice(1)), 0)
      expect(sum(css), `CSS of ${page.path}`).toBeLessThan(17 * KB)
      expect(sum(js), `JavaScript of ${page.path}`).toBeLessThan(6 * KB)
      expect(gzipSync(html).length, `HTML of ${page.path}`).toBeLessThan(40 * KB)
    }
  })
})
