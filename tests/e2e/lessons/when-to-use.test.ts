import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { LabPage } from '../../support/lab-page.ts'
import { serveFolder, type StaticHost } from '../../support/static-host.ts'

let browser: Browser
let host: StaticHost
let page: Page
let plate: Locator

// Nothing here needs a sandbox.
beforeAll(async () => {
  host = await serveFolder(await builtSite())
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await host?.stop()
})
beforeEach(async () => {
  page = await browser.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(`${host.url}lessons/when-to-use/`)
  const lab = new LabPage(page, 'decision')
  await lab.hydrated()
  plate = lab.plate
})
afterEach(() => page.close())

const verdict = () => plate.locator('.way')

test('questions lead to a way, its reasons and what was measured of it', async () => {
  for (const answer of [
    '양쪽 모두 말을 꺼냅니다',
    '생기는 대로 닿아야 합니다',
    '막는 것이 없습니다',
    '1초에도 여러 번입니다',
  ])
    await plate.getByLabel(answer).check()
  expect(await verdict().count()).toBe(0)
  await plate.getByLabel('빠짐없이 차례대로 와야 합니다').check()
  await expect.poll(() => verdict().textContent()).toContain('웹소켓')
  await expect.poll(() => plate.locator('.led-to li').count()).toBe(2)
  await expect.poll(() => plate.locator('.led-to').textContent()).toMatch(/사건 하나에 \d+바이트/)
})

test('another answer to an earlier question takes the later ones back', async () => {
  await plate.getByLabel('서버가 소식을 알리고').check()
  await plate.getByLabel('생기는 대로 닿아야 합니다').check()
  await plate.getByLabel('막는 것이 없습니다').check()
  await expect.poll(() => verdict().textContent()).toContain('SSE')
  await plate.getByLabel('몇 분 늦어도 됩니다').check()
  await expect.poll(() => verdict().textContent()).toContain('폴링')
  expect(await plate.getByRole('group').count()).toBe(2)
  await plate.getByRole('button', { name: '처음부터 다시 답하기' }).click()
  await expect.poll(() => plate.getByRole('group').count()).toBe(1)
  expect(await plate.getByRole('radio', { checked: true }).count()).toBe(0)
})

test('by keyboard alone', async () => {
  await plate.getByRole('radio').first().focus()
  await page.keyboard.press('Space')
  await expect.poll(() => verdict().textContent()).toContain('보통의 HTTP 요청')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => plate.getByRole('group').count()).toBe(2)
})
