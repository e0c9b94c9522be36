/** Gzip bytes of HTML, CSS, JavaScript and fonts that each page loads, counted in a real browser. */
import { gzipSync } from 'node:zlib'
import { launchBrowser } from '../tests/support/browser.ts'
import { builtSite } from '../tests/support/built-site.ts'
import { startCourse } from '../tests/support/running-course.ts'

const PAGES = ['', 'lessons/first-connection/', 'lessons/handshake/', '404.html']
const KINDS = ['document', 'stylesheet', 'script', 'font'] as const
type Kind = (typeof KINDS)[number]
const isKind = (kind: string): kind is Kind => KINDS.some(each => each === kind)

const course = await startCourse(await builtSite())
const browser = await launchBrowser()
console.log(
  `${'page'.padEnd(28)}${KINDS.map(kind => kind.padStart(12)).join('')}   (gzip bytes; fonts as sent)`,
)
try {
  for (const path of PAGES) {
    const page = await browser.newPage()
    const sizes: Record<Kind, number> = { document: 0, stylesheet: 0, script: 0, font: 0 }
    const counted: Promise<void>[] = []
    page.on('response', response => {
      const kind = response.request().resourceType()
      if (!isKind(kind)) return
      counted.push(
        response.body().then(body => {
          sizes[kind] += kind === 'font' ? body.length : gzipSync(body, { level: 9 }).length
        }),
      )
    })
    await page.goto(course.url + path, { waitUntil: 'networkidle' })
    for (const island of await page.locator('astro-island:has([data-lab-state])').all()) {
      await island.locator('[data-lab-state]').scrollIntoViewIfNeeded()
      await island.and(page.locator(':not([ssr])')).waitFor({ state: 'attached' })
    }
    await page.waitForLoadState('networkidle')
    await Promise.all(counted)
    console.log(`${`/${path}`.padEnd(28)}${KINDS.map(kind => String(sizes[kind]).padStart(12)).join('')}`)
    await page.close()
  }
} finally {
  await browser.close()
  await course.stop()
}
