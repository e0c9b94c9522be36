import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { builtSite } from '../../support/built-site.ts'

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

// Built here, where building has the time it takes.
beforeAll(() => builtSite())

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
        // The inspector opens a recording that is named there.
        const [, sample] = /^sample=([a-z0-9-]+)$/.exec(fragment) ?? []
        if (inside === 'inspector/' && sample !== undefined) {
          if (!statSync(join(folder, 'recordings', `${sample}.json`), { throwIfNoEntry: false })?.isFile())
            return `${link}: no such recording`
          continue
        }
        if (target && fragment && !attributes(target.html, 'id').includes(fragment))
          return `${link}: no such place`
      }
      return undefined
    })
  })

  test('asks for an index of the search that is there', () => {
    eachPage(({ html }) => {
      const [address = ''] = attributes(html, 'data-index')
      const file = address.startsWith(`${base}/`) ? address.slice(base.length) : 'outside the site'
      return statSync(join(folder, file), { throwIfNoEntry: false })?.isFile() ? undefined : address
    })
  })

  test('has every id once', () => {
    eachPage(({ html }) => {
      const ids = attributes(html, 'id')
      return ids.find((id, index) => ids.indexOf(id) !== index)
    })
  })

  test('carries the strict policy, before anything that loads', () => {
    eachPage(({ html }) => {
      const start = html.slice(0, html.search(/<(script|link)/))
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(start)?.[1]
      return policy?.includes("script-src 'self'; style-src 'self';") ? undefined : (policy ?? 'none')
    })
  })

  test('names its own address', () => {
    eachPage(({ path, html }) => {
      if (/<meta name="robots" content="noindex"/.test(html)) return undefined
      const canonical = /<link rel="canonical" href="([^"]*)"/.exec(html)?.[1]
      return canonical === `https://course.example${base}/${path}`
        ? undefined
        : `canonical: ${canonical ?? 'none'}`
    })
  })
})

describe('what is served', () => {
  test('lies compressed beside every text file, and is the same inside', async () => {
    const folder = await builtSite()
    const files = globSync('**/*.{html,css,js,svg,md,txt,xml,webmanifest}', { cwd: folder }).map(file =>
      join(folder, file),
    )
    for (const file of files) {
      const bytes = readFileSync(file)
      if (bytes.length < 512) continue
      expect(brotliDecompressSync(readFileSync(`${file}.br`)).equals(bytes), file).toBe(true)
      expect(gunzipSync(readFileSync(`${file}.gz`)).equals(bytes), file).toBe(true)
    }
  })
})
