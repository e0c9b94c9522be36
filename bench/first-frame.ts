/**
 * Time from navigation to the first live frame in the DOM of the handshake lesson, against a bare page that opens a
 * WebSocket and shows the echo: same browser, same server, rounds interleaved.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../tests/support/browser.ts'
import { builtSite } from '../tests/support/built-site.ts'
import { startCourse } from '../tests/support/running-course.ts'

const ROUNDS = 15

/** The least a page can do: open, send, show what came back. */
const BARE = `<!doctype html><title>bare</title><p></p><script>
const socket = new WebSocket('/lab/echo')
socket.onopen = () => socket.send('안녕하세요')
socket.onmessage = ({ data }) => { document.querySelector('p').textContent = data; document.body.dataset.done = performance.now() }
</script>`

/** Milliseconds from navigation to the mark that `script` waits for, in a context without any cache. */
async function visit(browser: Browser, url: string, bare: boolean): Promise<number> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    if (!bare)
      await page.addInitScript(() => {
        const watch = () => {
          const lab = document.querySelector('[data-lab-state="live"]')
          const shown = lab?.querySelectorAll('button.what.server').length ?? 0
          if (shown > 1) document.body.dataset['done'] ??= String(performance.now())
          else requestAnimationFrame(watch)
        }
        requestAnimationFrame(watch)
      })
    await page.goto(url)
    if (!bare) await page.locator('[data-lab-state]').first().scrollIntoViewIfNeeded()
    await page.locator('body[data-done]').waitFor({ state: 'attached' })
    return Number(await page.locator('body').getAttribute('data-done'))
  } finally {
    await context.close()
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

// A page of its own site: Chromium lets no page of unknown origin address reach loopback.
const bareSite = mkdtempSync(join(tmpdir(), 'bare-site-'))
writeFileSync(join(bareSite, 'index.html'), BARE)
const bareCourse = await startCourse(bareSite)
const course = await startCourse(await builtSite())
const browser = await launchBrowser()
const pages = [
  { name: 'bare page', url: bareCourse.url, bare: true },
  { name: 'home page', url: course.url, bare: false },
  { name: 'handshake lesson', url: `${course.url}lessons/handshake/`, bare: false },
] as const
const times = new Map<string, number[]>(pages.map(({ name }) => [name, []]))
try {
  for (let round = 0; round <= ROUNDS; round++)
    for (const { name, url, bare } of pages) {
      const time = await visit(browser, url, bare)
      // The first round warms the browser up.
      if (round > 0) times.get(name)?.push(time)
    }
} finally {
  await browser.close()
  await course.stop()
  await bareCourse.stop()
  rmSync(bareSite, { recursive: true })
}
const base = median(times.get('bare page') ?? [])
console.log(`navigation to first live frame, median of ${ROUNDS}`)
for (const { name } of pages) {
  const time = median(times.get(name) ?? [])
  console.log(`  ${name.padEnd(18)} ${time.toFixed(0).padStart(5)} ms   ${(time / base).toFixed(2)}x bare`)
}
