import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { watchSockets } from '../../support/devtools.ts'
import { LabPage } from '../../support/lab-page.ts'
import { axeFindings } from '../../support/reader.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'

const site = await builtSite()

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

const SUMMARY = '다른 브라우저의 기록과 견주기'

test('my request is put beside the recorded one, each header as devtools saw it', async () => {
  const page = await browser.newPage({
    userAgent: 'Another Browser/1.0',
    viewport: { width: 390, height: 800 },
  })
  const sockets = await watchSockets(page)
  await page.goto(`${course.url}lessons/handshake/`)
  const lab = new LabPage(page, 'handshake')
  await lab.hydrated()
  await lab.reach('live')
  // By keyboard: a summary is a button.
  await lab.plate.getByText(SUMMARY).focus()
  await page.keyboard.press('Enter')
  const rows = lab.plate.getByRole('region', { name: '헤더별 비교' }).locator('tbody tr')
  await rows.first().waitFor()
  const shown = await rows.evaluateAll(all =>
    all.map(row => [...row.children].map(cell => cell.textContent.trim())),
  )
  const socket = sockets.find(({ url }) => new URL(url).pathname === '/lab/echo')
  const sent = (socket?.requestHeadersText ?? '')
    .split('\r\n')
    .slice(1)
    .filter(line => line !== '')
    .map(line => line.split(/: (.*)/s).slice(0, 2))
  const mine = shown.filter(([, value]) => value !== '없음').map(([name, value]) => [name, value])
  expect(mine).toEqual(sent)
  const differences = new Map(shown.map(([name, , , difference]) => [name, difference]))
  expect(differences.get('Upgrade')).toBe('같음')
  expect(differences.get('Sec-WebSocket-Version')).toBe('같음')
  for (const name of ['User-Agent', 'Sec-WebSocket-Key']) expect(differences.get(name)).toBe('값이 다름')
  // The recorded request offered subprotocols, mine did not.
  expect(differences.get('Sec-WebSocket-Protocol')).toBe('기록에만')
  const counted = [...differences.values()].filter(each => each !== '같음').length
  await expect
    .poll(() => lab.plate.locator('details [role=status]').textContent())
    .toContain(`${counted}개가 다릅니다`)
  expect(await axeFindings(page)).toEqual([])
  await page.close()
})

test('without a sandbox there is nothing to compare, and nothing that offers to', async () => {
  const host = await serveFolder(site)
  try {
    const page = await browser.newPage()
    await page.goto(`${host.url}lessons/handshake/`)
    const lab = new LabPage(page, 'handshake')
    await lab.hydrated()
    await lab.reach('absent')
    expect(await lab.plate.getByText(SUMMARY).count()).toBe(0)
    await page.close()
  } finally {
    await host.stop()
  }
})
