import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { CHUNK_HEAD_BYTES } from '#contract/events.ts'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { readFrames } from '../../support/frame-reader.ts'
import { LabPage } from '../../support/lab-page.ts'
import { axeFindings } from '../../support/reader.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'

const site = await builtSite()

let browser: Browser
let course: RunningCourse
let page: Page
let lab: LabPage
/** Binary messages with bytes of the connection that the page plays, as devtools saw them come: kind, sender, bytes. */
let mirrored: Buffer[]

beforeAll(async () => {
  course = await startCourse(site)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await course?.stop()
})
beforeEach(async () => {
  page = await browser.newPage({ bypassCSP: true })
  mirrored = []
  page.on('websocket', socket => {
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string') mirrored.push(Buffer.from(payload))
    })
  })
  await page.goto(`${course.url}lessons/tcp-is-not-frames/`)
  lab = new LabPage(page, 'tcp-is-not-frames')
  await lab.hydrated()
})
afterEach(() => page.close())

/** On a busy machine a connection takes its time. */
const PATIENT = { timeout: 20_000 }

const field = (label: string) => lab.plate.getByLabel(label, { exact: true })
const summary = async () =>
  ((await lab.plate.locator('.plate-says[role=status]').textContent()) ?? '').replaceAll(/\s+/g, ' ').trim()
/** How the picture reads to who cannot see it. */
const picture = async () => (await lab.plate.locator('.lanes svg').getAttribute('aria-label')) ?? ''
const counted = async (what: string) => Number(new RegExp(`${what} (\\d+)`).exec(await summary())?.[1])

/** Writes, and waits for as many messages as were written. */
async function write(words: string, way: string, pauseMs: number): Promise<void> {
  await field('보낼 메시지 (쉼표로 나눔)').fill(words)
  await field('쓰는 방법').selectOption(way)
  await field('쓰기 사이 (ms)').fill(String(pauseMs))
  await lab.button('쓰기').click()
  await lab.reach('live')
  await expect.poll(() => counted('클라이언트의 쓰기'), PATIENT).toBeGreaterThan(0)
  const messages = words.split(',').length
  await expect.poll(() => counted('메시지'), PATIENT).toBe(messages)
  const last = words.split(',').at(-1)?.trim() ?? ''
  await lab.plate.locator('button.what.server', { hasText: last }).last().waitFor(PATIENT)
}

test('a frame that is written byte by byte is read in several pieces, which together are that frame', async () => {
  await write('안녕', 'bytes', 100)
  expect(await counted('클라이언트의 쓰기')).toBe(12)
  const reads = await counted('서버의 읽기')
  expect(reads).toBeGreaterThan(1)
  expect(await summary()).toContain('프레임 1개')
  const [told = ''] = (await picture()).split('.')
  const sizes = [...told.matchAll(/(\d+)바이트/g)].map(([, size]) => Number(size))
  expect(sizes).toHaveLength(reads)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(12)
  const [frame] = readFrames(Buffer.from(await lab.gridBytes()))
  expect(frame).toMatchObject({ fin: true, opcode: 1, masked: true })
  expect(frame?.payload.toString()).toBe('안녕')
  // The mirror has one message for each read: what devtools saw of them is the second count.
  expect(piecesOf(frame?.wire ?? Buffer.alloc(0))).toEqual(sizes)
  await page.locator('#mission-head-in-two-reads[data-state="passed"]').waitFor(PATIENT)
})

/** The last events of the mirror whose ends put together are those bytes: how long each is. */
function piecesOf(wire: Buffer): number[] {
  for (let from = 0; from < mirrored.length; from++) {
    let rest = wire
    const sizes: number[] = []
    for (const event of mirrored.slice(from)) {
      const bytes = event.subarray(CHUNK_HEAD_BYTES)
      if (bytes.length === 0 || !rest.subarray(0, bytes.length).equals(bytes)) break
      sizes.push(bytes.length)
      rest = rest.subarray(bytes.length)
      if (rest.length === 0) return sizes
    }
  }
  return []
}

test('three frames that are written at once are one read and three messages', async () => {
  await write('하나, 둘, 셋', 'together', 0)
  expect(await summary()).toBe('클라이언트의 쓰기 1번 → 서버의 읽기 1번 → 프레임 3개 → 메시지 3개')
  expect(await picture()).toContain('“하나”, “둘”, “셋”')
  await page.locator('#mission-three-in-one-read[data-state="passed"]').waitFor(PATIENT)
  const heads = page.locator('#mission-head-in-two-reads')
  await expect.poll(() => heads.getAttribute('data-state')).toBe('tried')
})

test('a head that is cut is a frame only when its rest has come', async () => {
  await field('쓰는 방법').selectOption('head')
  await field('쓰기 사이 (ms)').fill('500')
  await lab.button('쓰기').click()
  await expect.poll(picture, PATIENT).toContain('아직 프레임이 되지 못한 1바이트')
  await expect
    .poll(summary, PATIENT)
    .toBe('클라이언트의 쓰기 2번 → 서버의 읽기 2번 → 프레임 1개 → 메시지 1개')
  await page.locator('#mission-head-in-two-reads[data-state="passed"]').waitFor(PATIENT)
})

test('what the server writes is there too, a frame for each message', async () => {
  await write('가, 나', 'together', 0)
  await field('어느 쪽의 바이트').selectOption('server')
  await expect.poll(summary, PATIENT).toMatch(/^서버의 쓰기 \d번 → 프레임 2개 → 메시지 2개$/)
  await lab.wireRows('server').nth(1).click()
  expect(Buffer.from(await lab.gridBytes())).toEqual(
    Buffer.concat([Buffer.from([0x81, 3]), Buffer.from('가')]),
  )
})

test('more than may be written is said, and not written', async () => {
  await field('보낼 메시지 (쉼표로 나눔)').fill('가'.repeat(100))
  await expect.poll(() => lab.plate.locator('.wrong').textContent()).toContain('지금은 1개, 306바이트')
  await expect.poll(() => lab.button('쓰기').getAttribute('aria-disabled')).toBe('true')
  await lab.button('쓰기').click({ force: true })
  expect(await lab.plate.getAttribute('data-lab-state')).toBe('waiting')
})

test('each way has its recording while the sandbox is away', async () => {
  const host = await serveFolder(site)
  try {
    await page.goto(`${host.url}lessons/tcp-is-not-frames/`)
    await lab.hydrated()
    await lab.button('쓰기').click()
    await lab.reach('absent')
    await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('npm start')
    expect(await counted('서버의 읽기')).toBe(13)
    await field('쓰는 방법').selectOption('together')
    expect(await counted('메시지')).toBe(3)
    expect(await counted('서버의 읽기')).toBe(2)
  } finally {
    await host.stop()
  }
})

test('the picture is reached by keyboard, and axe has nothing to say', async () => {
  await write('안녕', 'together', 0)
  await lab.plate.locator('.lanes').focus()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toContain(
    '서버의 읽기',
  )
  expect(await axeFindings(page)).toEqual([])
})
