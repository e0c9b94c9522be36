import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { placeOfFile } from '../../../src/content/course.ts'
import { builtSite } from '../../support/built-site.ts'

/** Those that are written, in reading order: the names of their files are. */
const LESSONS = globSync('src/content/lessons/**/*.mdx')
  .toSorted()
  .map(file => placeOfFile(file.replaceAll('\\', '/')).planned.slug)

function contentOf(html: string, property: string): string | undefined {
  return new RegExp(`<meta (?:property|name)="${property}" content="([^"]*)"`).exec(html)?.[1]
}

function dataOf(html: string): unknown {
  const json = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1]
  return json === undefined ? undefined : JSON.parse(json)
}

describe.each([{ base: '' }, { base: '/ws/course' }])('a site with an address, at "$base"', ({ base }) => {
  const home = `https://course.example${base}/`
  let folder: string
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
  /** Whether an absolute address leads to a file of the site. */
  const isThere = (address: string): boolean => {
    if (!address.startsWith(home)) return false
    const path = address.slice(home.length).replace(/#.*$/, '')
    return existsSync(join(folder, path.endsWith('/') || path === '' ? `${path}index.html` : path))
  }

  beforeAll(async () => {
    folder = await builtSite({ base })
  })

  test('has a picture of 1200 by 630 for each page that can be shared', async () => {
    for (const file of globSync('**/index.html', { cwd: folder })) {
      if (contentOf(read(file), 'robots') === 'noindex') continue
      const image = contentOf(read(file), 'og:image') ?? ''
      expect(isThere(image), file).toBe(true)
      const { format, width, height } = await sharp(join(folder, image.slice(home.length))).metadata()
      expect({ format, width, height }, file).toEqual({ format: 'png', width: 1200, height: 630 })
      expect(contentOf(read(file), 'og:url'), file).toBe(`${home}${file.replace('index.html', '')}`)
    }
    const notFound = read('404.html')
    expect(contentOf(notFound, 'og:image')).toBeUndefined()
    expect(contentOf(notFound, 'robots')).toBe('noindex')
  })

  test('maps every page that search engines may show, and names the map to them', () => {
    const addresses = [...read('sitemap.xml').matchAll(/<loc>([^<]*)<\/loc>/g)].map(match => match[1])
    const pages = globSync('**/index.html', { cwd: folder }).filter(
      file => !read(file).includes('content="noindex"'),
    )
    expect(addresses).toEqual(
      pages.map(file => home + file.replaceAll('\\', '/').replace('index.html', '')).toSorted(),
    )
    expect(read('robots.txt')).toContain(`Sitemap: ${home}sitemap.xml`)
  })

  test('has a feed of its lessons, which pages announce', () => {
    const feed = read('rss.xml')
    const links = [...feed.matchAll(/<item>.*?<link>([^<]*)<\/link>/gs)].map(match => match[1])
    expect(links).toEqual(LESSONS.toReversed().map(slug => `${home}lessons/${slug}/`))
    expect(feed).toContain('<language>ko</language>')
    expect(read('index.html')).toContain(
      `<link rel="alternate" type="application/rss+xml" title="웹소켓 해부학" href="${base}/rss.xml">`,
    )
  })

  test('has each lesson as Markdown, which the lesson and llms.txt announce, with links that lead somewhere', () => {
    const index = read('llms.txt')
    for (const slug of LESSONS) {
      expect(index).toContain(`](${home}lessons/${slug}.md): `)
      expect(read(`lessons/${slug}/index.html`)).toContain(
        `<link rel="alternate" type="text/markdown" href="${base}/lessons/${slug}.md">`,
      )
      const markdown = read(`lessons/${slug}.md`)
      const links = [...markdown.matchAll(/\]\((\S+?)\)|<(https:[^>]*)>/g)].map(
        match => match[1] ?? match[2] ?? '',
      )
      expect(links.length).toBeGreaterThan(5)
      for (const link of links)
        if (new URL(link).host === 'course.example') expect(isThere(link), link).toBe(true)
    }
  })

  test('tells search engines what it teaches', () => {
    const course = dataOf(read('index.html'))
    expect(course).toMatchObject({ '@context': 'https://schema.org', '@type': 'Course', url: home })
    expect(course).toMatchObject({ hasPart: LESSONS.map(slug => ({ url: `${home}lessons/${slug}/` })) })
    expect(dataOf(read('lessons/handshake/index.html'))).toMatchObject({
      '@type': 'LearningResource',
      url: `${home}lessons/handshake/`,
      timeRequired: 'PT20M',
      inLanguage: 'ko',
      coursePrerequisites: [`${home}lessons/first-connection/`],
      isPartOf: { '@type': 'Course', url: home },
    })
  })

  test('can be installed under its own path', async () => {
    const manifest: unknown = JSON.parse(read('manifest.webmanifest'))
    expect(manifest).toMatchObject({
      start_url: `${base}/`,
      scope: `${base}/`,
      lang: 'ko',
      display: 'standalone',
    })
    for (const [file, size] of [
      ['icon-192.png', 192],
      ['icon-512.png', 512],
      ['icon-maskable-512.png', 512],
      ['apple-touch-icon.png', 180],
    ] as const) {
      const { width, height } = await sharp(join(folder, file)).metadata()
      expect({ width, height }, file).toEqual({ width: size, height: size })
    }
    expect(read('manifest.webmanifest')).toContain(`"${base}/icon-maskable-512.png"`)
  })

  test('leads from an address that is not there back to the map and to every lesson', () => {
    const page = read('404.html')
    for (const link of [`${base}/`, ...LESSONS.map(slug => `${base}/lessons/${slug}/`)])
      expect(page).toContain(`href="${link}"`)
  })
})

describe('a site without an address', () => {
  let folder: string
  beforeAll(async () => {
    folder = await builtSite({ siteUrl: '' })
  })

  test('says nothing that would need one', () => {
    for (const file of ['sitemap.xml', 'rss.xml', 'social'])
      expect(existsSync(join(folder, file)), file).toBe(false)
    for (const file of globSync('**/*.html', { cwd: folder }))
      expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(
        /rel="canonical"|og:url|og:image|rss\+xml|"url":/,
      )
    expect(readFileSync(join(folder, 'robots.txt'), 'utf8')).toBe('User-agent: *\nAllow: /\n')
  })

  test('still has its lessons as Markdown, with links from the root', () => {
    expect(readFileSync(join(folder, 'llms.txt'), 'utf8')).toContain('](/lessons/handshake.md): ')
    expect(readFileSync(join(folder, 'lessons/handshake.md'), 'utf8')).toContain(
      '](/lessons/first-connection/)',
    )
  })
})
