import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRecording } from '#recording/recording.ts'
import { CapturedConnection } from '../../src/wire/captured-connection.ts'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { flood, FLOOD_RATE } from '../support/flood.ts'
import { InspectorPage } from '../support/inspector-page.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { tasksDuring } from '../support/thread-time.ts'

/** `npm run bench` does the same for a minute. */
const SECONDS = 15

let browser: Browser
let course: RunningCourse

beforeAll(async () => {
  course = await startCourse(await builtSite())
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await course?.stop()
})

test(
  `${SECONDS} s of ${FLOOD_RATE} messages a second each way are shown without a long task, without growing, without loss`,
  { timeout: 180_000 },
  async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const inspector = await InspectorPage.open(page, course.url)
    await inspector.connect()
    // The same page with nothing to do: what any task of it costs on this machine now.
    const idle = await tasksDuring(browser, () => page.waitForTimeout(1_000))
    const idleWorst = Math.max(0, ...idle.map(({ worked }) => worked))
    const { tasks, nodes, heaps, sent } = await flood(browser, page, inspector, SECONDS)

    // The thread's own time, so that a machine that has other things to do is not held against the page; what an idle
    // page needs for its longest task is allowed for.
    expect(tasks.length).toBeGreaterThan(SECONDS * 100)
    expect(Math.max(...tasks.map(({ worked }) => worked))).toBeLessThanOrEqual(50 + idleWorst)
    expect(Math.max(...nodes)).toBeLessThanOrEqual(2_000)
    // Between collections the ring is anywhere in its slack of an eighth: that much may differ, and no more.
    expect(Math.max(...heaps) / Math.min(...heaps)).toBeLessThan(1.35)
    expect(sent).toBeGreaterThan(SECONDS * FLOOD_RATE * 0.8)

    await expect.poll(() => inspector.tool.textContent(), { timeout: 20_000 }).not.toContain('거울이 놓침')
    await expect
      .poll(async () => (await inspector.sentences()).at(-1), { timeout: 20_000 })
      .toContain(`흐르는 말 ${sent - 1}”`)
    const { bytes } = await inspector.exported('기록 (.json)')
    const [recorded] = parseRecording(bytes.toString()).connections
    const items = recorded ? CapturedConnection.fromRecording(recorded).items : []
    expect(items.length).toBeGreaterThanOrEqual(10_000)
    for (const side of ['client', 'server'] as const) {
      const numbers = items.flatMap(item =>
        item.from === side && item.kind === 'frame' ? Number(item.message?.text?.split(' ').at(-1)) : [],
      )
      const first = sent - numbers.length
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => first + index))
    }
    await page.close()
  },
)
