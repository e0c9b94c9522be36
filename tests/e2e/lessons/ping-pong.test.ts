import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FrameParser } from '#protocol/frame-parser.ts'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { LabPage } from '../../support/lab-page.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'
import { relayTo, type WireRelay } from '../../support/wire-relay.ts'

/** On a busy machine a connection takes its time. */
const PATIENT = { timeout: 20_000 }

let browser: Browser
let course: RunningCourse
let relay: WireRelay
let page: Page
let lab: LabPage

beforeAll(async () => {
  course = await startCourse(await builtSite())
  relay = await relayTo(course.url)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await relay?.stop()
  await course?.stop()
})
beforeEach(async () => {
  page = await browser.newPage()
  await page.goto(`${relay.url}lessons/ping-pong/`)
  lab = new LabPage(page, 'ping-pong')
  await lab.hydrated()
})
afterEach(() => page.close())

async function connect(every: string): Promise<void> {
  await lab.plate.getByLabel('핑 간격').selectOption({ label: every })
  await lab.button('연결하기').click()
  await lab.reach('live')
}

/** Payloads of the frames with that opcode that the relay has seen from one side of the ping lab. */
function relayed(from: 'client' | 'server', opcode: number): string[] {
  const connection = relay.connections('/lab/ping').at(-1)
  if (connection === undefined) return []
  const bytes = connection[from]
  const frames = new FrameParser().push(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4))
  return frames.filter(frame => frame.opcode === opcode).map(({ payload }) => Buffer.from(payload).toString())
}

/** The figures under the plot. */
async function figures(): Promise<{ pings: number; pongs: number }> {
  const [pings, pongs] = await lab.plate.locator('.figures').first().locator('b').allTextContents()
  return { pings: Number(pings), pongs: Number(pongs) }
}

/** What is said of the page's latest standstill, once the mirror has told of all of it. */
async function standstill(): Promise<{ pings: number; pongs: number }> {
  const said = lab.plate.locator('.figures[role="status"]')
  await said.waitFor(PATIENT)
  const numbers = async () => (await said.locator('b').allTextContents()).map(Number)
  await expect.poll(async () => (await numbers())[0], PATIENT).toBeGreaterThan(15)
  const [pings = 0, pongs = 0] = await numbers()
  return { pings, pongs }
}

const freeze = () => lab.button('메인 스레드 3초 멈추기').click()

test('every ping gets its pong, as whoever stands between sees too, and no script hears of it', async () => {
  await connect('0.1초')
  await expect.poll(async () => (await figures()).pongs, PATIENT).toBeGreaterThan(5)
  await lab.button('끊기').click()
  await lab.reach('ended')
  await expect.poll(async () => (await figures()).pings, PATIENT).toBe(relayed('server', 0x9).length)
  expect((await figures()).pongs).toBe(relayed('client', 0xa).length)
  expect(relayed('client', 0xa)).toEqual(relayed('server', 0x9).slice(0, relayed('client', 0xa).length))
  const script = await lab.plate.locator('li.script code').allTextContents()
  expect(script).toEqual(['new WebSocket()', 'open 이벤트', 'close()', 'close 이벤트'])
})

test('a page that stands still goes on answering', async () => {
  await connect('0.1초')
  await expect.poll(async () => (await figures()).pongs, PATIENT).toBeGreaterThan(2)
  await freeze()
  const { pings, pongs } = await standstill()
  expect(pongs).toBeGreaterThan(pings * 0.8)
  await expect.poll(() => lab.plate.locator('.plot rect').count()).toBe(1)
})

test('with much unread it does not, and answers late', async () => {
  await connect('0.1초')
  await expect.poll(async () => (await figures()).pongs, PATIENT).toBeGreaterThan(2)
  await lab.plate.getByLabel('읽지 않고 쌓을 데이터').selectOption({ label: '256 KiB' })
  await freeze()
  const { pings, pongs } = await standstill()
  expect(pongs).toBeLessThan(pings * 0.5)
  const before = (await figures()).pongs
  await expect.poll(async () => (await figures()).pongs, PATIENT).toBeGreaterThan(before)
})

async function watch(every: string, patience: string): Promise<void> {
  await lab.plate.getByLabel('조용히 끊긴 연결').check()
  await lab.plate.getByLabel('하트비트 간격').selectOption({ label: every })
  await lab.plate.getByLabel('답을 기다리는 시간').selectOption({ label: patience })
  await lab.button('연결하고 지켜보기').click()
}

const mission = () => page.locator('#mission-found-silence')

test('a quick heartbeat finds the silence in time, which is the mission', async () => {
  await watch('1초', '1초')
  await lab.reach('live')
  expect(await mission().getAttribute('data-state')).not.toBe('passed')
  await mission().and(page.locator('[data-state="passed"]')).waitFor(PATIENT)
  await expect
    .poll(() => lab.plate.locator('.plate-says[role="status"]').textContent())
    .toMatch(/마지막 답에서 [12]\.\d초 만에 알아채고/)
  const played = relay.connections('/lab/played').at(-1)
  expect(played?.client.toString('latin1')).toContain('\r\n\r\n')
  await expect.poll(() => lab.plate.getAttribute('data-lab-state')).toBe('live')
})

test('a slow one finds it too late, and is told how late', async () => {
  await watch('2초', '5초')
  await mission().and(page.locator('[data-state="tried"]')).waitFor({ timeout: 30_000 })
  await expect.poll(() => mission().locator('.mission-verdict').textContent()).toMatch(/[567]\.\d초 만에/)
})

test('without a sandbox both recordings can be read', async () => {
  const host = await serveFolder(await builtSite())
  try {
    await page.goto(`${host.url}lessons/ping-pong/`)
    lab = new LabPage(page, 'ping-pong')
    await lab.hydrated()
    await lab.button('연결하기').click()
    await lab.reach('absent')
    expect(await figures()).toEqual({ pings: 4, pongs: 4 })
    await lab.plate.getByLabel('조용히 끊긴 연결').check()
    await expect
      .poll(() => lab.plate.locator('.plate-says[role="status"]').textContent())
      .toContain('답하지 않은 하트비트 1개')
  } finally {
    await host.stop()
  }
})
