import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { watchSockets, type DevtoolsSocket } from '../../support/devtools.ts'
import { LabPage } from '../../support/lab-page.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'

/** On a busy machine a connection takes its time. */
const PATIENT = { timeout: 15_000 }

let browser: Browser
let course: RunningCourse
let page: Page
let lab: LabPage
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
  sockets = await watchSockets(page)
  await page.goto(`${course.url}lessons/why-websocket/`)
  lab = new LabPage(page, 'why-websocket')
  await lab.hydrated()
})
afterEach(() => page.close())

async function connect(every: string): Promise<void> {
  await lab.plate.getByLabel('서버가 말하는 간격').selectOption({ label: every })
  await lab.button('연결하기').click()
  await lab.reach('live')
}

/**
 * Text frames as the plate shows them, in its order: who sent each, and what it says.
 * @param most rows of the wire that are looked at
 */
function shownTexts(most = Infinity): Promise<string[]> {
  return lab.plate.locator('button.what').evaluateAll(
    (rows, end) =>
      rows.slice(0, end ?? rows.length).flatMap(row => {
        if (!row.textContent.includes('텍스트 프레임')) return []
        const from = /client|server/.exec(row.getAttribute('class') ?? '')?.[0]
        return [`${from}: ${/“(.*)”/.exec(row.textContent)?.[1]}`]
      }),
    Number.isFinite(most) ? most : null,
  )
}

/** How many rows there are before the first Close frame. */
function rowsBeforeClose(): Promise<number> {
  return lab.plate
    .locator('button.what')
    .evaluateAll(rows => rows.findIndex(row => row.textContent.includes('종료 프레임')))
}

const mission = (id: string) => page.locator(`#mission-${id}`)
const passed = (within: Page) => within.locator('[data-state="passed"]')

test('a reader who only listens hears the server, as devtools do, and passes the mission', async () => {
  expect(await mission('spoke-unasked').getAttribute('data-state')).not.toBe('passed')
  await connect('0.3초')
  await mission('spoke-unasked').and(passed(page)).waitFor()
  await lab.button('끊기').click()
  await lab.reach('ended')
  const socket = sockets.findLast(({ url }) => new URL(url).pathname === '/lab/speak')
  const heard = () => socket?.messages.map(({ sent, payload }) => `${sent ? 'client' : 'server'}: ${payload}`)
  await lab.plate.locator('button.what', { hasText: '종료 프레임' }).first().waitFor()
  // Devtools tell of a frame at another moment than the tap, and of one that crosses behind the page's Close or not.
  const agree = async () => {
    const shown = [await shownTexts(), await shownTexts(await rowsBeforeClose())]
    return shown.some(texts => texts.length >= 3 && JSON.stringify(texts) === JSON.stringify(heard()))
  }
  await expect.poll(agree, PATIENT).toBe(true)
  expect(await mission('three-between').getAttribute('data-state')).not.toBe('passed')
})

test('three messages between two of the server pass the other mission', async () => {
  await connect('3초')
  await lab.plate.locator('button.what.server', { hasText: '서버의 말 1' }).waitFor()
  for (let count = 0; count < 3; count++) await lab.button('보내기').click()
  await mission('three-between').and(passed(page)).waitFor()
  expect((await shownTexts()).slice(1, 5).map(text => text.split(':')[0])).toEqual([
    'client',
    'client',
    'client',
    'server',
  ])
})

test('a page that speaks on and on waits for nobody, and can be stopped', async () => {
  await connect('1초')
  await lab.button('나도 잇달아 말하기').click()
  await expect.poll(async () => (await shownTexts()).join('\n'), PATIENT).toMatch(/client.*\nclient/)
  await lab.button('그만 말하기').click()
  await lab.button('나도 잇달아 말하기').waitFor()
})

test('over HTTP every answer comes behind its own question, four times over four connections', async () => {
  await lab.plate.getByLabel('HTTP로').check()
  await lab.plate.getByLabel('서버가 말하는 간격').selectOption({ label: '3초' })
  await lab.plate.getByLabel('묻는 간격').selectOption({ label: '0.3초' })
  await lab.button('네 번 묻기').click()
  await lab.button('네 번 묻기').waitFor()
  const rows = lab.plate.locator('button.what')
  await expect.poll(() => rows.count(), PATIENT).toBe(12)
  const kinds = (await rows.locator('span:not(.arrow)').allTextContents()).map(text => text.trim())
  expect(kinds).toEqual([1, 2, 3, 4].flatMap(() => ['HTTP 요청', 'HTTP 응답', 'HTTP 본문']))
  const bodies = await rows.filter({ hasText: 'HTTP 본문' }).allTextContents()
  const numbers = bodies.map(body => Number(/서버의 말 (\d+)/.exec(body)?.[1]))
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  // Whoever asks more often than there is news hears the same again.
  expect(new Set(numbers).size).toBeLessThan(numbers.length)
  expect(sockets.filter(({ url }) => new URL(url).pathname === '/lab/speak')).toEqual([])
  await rows.first().click()
  await expect.poll(() => lab.headLines()).toContain('Connection: close')
  for (const id of ['spoke-unasked', 'three-between'])
    expect(await mission(id).getAttribute('data-state')).not.toBe('passed')
})

test('without a sandbox both ways can be read from the recording', async () => {
  const host = await serveFolder(await builtSite())
  try {
    await page.goto(`${host.url}lessons/why-websocket/`)
    lab = new LabPage(page, 'why-websocket')
    await lab.hydrated()
    await lab.button('연결하기').click()
    await lab.reach('absent')
    expect((await shownTexts()).filter(text => text.startsWith('server'))).toHaveLength(6)
    await lab.plate.getByLabel('HTTP로').check()
    await expect.poll(() => lab.plate.locator('button.what', { hasText: 'HTTP 요청' }).count()).toBe(4)
    await lab.button('네 번 묻기').click()
    await lab.button('네 번 묻기').waitFor()
    expect(await lab.plate.getAttribute('data-lab-state')).toBe('absent')
  } finally {
    await host.stop()
  }
})
