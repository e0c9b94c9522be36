/** Gzip bytes of HTML, CSS, JavaScript and fonts that each page loads, counted in a real browser. */
import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describeBuild } from '../site-build/offline.ts'
import { launchBrowser } from '../tests/support/browser.ts'
import { builtSite } from '../tests/support/built-site.ts'
import { KINDS, weighPage, type Weight } from '../tests/support/page-weight.ts'
import { startCourse } from '../tests/support/running-course.ts'

const site = await builtSite()
const course = await startCourse(site)
const browser = await launchBrowser()
const row = (name: string, cells: readonly string[]): void =>
  console.log(name.padEnd(36) + cells.map(cell => cell.padStart(11)).join(''))
const cellsOf = (weight: Weight): string[] => KINDS.map(kind => String(weight[kind]))
row('page (gzip bytes; fonts as sent)', [...KINDS])
try {
  for (const file of globSync('**/*.html', { cwd: site }).toSorted()) {
    const path = file.replaceAll('\\', '/').replace(/index\.html$/, '')
    const context = await browser.newContext({ serviceWorkers: 'block' })
    const { first, all } = await weighPage(await context.newPage(), course.url + path)
    row(`/${path}`, cellsOf(first))
    if (all.script > first.script) row('  with every lab', cellsOf(all))
    await context.close()
  }
} finally {
  await browser.close()
  await course.stop()
}
const kept = Object.keys(describeBuild(site, '/').files).map(path => path.replace(/(^|\/)$/, '$1index.html'))
const bytes = kept.reduce((sum, path) => sum + statSync(join(site, path)).size, 0)
console.log(
  `kept for reading without a network: ${kept.length} files, ${(bytes / 1000).toFixed(0)} kB unpacked`,
)
