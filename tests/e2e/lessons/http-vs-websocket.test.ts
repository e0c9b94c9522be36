import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { LabPage } from '../../support/lab-page.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'

let browser: Browser
let course: RunningCourse
let page: Page

beforeAll(async () => {
  course = await startCourse(await builtSite())
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await course?.stop()
})
beforeEach(async () => {
  page = await browser.newPage()
  page.setDefaultTimeout(25_000)
})
afterEach(() => page.close())

async function open(url = course.url): Promise<LabPage> {
  await page.goto(`${url}lessons/http-vs-websocket/`)
  const lab = new LabPage(page, 'race')
  await lab.hydrated()
  return lab
}

async function race(lab: LabPage, settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await lab.plate.getByLabel(name).fill(value)
  await lab.button('경주 시작하기').click()
}

/** Figures of a way, as the table has them. */
async function figures(lab: LabPage, way: string): Promise<number[]> {
  const cells = await lab.plate.locator(`tr[data-way="${way}"] td`).allTextContents()
  return cells.map(text => Number(text.replaceAll(',', '')))
}

test('a race is run with the reader’s settings, and its figures agree with each other', async () => {
  const lab = await open()
  const drawn = () =>
    lab.plate.locator('.plot canvas').evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL())
  const recorded = await drawn()
  await race(lab, { '사건 (초당)': '10', '시간 (초)': '3', '받는 이': '2' })
  await lab.reach('live')
  await lab.reach('ended')
  for (const way of ['poll', 'long-poll', 'sse', 'websocket', 'poll-h2']) {
    const [events = 0, requests = 0, connections = 0, up = 0, down = 0, sum = 0, each = 0] = await figures(
      lab,
      way,
    )
    expect([way, events > 20, connections]).toEqual([way, true, 2])
    expect(requests).toBeGreaterThanOrEqual(2)
    expect(sum).toBe(up + down)
    expect(Math.abs(each - sum / events)).toBeLessThanOrEqual(0.5)
  }
  const [[, polls = 0], [, handshakes = 0]] = await Promise.all([
    figures(lab, 'poll'),
    figures(lab, 'websocket'),
  ])
  expect(handshakes).toBe(2)
  expect(polls).toBeGreaterThan(4)
  await expect.poll(() => lab.plate.locator('.plate-says').textContent()).toMatch(/폴링은 웹소켓의 [\d.]+배/)
  expect(await lab.plate.locator('.plot canvas').count()).toBe(1)
  expect(await drawn()).not.toBe(recorded)
})

test('headers are those of the reader’s browser: a longer name makes every poll longer', async () => {
  const sizes = []
  for (const userAgent of ['short', 'x'.repeat(300)]) {
    const context = await browser.newContext({ userAgent })
    page = await context.newPage()
    page.setDefaultTimeout(25_000)
    const lab = await open()
    await race(lab, { '시간 (초)': '2' })
    await lab.reach('ended')
    const [, requests = 1, , up = 0] = await figures(lab, 'poll')
    sizes.push(up / requests)
    await context.close()
  }
  page = await browser.newPage()
  expect(Math.round((sizes[1] ?? 0) - (sizes[0] ?? 0))).toBe(295)
})

test('what the reader foretold is drawn, said beside what was measured, and judged', async () => {
  const lab = await open()
  await race(lab, { '시간 (초)': '2', '내 예측': '99' })
  await lab.reach('ended')
  await expect.poll(() => lab.plate.locator('.plate-says').textContent()).toContain('예측은 99배였습니다')
  await lab.plate.locator('.legend', { hasText: '내 예측' }).waitFor()
  await expect
    .poll(() => page.locator('#mission-foretold-ratio .mission-verdict').textContent())
    .toContain('예측은 99배')
})

test('figures can be saved as CSV, every tally of them', async () => {
  const lab = await open()
  const download = page.waitForEvent('download')
  await lab.button('CSV로 내려받기').click()
  const csv = await readFile(await (await download).path(), 'utf8')
  expect(csv.split('\r\n')[0]).toBe('way,at,connections,requests,up,down,events,p50,p95,max')
  expect(csv.match(/^websocket,/gm)?.length).toBeGreaterThan(10)
})

test('settings that cannot be are brought into their bounds', async () => {
  const lab = await open()
  await race(lab, { '시간 (초)': '0', '사건 (초당)': '9999' })
  await lab.reach('ended')
  expect(await lab.plate.getByLabel('시간 (초)').inputValue()).toBe('2')
  expect(await lab.plate.getByLabel('사건 (초당)').inputValue()).toBe('50')
})

test('without a sandbox the recorded race is there, drawn and in figures', async () => {
  const host = await serveFolder(await builtSite())
  try {
    const lab = await open(host.url)
    await lab.button('경주 시작하기').click()
    await lab.reach('absent')
    await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('npm start')
    expect((await figures(lab, 'websocket'))[0]).toBeGreaterThan(20)
    await lab.plate.locator('.plot canvas').waitFor()
    expect(await lab.button('경주 시작하기').isEnabled()).toBe(true)
  } finally {
    await host.stop()
  }
})
