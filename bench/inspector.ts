/**
 * The inspector under load, in a real browser: a minute of 1,000 messages a second each way, and a recording of 100,000
 * frames. Besides what passed on the clock, what the page's thread worked itself: the difference is the machine's.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { serializeRecording } from '#recording/recording-writer.ts'
import { launchBrowser } from '../tests/support/browser.ts'
import { builtSite } from '../tests/support/built-site.ts'
import { flood, FLOOD_RATE } from '../tests/support/flood.ts'
import { InspectorPage } from '../tests/support/inspector-page.ts'
import { manyFrames, recordingOf } from '../tests/support/long-recording.ts'
import { startCourse } from '../tests/support/running-course.ts'
import { tasksDuring } from '../tests/support/thread-time.ts'

const SECONDS = 60
const FRAMES = 100_000
const ROUNDS = 5
/** Texts to filter by: one that few frames hold, and one that many do. */
const WORDS = ['천 번째', '"n":5']
const PATTERN = '"n":\\d*5,'
const holding = (text: string) =>
  [...manyFrames(FRAMES)].filter(({ payload }) => Buffer.from(payload).includes(text)).length

const quantile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(Math.floor(values.length * share), values.length - 1)] ??
  Number.NaN
/** A minute has more tasks than a call can have arguments. */
const largest = (values: readonly number[]) => values.reduce((most, each) => Math.max(most, each), 0)
const ms = (value: number) => `${value.toFixed(1)} ms`
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
const row = (name: string, value: string, goal = '') =>
  console.log(`  ${name.padEnd(46)} ${value.padStart(22)}   ${goal}`)

async function live(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const inspector = await InspectorPage.open(page, url)
  await inspector.connect()
  const idle = await tasksDuring(browser, () => page.waitForTimeout(2_000))
  const { tasks, nodes, heaps, sent, filtering } = await flood(browser, page, inspector, SECONDS)
  console.log(`${SECONDS} s of ${FLOOD_RATE} messages/s each way, scrolled and filtered meanwhile`)
  const worked = tasks.map(task => task.worked)
  const took = tasks.map(task => task.took)
  row('messages sent, all the time', String(sent))
  row('longest task, of the thread itself', ms(largest(worked)), 'at most 50 ms')
  row(
    'longest task, on the clock',
    ms(largest(took)),
    `an idle page: ${ms(largest(idle.map(task => task.took)))}`,
  )
  row('tasks above 50 ms on the clock', `${took.filter(each => each > 50).length} of ${took.length}`)
  row('99.9 % of tasks, on the clock', ms(quantile(took, 0.999)))
  row(
    'thread at work',
    `${((100 * worked.reduce((sum, each) => sum + each, 0)) / (SECONDS * 1000)).toFixed(0)} %`,
  )
  row('nodes, at most', String(Math.max(...nodes)), 'at most 2,000')
  row('heap after collections, ring full', `${mb(Math.min(...heaps))} – ${mb(Math.max(...heaps))}`)
  row('filter over the full ring, median', ms(quantile(filtering, 0.5)))
  await page.close()
}

/** Milliseconds in the page from handing over a file to the last row's being there to see. */
async function openingTime(page: Page, path: string): Promise<number> {
  const inspector = new InspectorPage(page)
  await inspector.tool.getByLabel('열 기록 파일').evaluate(input => {
    input.addEventListener('change', () => (document.body.dataset['opening'] = String(performance.now())), {
      capture: true,
    })
    const look = () => {
      const size = Number(document.querySelector('[role=option]')?.getAttribute('aria-setsize'))
      if (size > 100_000) document.body.dataset['opened'] ??= String(performance.now())
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await inspector.tool.getByLabel('열 기록 파일').setInputFiles(path)
  await page.locator('body[data-opened]').waitFor({ timeout: 60_000 })
  const { opening = '', opened = '' } = await page
    .locator('body')
    .evaluate(({ dataset }) => ({ opening: dataset['opening'], opened: dataset['opened'] }))
  return Number(opened) - Number(opening)
}

/** Milliseconds from a filter's change to the frame that shows how many passed. */
async function filterTime(page: Page, text: string, count: number): Promise<number> {
  return page.evaluate(
    async ([wanted, expected]) => {
      const field = document.querySelector<HTMLInputElement>('#inspector-filter')
      if (!field) throw new Error('no filter')
      const shown = () => Number(document.querySelector('[role=option]')?.getAttribute('aria-setsize'))
      const started = performance.now()
      field.value = wanted
      field.dispatchEvent(new Event('input', { bubbles: true }))
      while (shown() !== expected) await new Promise(requestAnimationFrame)
      return performance.now() - started
    },
    [text, count] as const,
  )
}

async function long(browser: Browser, url: string, folder: string): Promise<void> {
  const path = join(folder, 'long.json')
  writeFileSync(path, serializeRecording(recordingOf(manyFrames(FRAMES)), { secrets: 'keep' }))
  const openings: number[] = []
  const filters: number[] = []
  const patterns: number[] = []
  let longest = 0
  for (let round = 0; round < ROUNDS; round++) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await InspectorPage.open(page, url)
    openings.push(await openingTime(page, path))
    for (const text of WORDS) filters.push(await filterTime(page, text, holding(text)))
    await page.locator('#inspector-filter').fill('')
    await page.getByRole('checkbox', { name: '정규식' }).check()
    const matching = [...manyFrames(FRAMES)].filter(({ payload }) =>
      new RegExp(PATTERN).test(Buffer.from(payload).toString()),
    ).length
    const tasks = await tasksDuring(browser, async () => {
      patterns.push(await filterTime(page, PATTERN, matching))
    })
    longest = Math.max(longest, largest(tasks.map(({ worked }) => worked)))
    await page.close()
  }
  console.log(`a recording of ${FRAMES} frames, ${ROUNDS} rounds`)
  row('opened, median', ms(quantile(openings, 0.5)), `at most 2,000 ms; worst ${ms(Math.max(...openings))}`)
  row(
    'filtered by text, median',
    ms(quantile(filters, 0.5)),
    `at most 200 ms; worst ${ms(Math.max(...filters))}`,
  )
  row('filtered by a regular expression, median', ms(quantile(patterns, 0.5)))
  row('  its longest task, of the thread itself', ms(longest), 'at most 50 ms')
}

const course = await startCourse(await builtSite())
const browser = await launchBrowser()
const folder = mkdtempSync(join(tmpdir(), 'inspector-bench-'))
try {
  await long(browser, course.url, folder)
  await live(browser, course.url)
} finally {
  await browser.close()
  await course.stop()
  rmSync(folder, { recursive: true })
}
