import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { watchSockets, type DevtoolsSocket } from '../../support/devtools.ts'
import { LabPage } from '../../support/lab-page.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'

let browser: Browser
let course: RunningCourse
let page: Page
let sockets: readonly DevtoolsSocket[]

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
  page.setDefaultTimeout(20_000)
  sockets = await watchSockets(page)
})
afterEach(() => page.close())

async function open(url = course.url): Promise<LabPage> {
  await page.goto(`${url}lessons/strengths/`)
  const lab = new LabPage(page, 'strengths')
  await lab.hydrated()
  return lab
}

const cell = (lab: LabPage, row: string, index = 0) =>
  lab.plate
    .getByRole('row', { name: new RegExp(`^${row}`) })
    .getByRole('cell')
    .nth(index)

test('the report card has what devtools saw: so many messages, and the bytes their frames take', async () => {
  const lab = await open()
  await lab.plate.getByLabel('메시지 수').fill('30')
  await lab.plate.getByLabel('글자 수').fill('130')
  await lab.button('새 연결로 보내고 재기').click()
  await expect.poll(() => cell(lab, '메시지 \\d', 1).textContent()).toBe('30개')
  const seen = sockets.findLast(({ url }) => new URL(url).pathname === '/lab/echo')?.messages ?? []
  const bytes = (sent: boolean) =>
    seen.filter(each => each.sent === sent).reduce((sum, { payload }) => sum + Buffer.byteLength(payload), 0)
  expect([bytes(true), bytes(false)]).toEqual([3900, 3900])
  for (const [index, head] of [8, 4].entries()) {
    await expect.poll(() => cell(lab, '전하려던 바이트', index).textContent()).toBe('3,900')
    await expect
      .poll(() => cell(lab, '프레임의 바이트', index).textContent())
      .toBe((3900 + 30 * head).toLocaleString('ko'))
  }
  await expect.poll(() => cell(lab, '왕복 시간').textContent()).toMatch(/절반이 [\d.]+ ms/)
})

test('numbers that cannot be are brought into their bounds', async () => {
  const lab = await open()
  await lab.plate.getByLabel('메시지 수').fill('9999')
  await lab.plate.getByLabel('글자 수').fill('-5')
  await lab.button('새 연결로 보내고 재기').click()
  await expect.poll(() => lab.wireRows('server').count()).toBe(51)
  await expect.poll(() => cell(lab, '전하려던 바이트').textContent()).toBe('0')
  await expect.poll(() => cell(lab, '덧붙은 몫').textContent()).toBe('–')
})

test('without a sandbox the recorded report card is there', async () => {
  const host = await serveFolder(await builtSite())
  try {
    const lab = await open(host.url)
    await lab.button('새 연결로 보내고 재기').click()
    await lab.reach('absent')
    await expect.poll(() => cell(lab, '전하려던 바이트').textContent()).toBe('400')
    await expect.poll(() => cell(lab, '프레임의 바이트').textContent()).toBe('520')
  } finally {
    await host.stop()
  }
})
