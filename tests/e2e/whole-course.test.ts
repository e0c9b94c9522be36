import { globSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isMissionId } from '../../src/missions/missions.ts'
import { answer, predictAll } from '../support/answers.ts'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { LabPage } from '../support/lab-page.ts'
import { questionsReady, readThrough } from '../support/reader.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { SOLUTIONS } from '../support/solutions.ts'
import { serveFolder, type StaticHost } from '../support/static-host.ts'

/** Every lesson there is, in the order of the course. */
const LESSONS = globSync('src/content/lessons/**/*.mdx')
  .toSorted()
  .map(file => /\d+-([a-z-]+)\.mdx$/.exec(file)?.[1] ?? '')

/** On a busy machine a mission takes its time. */
const PATIENT_MS = 30_000

let browser: Browser
let site: string

beforeAll(async () => {
  site = await builtSite()
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

/** What the page complains of in its console while it is used. */
function complaints(page: Page): string[] {
  const heard: string[] = []
  page.on('pageerror', error => heard.push(error.message))
  return heard
}

/** Answers every question of the lesson, wrong at first. */
async function answerAll(page: Page): Promise<void> {
  await questionsReady(page)
  for (const asked of await page.locator('[data-question]').all()) {
    await answer(asked, 'wrong')
    await asked.getByRole('button', { name: '다시 풀기' }).click()
    await answer(asked, 'right')
  }
}

describe('a reader who does all there is to do', () => {
  let course: RunningCourse
  let reader: BrowserContext

  beforeAll(async () => {
    course = await startCourse(site)
    reader = await browser.newContext({ reducedMotion: 'reduce' })
  })
  afterAll(async () => {
    await reader?.close()
    await course?.stop()
  })

  test.each(LESSONS)('takes %s to its end', { timeout: 180_000 }, async slug => {
    const page = await reader.newPage()
    page.setDefaultTimeout(PATIENT_MS)
    const wrong = complaints(page)
    await page.goto(`${course.url}lessons/${slug}/`)
    await predictAll(page)
    const missions = await page.locator('wire-mission').all()
    expect(missions.length).toBeGreaterThan(0)
    for (const mission of missions) {
      const id = (await mission.getAttribute('data-mission')) ?? ''
      if (!isMissionId(id)) throw new Error(`${id} is no mission`)
      const lab = new LabPage(page, (await mission.getAttribute('data-lab')) ?? '')
      await lab.hydrated()
      await SOLUTIONS[id](lab, page)
      await page.locator(`#mission-${id}[data-state="passed"]`).waitFor()
    }
    await answerAll(page)
    const end = page.locator('lesson-standing')
    await end.scrollIntoViewIfNeeded()
    await end.and(page.locator('[data-state=read]')).waitFor()
    expect(wrong).toEqual([])
    await page.close()
  })

  test('has read every lesson and passed every mission', async () => {
    const page = await reader.newPage()
    await page.goto(`${course.url}progress/`)
    await expect
      .poll(() => page.locator('[data-sum]').textContent())
      .toMatch(
        new RegExp(
          `장 ${LESSONS.length}개 가운데 ${LESSONS.length}개를 읽었습니다.*미션 ${Object.keys(SOLUTIONS).length}개를 통과`,
        ),
      )
    await page.close()
  })
})

describe('a reader who has no sandbox', () => {
  let host: StaticHost

  beforeAll(async () => {
    host = await serveFolder(site)
  })
  afterAll(() => host?.stop())

  test.each(LESSONS)('finds nothing dead and nothing spinning in %s', { timeout: 120_000 }, async slug => {
    const page = await browser.newPage({ reducedMotion: 'reduce' })
    page.setDefaultTimeout(PATIENT_MS)
    const wrong = complaints(page)
    await page.goto(`${host.url}lessons/${slug}/`)
    await readThrough(page)
    const labs = await page.locator('figure.plate[id^="lab-"][data-lab-shows]').all()
    expect(labs.length).toBeGreaterThan(0)
    for (const plate of labs) {
      const id = (await plate.getAttribute('id')) ?? ''
      const lab = new LabPage(page, id.slice('lab-'.length))
      await lab.hydrated()
      const begin = plate.locator('.plate-tools button:not([aria-disabled=true], .quiet)').first()
      if ((await plate.getAttribute('data-lab-state')) === 'waiting' && (await begin.count()) > 0) {
        await begin.click()
        await lab.reach('absent')
      }
      expect(await plate.getAttribute('data-lab-state')).not.toBe('connecting')
      await expect.poll(() => plate.getAttribute('data-lab-shows')).toBe('recording')
      // A lab without a timeline has the bytes themselves, or the figures.
      await expect.poll(() => plate.locator('button.what, .cell, tbody td').count()).toBeGreaterThan(0)
    }
    for (const mission of await page.locator('.mission').all())
      expect(await mission.getAttribute('data-state')).toBe('open')
    await answerAll(page)
    expect(await page.locator('[aria-busy=true]').count()).toBe(0)
    expect(wrong).toEqual([])
    await page.close()
  })
})
