import { globSync } from 'node:fs'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { showEveryLab, weighPage, type PageWeight } from '../support/page-weight.ts'
import { axeFindings, readThrough } from '../support/reader.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'

const site = await builtSite()
/** Every page there is: a new one is tested by being built. */
const PAGES = globSync('**/*.html', { cwd: site })
  .map(file => file.replaceAll('\\', '/').replace(/index\.html$/, ''))
  .toSorted()
const KB = 1000

let browser: Browser
let course: RunningCourse

beforeAll(async () => {
  course = await startCourse(site)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await course?.stop()
})

/** What a page did wrong while it was open. */
interface Watched {
  readonly page: Page
  /** Errors in the console or of scripts, and requests that failed. */
  readonly complaints: string[]
  /** What the security policy kept from happening, as the page was told. */
  violations(): Promise<string[]>
  /** Layout shifts that no input explains: how far, and what moved. */
  shifts(): Promise<string[]>
}

/** Opens a page as a first visit, lets the test look at it, and closes it. */
async function visit(
  path: string,
  options: BrowserContextOptions,
  look: (watched: Watched) => Promise<unknown>,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<void> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  page.on('requestfailed', request => complaints.push(`${request.url()} failed`))
  await page.addInitScript(() => {
    window.violations = []
    window.shifts = []
    addEventListener('securitypolicyviolation', event => {
      window.violations.push(`${event.effectiveDirective}: ${event.sample || event.blockedURI}`)
    })
    new PerformanceObserver(list => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        if (entry.hadRecentInput) continue
        const moved = entry.sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 80) ?? '?')
        window.shifts.push(`${entry.value.toFixed(4)} ${moved.join(' | ')}`)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await prepare?.(page)
  await page.goto(course.url + path)
  await look({
    page,
    complaints,
    violations: () => page.evaluate(() => window.violations),
    shifts: () => page.evaluate(() => window.shifts),
  })
  await context.close()
}

describe.each(PAGES)('/%s', path => {
  test('has nothing for axe to say in either theme', { timeout: 120_000 }, async () => {
    await visit(path, { reducedMotion: 'reduce' }, async ({ page }) => {
      // A lab that is just connecting changes its controls under axe's eyes.
      await readThrough(page)
      expect(await axeFindings(page)).toEqual([])
    })
  })

  test('logs no error, breaks no security policy and scrolls sideways at no width, its labs included', async () => {
    await visit(path, {}, async ({ page, complaints, violations }) => {
      await showEveryLab(page)
      for (const width of [360, 390, 600, 820, 959, 960, 1279, 1280, 1440, 1920]) {
        await page.setViewportSize({ width, height: 800 })
        const beyond = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect({ width, beyond }).toEqual({ width, beyond: 0 })
      }
      await page.waitForLoadState('networkidle')
      expect(await violations()).toEqual([])
      expect(complaints).toEqual([])
    })
  })

  test.each([390, 1440])('moves nothing while fonts and scripts come in, at %i pixels', async width => {
    const prepare = async (page: Page): Promise<void> => {
      // Fonts and scripts come when there is something to move; what chooses the theme comes before anything is drawn.
      await page.route(/\.woff2$|\/(?!early)[^/]*\.js$/, async route => {
        await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
        await route.continue()
      })
      // Labs grow as bytes arrive in them; here they stay as they were delivered.
      await page.route('**/_astro/islands.*', route => route.fulfill({ body: '' }))
    }
    const look = async ({ page, shifts }: Watched): Promise<void> => {
      await page.waitForLoadState('networkidle')
      await page.evaluate(() => document.fonts.ready)
      expect(await shifts()).toEqual([])
    }
    await visit(path, { viewport: { width, height: 800 } }, look, prepare)
  })

  test('is drawn in the fonts of the course, every character of it', async () => {
    await visit(path, {}, async ({ page }) => {
      await page.waitForLoadState('networkidle')
      // On a first visit fonts that come late are not used; by the second they are there.
      await page.reload({ waitUntil: 'networkidle' })
      expect(await foreignGlyphs(page)).toEqual([])
    })
  })
})

/** Text that another font than the course's had to draw, as devtools tell. */
async function foreignGlyphs(page: Page): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('DOM.enable')
  await devtools.send('CSS.enable')
  const { root } = await devtools.send('DOM.getDocument')
  const { nodeIds } = await devtools.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector: 'body *' })
  // Asked all at once: waiting for each of thousands of answers takes far longer than the answers.
  const foreign = await Promise.all(
    nodeIds.map(async nodeId => {
      const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId })
      const others = fonts.filter(({ isCustomFont }) => !isCustomFont)
      if (others.length === 0) return []
      const { outerHTML } = await devtools.send('DOM.getOuterHTML', { nodeId })
      return others.map(font => `${font.familyName}, ${font.glyphCount} glyphs: ${outerHTML.slice(0, 120)}`)
    }),
  )
  return foreign.flat()
}

describe('the security policy', () => {
  test('is a header, the same on every page as in the page, and forbids frames too', async () => {
    for (const path of PAGES) {
      const response = await fetch(course.url + path)
      const page = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(await response.text())?.[1]
      expect(page, path).toContain("script-src 'self'; style-src 'self';")
      expect(response.headers.get('content-security-policy'), path).toBe(
        `${page ?? ''}; frame-ancestors 'none'`,
      )
    }
  })

  test('catches a style attribute, an inline style, an inline script and a handler, by the header alone', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.route('**/', async route => {
      const response = await route.fetch()
      const html = (await response.text()).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
      await route.fulfill({
        response,
        body: html.replace(
          '<main',
          '<p id="a" style="color:red">글</p><style>#a{font-size:9px}</style>' +
            '<script>window.ran = 1</script><img src="/none.png" onerror="window.ran = 2"><main',
        ),
      })
    })
    await page.addInitScript(() => {
      window.violations = []
      addEventListener('securitypolicyviolation', event => window.violations.push(event.effectiveDirective))
    })
    await page.goto(course.url, { waitUntil: 'networkidle' })
    expect(await page.evaluate(() => window.violations.toSorted())).toEqual([
      'script-src-attr',
      'script-src-elem',
      'style-src-attr',
      'style-src-elem',
    ])
    expect(await page.evaluate(() => 'ran' in window)).toBe(false)
    await context.close()
  })
})

/** Pages that need more JavaScript than others. */
const SCRIPT_KB: Readonly<Record<string, number>> = {
  // The inspector is a tool, not a text: whoever opens it wants all of it.
  'inspector/': 125,
  // Their labs connect by themselves, so that what others load when a reader connects comes with the first visit.
  'lessons/accept-key/': 68,
  'lessons/handshake/': 68,
  // Six demos, each with words of its own.
  'lessons/use-cases/': 62,
  // Two labs, and what cuts bytes into records of TLS.
  'lessons/ws-and-wss/': 63,
}

describe('what a first visit loads, compressed', () => {
  async function weigh(path: string, prepare?: (page: Page) => Promise<unknown>): Promise<PageWeight> {
    const context = await browser.newContext({ serviceWorkers: 'block' })
    const page = await context.newPage()
    await prepare?.(page)
    const weight = await weighPage(page, course.url + path)
    await context.close()
    return weight
  }

  test.each(PAGES)('/%s keeps to its budget', async path => {
    const { first, all } = await weigh(path)
    expect(first.document, 'HTML').toBeLessThan(40 * KB)
    expect(all.stylesheet, 'CSS').toBeLessThan(20 * KB)
    expect(first.font, 'fonts').toBeLessThan(180 * KB)
    expect(all.script, 'JavaScript in all').toBeLessThan((SCRIPT_KB[path] ?? 61) * KB)
    if (path.startsWith('lessons/'))
      expect(first.script, 'JavaScript before a lab is near').toBeLessThan(15 * KB)
  })

  test('a lesson without labs, and the guesses and missions about them, needs 8 kB of JavaScript', async () => {
    // There is none yet: one that there is, without them and what they load.
    const { all } = await weigh('lessons/handshake/', page =>
      page.route('**/lessons/handshake/', async route => {
        const response = await route.fetch()
        const html = await response.text()
        const plain = html
          .replaceAll(/<astro-island[\s\S]*?<\/astro-island>/g, '')
          .replaceAll(/<wire-mission[\s\S]*?<\/wire-mission>/g, '')
          .replaceAll(/<(reader-guess|guess-outcome)[\s\S]*?<\/\1>/g, '')
          .replaceAll(/<script[^>]* src="[^"]*\/(islands|Mission)\.[^"]*"><\/script>/g, '')
        expect(html.match(/<script[^>]* src=/g)?.length).toBe(
          (plain.match(/<script[^>]* src=/g)?.length ?? 0) + 2,
        )
        await route.fulfill({ response, body: plain })
      }),
    )
    expect(all.script).toBeLessThan(8 * KB)
    expect(all.script).toBeGreaterThan(0)
  })
})

interface LayoutShift extends PerformanceEntry {
  readonly value: number
  readonly hadRecentInput: boolean
  readonly sources: readonly { readonly node: Node | null }[]
}

declare global {
  interface Window {
    violations: string[]
    shifts: string[]
  }
}
