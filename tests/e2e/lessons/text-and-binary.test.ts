import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
  page = await browser.newPage({ bypassCSP: true })
  await page.goto(`${relay.url}lessons/text-and-binary/`)
  lab = new LabPage(page, 'text-and-binary')
  await lab.hydrated()
})
afterEach(() => page.close())

/** On a busy machine a connection takes its time. */
const PATIENT = { timeout: 15_000 }

const field = (label: string) => lab.plate.getByLabel(label, { exact: true })
const scriptRow = (text: string) => lab.plate.locator('li.script', { hasText: text })

/** Resolves when my own connection is on show, and JavaScript has got one message on it. */
async function heard(text: string): Promise<void> {
  await expect
    .poll(() => scriptRow('message 이벤트').allTextContents(), PATIENT)
    .toEqual([expect.stringContaining(text)])
}

/** What the relay saw that side send on the latest connection to a lab. */
function relayed(path: string, side: 'client' | 'server'): ReadFrame[] {
  const connection = relay.connections(path).at(-1)
  return connection ? framesBehindHead(connection[side]) : []
}

describe('what my browser sends is what a second tap sees', () => {
  test.each([
    ['한글 음절', '한', 'ed959c'],
    ['이모지', '👋', 'f09f918b'],
    ['합친 꼴 (NFC)', '각', 'eab081'],
    ['푼 꼴 (NFD)', '각'.normalize('NFD'), 'e18480e185a1e186a8'],
    ['짝 잃은 서러게이트', '가\ufffd', 'eab080efbfbd'],
  ])('%s', async (example, echoed, hex) => {
    await field('보기').selectOption(example)
    await lab.button('텍스트로 보내기').click()
    await heard(echoed)

    const [sent] = relayed('/lab/echo', 'client')
    expect(sent).toMatchObject({ fin: true, opcode: 1, masked: true })
    expect(sent?.payload.toString('hex')).toBe(hex)
    expect(Buffer.from(await lab.gridBytes())).toEqual(sent?.wire)
    await expect
      .poll(() => lab.plate.locator('.lengths').textContent())
      .toContain(`UTF-8 ${Buffer.from(hex, 'hex').length}바이트`)
  })

  test('binary: the same bytes, and binaryType decides what JavaScript gets', async () => {
    await lab.button('바이너리로 보내기').click()
    await heard('ArrayBuffer 3바이트')
    await lab.button('끊기').click()
    await lab.reach('ended')
    await field('binaryType').selectOption('blob')
    await lab.button('바이너리로 보내기').click()
    await heard('Blob 3바이트')
    const both = relay.connections('/lab/echo').slice(-2)
    for (const { client } of both) {
      const [sent] = framesBehindHead(client)
      expect(sent?.opcode).toBe(2)
      expect(sent?.payload.toString('hex')).toBe('ed959c')
    }
  })
})

describe('a raw client', () => {
  beforeEach(async () => {
    await field('누가 보냅니까').selectOption('raw')
  })

  test('is refused with 1007 for a message that ends inside a character, and echoed for two frames', async () => {
    const mission = page.locator('#mission-broken-and-whole')
    await field('자를 곳 (바이트)').fill('2')
    await lab.button('앞부분만 텍스트로 보내기').click()
    await lab.reach('ended')
    const [broken] = readFrames(Buffer.from(await lab.gridBytes()))
    expect(broken).toMatchObject({ fin: true, opcode: 1, masked: true, payload: Buffer.from('ed95', 'hex') })
    await expect.poll(() => lab.plate.locator('.plate-says.fault').textContent()).toContain('올바른 UTF-8')
    await lab.wireRows('server').last().click()
    expect(Buffer.from(await lab.gridBytes()).toString('hex')).toBe('880203ef')
    await mission.and(page.locator('[data-state="tried"]')).waitFor()

    await lab.button('두 프레임에 나누어 보내기').click()
    await lab.reach('live')
    await lab.wireRows('server').nth(1).click()
    expect(Buffer.from(await lab.gridBytes()).toString('hex')).toBe('8103ed959c')
    await lab.wireRows('client').nth(1).click()
    const [first] = readFrames(Buffer.from(await lab.gridBytes()))
    expect(first).toMatchObject({ fin: false, opcode: 1, payload: Buffer.from('ed95', 'hex') })
    await mission.and(page.locator('[data-state="passed"]')).waitFor()
  })

  test('may send the same bytes as binary', async () => {
    await lab.button('앞부분만 바이너리로 보내기').click()
    await lab.reach('live')
    await lab.wireRows('server').nth(1).click()
    expect(Buffer.from(await lab.gridBytes()).toString('hex')).toBe('8202ed95')
  })
})

test('my browser fails the connection of a server that breaks a character, and tells JavaScript 1006 only', async () => {
  await field('누가 보냅니까').selectOption('server')
  await lab.button('앞부분만 텍스트로 보내기').click()
  await lab.reach('ended')
  await expect.poll(() => scriptRow('code 1006').count()).toBe(1)
  expect(relayed('/lab/played', 'server')[0]?.payload.toString('hex')).toBe('ed95')
  expect(await scriptRow('message 이벤트').count()).toBe(0)
  const close = relayed('/lab/played', 'client').at(-1)
  expect(close?.opcode).toBe(8)
  // What Chromium says; the course tells readers to look at their own browser's.
  expect(close?.payload.readUInt16BE()).toBe(1002)
  await expect
    .poll(() => lab.wireRows('client').last().textContent(), PATIENT)
    .toContain(String(close?.payload.readUInt16BE()))

  await lab.button('두 프레임에 나누어 보내기').click()
  await heard('"한"')
  expect(relayed('/lab/played', 'server').map(({ fin, opcode }) => ({ fin, opcode }))).toEqual([
    { fin: false, opcode: 1 },
    { fin: true, opcode: 0 },
  ])
})

test('one sign of eleven bytes passes the mission, one of nine does not', async () => {
  const mission = page.locator('#mission-one-sign-ten-bytes')
  await field('보기').selectOption('푼 꼴 (NFD)')
  await lab.button('텍스트로 보내기').click()
  await mission.and(page.locator('[data-state="tried"]')).waitFor(PATIENT)
  await expect.poll(() => mission.locator('.mission-verdict').textContent()).toContain('9바이트')
  await field('보낼 글').fill('👩‍💻')
  await lab.button('텍스트로 보내기').click()
  await mission.and(page.locator('[data-state="passed"]')).waitFor(PATIENT)
})

test('each way has its recording while the sandbox is away, and says how to bring it up', async () => {
  const host = await serveFolder(site)
  try {
    await page.goto(`${host.url}lessons/text-and-binary/`)
    await lab.hydrated()
    await field('누가 보냅니까').selectOption('raw')
    await lab.button('앞부분만 텍스트로 보내기').click()
    await lab.reach('absent')
    await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('npm start')
    await expect.poll(() => lab.wireRows('server').last().textContent()).toContain('1007')
    await field('누가 보냅니까').selectOption('server')
    await expect.poll(() => scriptRow('code 1006').count()).toBe(1)
    await field('누가 보냅니까').selectOption('browser')
    await expect.poll(() => scriptRow('message 이벤트').count()).toBe(5)
  } finally {
    await host.stop()
  }
})

test('works by keyboard alone, and leaves axe nothing to say', async () => {
  await field('누가 보냅니까').focus()
  const stops = ['보기', '보낼 글', '텍스트로 보내기']
  for (let stop = 0; stop < stops.length; stop++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await heard('"한"')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('텍스트로 보내기')
  expect(await axeFindings(page)).toEqual([])
  await field('누가 보냅니까').selectOption('raw')
  expect(await axeFindings(page)).toEqual([])
})
