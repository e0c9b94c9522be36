import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { framesBehindHead, readFrames, type ReadFrame } from '../../support/frame-reader.ts'
import { LabPage } from '../../support/lab-page.ts'
import { axeFindings } from '../../support/reader.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'
import { relayTo, type WireRelay } from '../../support/wire-relay.ts'

const site = await builtSite()

let browser: Browser
let course: RunningCourse
let relay: WireRelay
let page: Page
let lab: LabPage
/** Connections to the played server that former tests have left. */
let before: number

beforeAll(async () => {
  course = await startCourse(site)
  relay = await relayTo(course.url)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await relay?.stop()
  await course?.stop()
})
beforeEach(async () => {
  before = relay.connections('/lab/played').length
  page = await browser.newPage({ bypassCSP: true })
  await page.goto(`${relay.url}lessons/fragmentation/`)
  lab = new LabPage(page, 'fragmentation')
  await lab.hydrated()
})
afterEach(() => page.close())

/** On a busy machine a connection takes its time. */
const PATIENT = { timeout: 15_000 }

const field = (label: string) => lab.plate.getByLabel(label, { exact: true })
const says = (words: string) => lab.plate.locator('.plate-says', { hasText: words })
const shape = ({ fin, opcode, payload }: ReadFrame) => ({ fin, opcode, length: payload.length })

/** Frames that the relay saw that side send on the latest connection to the played server. */
function relayed(side: 'client' | 'server'): ReadFrame[] {
  const connection = relay.connections('/lab/played').slice(before).at(-1)
  return connection ? framesBehindHead(connection[side]) : []
}

/** What the rows of one side say, heads left out. */
const frameRows = async (side: 'client' | 'server') =>
  (await lab.wireRows(side).allTextContents()).slice(1).map(row => row.replaceAll(/\s+/g, ' ').trim())

test('a raw client says three fragments with a ping between them, whose pong comes before the message ends', async () => {
  await field('프레임 사이 (ms)').fill('300')
  await lab.button('보내기').click()
  await lab.reach('live')
  await lab.plate.locator('.what.server', { hasText: '안녕하세요' }).waitFor(PATIENT)
  const sent: ReadFrame[] = []
  for (let row = 1; row <= 4; row++) {
    await lab.wireRows('client').nth(row).click()
    sent.push(...readFrames(Buffer.from(await lab.gridBytes())))
  }
  expect(sent.map(shape)).toEqual([
    { fin: false, opcode: 1, length: 5 },
    { fin: true, opcode: 9, length: 3 },
    { fin: false, opcode: 0, length: 5 },
    { fin: true, opcode: 0, length: 5 },
  ])
  expect(sent.every(({ masked }) => masked)).toBe(true)
  const text = Buffer.concat(sent.filter(({ opcode }) => opcode !== 9).map(({ payload }) => payload))
  expect(text.toString()).toBe('안녕하세요')
  expect(await frameRows('server')).toEqual([
    expect.stringContaining('퐁 프레임'),
    expect.stringContaining('텍스트 프레임'),
  ])
  await page.locator('#mission-ping-in-the-middle[data-state="passed"]').waitFor(PATIENT)
})

test('without a pause the pong is too late for the mission', async () => {
  await field('프레임 사이 (ms)').fill('0')
  await field('조각').fill('2')
  await lab.button('보내기').click()
  const mission = page.locator('#mission-ping-in-the-middle')
  await mission.and(page.locator('[data-state="tried"]')).waitFor(PATIENT)
  await expect.poll(() => mission.locator('.mission-verdict').textContent()).toContain('프레임 2개')
})

test('what a server says in three frames is one message to JavaScript, and the browser answers the ping itself', async () => {
  await field('누가 보냅니까').selectOption('server')
  await field('조각').fill('4')
  await lab.button('보내기').click()
  await lab.reach('live')
  await expect
    .poll(() => lab.plate.locator('li.script', { hasText: 'message 이벤트' }).allTextContents(), PATIENT)
    .toEqual([expect.stringContaining('"안녕하세요"')])
  expect(relayed('server').map(shape)).toEqual([
    { fin: false, opcode: 1, length: 4 },
    { fin: true, opcode: 9, length: 3 },
    { fin: false, opcode: 0, length: 4 },
    { fin: false, opcode: 0, length: 3 },
    { fin: true, opcode: 0, length: 4 },
  ])
  await expect.poll(() => relayed('client').map(({ opcode }) => opcode), PATIENT).toEqual([10])
  expect(relayed('client')[0]?.payload.toString()).toBe('핑')
  await says('프레임 4개').waitFor(PATIENT)
})

test.each([65_536, 131_072, 200_000])(
  'of %i bytes from my browser the page counts the frames that a second tap counts',
  async bytes => {
    await field('누가 보냅니까').selectOption('browser')
    await field('보낼 바이트').fill(String(bytes))
    await lab.button('보내기').click()
    await expect.poll(() => relayed('client').at(-1)?.fin, PATIENT).toBe(true)
    const frames = relayed('client')
    expect(frames.reduce((sum, { payload }) => sum + payload.length, 0)).toBe(bytes)
    await says(`${bytes.toLocaleString('en')}바이트`)
      .and(says(`프레임 ${frames.length}개`))
      .waitFor(PATIENT)
    await expect.poll(() => frameRows('client'), PATIENT).toHaveLength(frames.length)
    for (const [index, row] of (await frameRows('client')).entries())
      expect(row).toContain(`페이로드 ${frames[index]?.payload.length.toLocaleString('en')}바이트`)
  },
)

test('each broken order is refused with 1002 by the server and named by the page, and two of them are a mission', async () => {
  const mission = page.locator('#mission-two-broken-orders')
  for (const [order, words] of [
    ['orphan', '끝나지 않은 메시지가 있을 때만'],
    ['interleaved', '다른 메시지를 시작할 수 없습니다'],
    ['split-ping', 'FIN이 1이어야'],
    ['long-ping', '125바이트를 넘을 수 없습니다'],
  ] as const) {
    await field('차례').selectOption(order)
    await lab.button('보내기').click()
    await says(words).waitFor(PATIENT)
    await lab.reach('ended')
    const [close] = await frameRows('server')
    expect(close).toContain('종료 프레임 1002')
    if (order === 'orphan') await mission.and(page.locator('[data-state="tried"]')).waitFor(PATIENT)
    if (order === 'interleaved') await mission.and(page.locator('[data-state="passed"]')).waitFor(PATIENT)
  }
})

test('a browser ends the connection of a server that breaks the order', async () => {
  await field('누가 보냅니까').selectOption('server')
  await field('차례').selectOption('interleaved')
  await lab.button('보내기').click()
  await lab.reach('ended')
  const close = relayed('client').at(-1)
  expect(close?.opcode).toBe(8)
  await expect
    .poll(async () => (await frameRows('client')).at(-1), PATIENT)
    .toContain(String(close?.payload.readUInt16BE()))
  expect(await lab.plate.locator('li.script', { hasText: 'message 이벤트' }).count()).toBe(0)
})

test('each way has its recording while the sandbox is away', async () => {
  const host = await serveFolder(site)
  try {
    await page.goto(`${host.url}lessons/fragmentation/`)
    await lab.hydrated()
    await lab.button('보내기').click()
    await lab.reach('absent')
    await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('npm start')
    expect(await frameRows('client')).toHaveLength(5)
    await field('누가 보냅니까').selectOption('browser')
    await says('131,072바이트').waitFor()
    await field('누가 보냅니까').selectOption('server')
    await expect.poll(() => lab.plate.locator('li.script', { hasText: 'message 이벤트' }).count()).toBe(1)
  } finally {
    await host.stop()
  }
})

test('leaves axe nothing to say, whoever speaks', async () => {
  for (const speaker of ['raw', 'server', 'browser']) {
    await field('누가 보냅니까').selectOption(speaker)
    expect(await axeFindings(page)).toEqual([])
  }
})
