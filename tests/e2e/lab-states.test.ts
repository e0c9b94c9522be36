import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { LabPage } from '../support/lab-page.ts'
import { axeFindings } from '../support/reader.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { serveFolder, type StaticHost } from '../support/static-host.ts'

/** Where a site looks for its sandbox that has it elsewhere. */
const ELSEWHERE = 'sandbox.example'

let browser: Browser
let site: string
/** The site whose sandbox is elsewhere. */
let apartSite: string
let page: Page
const cleanups: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  site = await builtSite()
  apartSite = await builtSite({ sandboxUrl: `http://${ELSEWHERE}/` })
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  page = await browser.newPage()
})
afterEach(async () => {
  await page.close()
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function running(): Promise<RunningCourse> {
  const course = await startCourse(site)
  cleanups.push(() => course.stop())
  return course
}

async function hostOnly(folder: string): Promise<StaticHost> {
  const host = await serveFolder(folder)
  cleanups.push(() => host.stop())
  return host
}

async function firstLab(url: string): Promise<LabPage> {
  await page.goto(`${url}lessons/first-connection/`)
  const lab = new LabPage(page, 'first-connection')
  await lab.hydrated()
  return lab
}

/** The handshake lesson's lab connects by itself; subprotocols can be chosen once that connection is over. */
async function endedHandshake(): Promise<LabPage> {
  await page.goto(`${(await running()).url}lessons/handshake/`)
  const lab = new LabPage(page, 'handshake')
  await lab.hydrated()
  await lab.reach('live')
  await lab.button('끊기').click()
  await lab.reach('ended')
  return lab
}

test('before the reader connects, the lab shows a recording and says so', async () => {
  const lab = await firstLab((await running()).url)
  await expect.poll(() => lab.badge().textContent()).toMatch(/^대기 · 기록 · \S/)
  await expect.poll(() => lab.wireRows('client').count()).toBeGreaterThan(1)
})

test('connecting, sending and leaving go through every state with its own words', async () => {
  const lab = await firstLab((await running()).url)
  await lab.button('연결하기').click()
  await lab.reach('live')
  await expect.poll(() => lab.badge().textContent()).toMatch(/^실시간 · 연결됨 [\d.]+ ms$/)
  await lab.button('끊기').click()
  await lab.reach('ended')
  await expect.poll(() => lab.badge().textContent()).toBe('끊김 · 1000')
  await lab.button('다시 연결하기').click()
  await lab.reach('live')
})

test('the focus stays on the button that connects, ends and connects again', async () => {
  const lab = await firstLab((await running()).url)
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  await lab.button('연결하기').focus()
  await page.keyboard.press('Enter')
  await lab.reach('live')
  expect(await focused()).toBe('끊기')
  await page.keyboard.press('Enter')
  await lab.reach('ended')
  expect(await focused()).toBe('다시 연결하기')
})

test('a double click connects, and does not end at once what it began', async () => {
  const lab = await firstLab((await running()).url)
  await lab.button('연결하기').dblclick({ delay: 100 })
  await lab.reach('live')
  await lab.sendText('아직 여기')
  await lab.plate.locator('li.script', { hasText: 'message 이벤트' }).waitFor()
  await expect.poll(() => lab.badge().textContent()).toMatch(/^실시간/)
})

/** What the title page says of its specimen. */
const specimenWords = async (from: Page) =>
  (await from.locator('#lab-specimen').locator('.plate-title, figcaption').allTextContents()).join(' ')

test('the title page speaks of my connection when it shows one, and of a recording when it does not', async () => {
  const course = await running()
  await page.goto(course.url)
  await page.locator('#lab-specimen .plate-title', { hasText: '지금 이 페이지의 연결' }).waitFor()
  expect(await specimenWords(page)).toContain('내 브라우저가 샌드박스에 연결하고')
  await course.stop()
  await new LabPage(page, 'specimen').reach('absent')
  expect(await specimenWords(page)).toMatch(/^앞서 기록한 연결 .*실제 연결의 기록입니다/)
  expect(await specimenWords(page)).not.toContain('내 브라우저')
})

test('the title page claims nothing of my browser without JavaScript', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  cleanups.push(() => context.close())
  const quiet = await context.newPage()
  await quiet.goto((await running()).url)
  await expect.poll(() => quiet.locator('#lab-specimen .plate-title').textContent()).toBe('앞서 기록한 연결')
  await expect
    .poll(() => quiet.locator('main').innerText())
    .toContain('내 브라우저가 직접 연결하지는 않았습니다')
})

test('the mission is passed by what crossed the wire, and stays passed', async () => {
  const lab = await firstLab((await running()).url)
  const mission = page.locator('#mission-nine-bytes')
  await lab.button('연결하기').click()
  await lab.reach('live')
  await lab.sendText('안녕')
  await mission.and(page.locator('[data-state="tried"]')).waitFor()
  await lab.sendText('고마워')
  await mission.and(page.locator('[data-state="passed"]')).waitFor()
  await page.reload()
  await mission.and(page.locator('[data-state="passed"]')).waitFor()
  await mission.getByRole('button', { name: '다시 시작하기' }).click()
  expect(await mission.getAttribute('data-state')).toBe('open')
})

test('offering two subprotocols lets the server choose the second, and the mission sees it', async () => {
  const lab = await endedHandshake()
  await lab.plate.getByLabel('anatomy.v1').check()
  await lab.plate.getByLabel('anatomy.v2').check()
  await lab.button('다시 연결하기').click()
  await lab.reach('live')
  const mission = page.locator('#mission-second-subprotocol[data-state="passed"]')
  await mission.waitFor()
  await expect.poll(() => mission.locator('.mission-verdict').textContent()).toContain('통과')
})

test('a server that chooses none of the offered subprotocols is refused by the browser, and the 101 is there to see', async () => {
  const lab = await endedHandshake()
  await lab.plate.getByLabel('unknown.v1').check()
  await lab.button('다시 연결하기').click()
  // The former connection, closed with 1000, is on show until the new one begins.
  const refused = lab.plate.locator('li.script', { hasText: 'code 1006' })
  await refused.waitFor()
  await expect.poll(() => refused.textContent()).toContain('close 이벤트')
  await expect.poll(() => lab.wireRows('server').first().textContent()).toContain('101')
})

test('with the sandbox stopped mid-lesson the lab shows the recording, says so, and lets the reader look back', async () => {
  const course = await running()
  const lab = await firstLab(course.url)
  await lab.button('연결하기').click()
  await lab.reach('live')
  await lab.sendText('사라질 말')
  await lab.plate.locator('li.script', { hasText: 'message 이벤트' }).waitFor()
  expect(await course.stop()).toBe(0)
  await lab.reach('absent')
  await expect.poll(() => lab.badge().textContent()).toMatch(/^오류 · 기록 · /)
  await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('샌드박스와 연결이 끊겨')
  expect(await lab.plate.textContent()).not.toContain('사라질 말')
  await lab.button('끊기기 전 내 연결 보기').click()
  await expect.poll(() => lab.plate.textContent()).toContain('사라질 말')
})

test('a sandbox that is started again is found by the page, and the lab goes on', async () => {
  const first = await running()
  const lab = await firstLab(first.url)
  await lab.button('연결하기').click()
  await lab.reach('live')
  await lab.sendText('앞의 말')
  await lab.plate.locator('li.script', { hasText: 'message 이벤트' }).waitFor()
  await first.stop()
  await lab.reach('absent')
  const second = await startCourse(site, { PORT: new URL(first.url).port })
  cleanups.push(() => second.stop())
  await lab.reach('ended')
  await lab.plate.getByText('샌드박스가 돌아왔습니다.').waitFor()
  // What the reader had is theirs again, with the 1001 it ended with.
  await expect.poll(() => lab.badge().textContent()).toBe('끊김 · 1001')
  await expect.poll(() => lab.plate.textContent()).toContain('앞의 말')
  await lab.button('다시 연결하기').click()
  await lab.reach('live')
  expect(await lab.plate.getByText('샌드박스가 돌아왔습니다.').count()).toBe(0)
})

test('with the sandbox never started the lab shows the recording, says how to start it, and can retry', async () => {
  const host = await hostOnly(site)
  const lab = await firstLab(host.url)
  await lab.button('연결하기').click()
  await lab.reach('absent')
  await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('npm start')
  await expect.poll(() => lab.wireRows('client').count()).toBeGreaterThan(1)
  await expect.poll(() => lab.button('다시 연결하기').isEnabled()).toBe(true)
})

/** A page on a static host, and a sandbox under another name that the browser is told how to find. */
async function apart(origins: (host: StaticHost) => string): Promise<{ host: StaticHost; lab: LabPage }> {
  const host = await hostOnly(apartSite)
  const sandbox = await startCourse(undefined, {
    PUBLIC_ORIGINS: origins(host),
    PUBLIC_HOSTS: ELSEWHERE,
  })
  cleanups.push(() => sandbox.stop())
  const { port } = new URL(sandbox.url)
  const resolving = await launchBrowser([`--host-resolver-rules=MAP ${ELSEWHERE}:80 127.0.0.1:${port}`])
  cleanups.push(() => resolving.close())
  const far = await resolving.newPage()
  await far.goto(`${host.url}lessons/first-connection/`)
  const lab = new LabPage(far, 'first-connection')
  await lab.hydrated()
  await lab.button('연결하기').click()
  return { host, lab }
}

test('a static host and a sandbox elsewhere work together when the sandbox allows that origin', async () => {
  const { host, lab } = await apart(({ url }) => new URL(url).origin)
  await lab.reach('live')
  await lab.wireRows('client').first().click()
  await expect.poll(() => lab.headLines()).toContain(`Origin: ${new URL(host.url).origin}`)
  await expect.poll(() => lab.headLines()).toContain(`Host: ${ELSEWHERE}`)
})

test('an origin the sandbox does not allow gets no session, and the recording', async () => {
  const { lab } = await apart(() => 'https://course.example')
  await lab.reach('absent')
  await expect.poll(() => lab.badge().textContent()).toMatch(/기록/)
})

/** The first lab in a page of a public site, as Chromium sees it. */
async function publicLab({
  permissions = [],
  edit = text => text,
}: { permissions?: string[]; edit?: (text: string) => string } = {}): Promise<LabPage> {
  const context = await browser.newContext({ permissions })
  cleanups.push(() => context.close())
  await context.route('https://course.example/**', async route => {
    const { pathname } = new URL(route.request().url())
    const file = join(apartSite, decodeURIComponent(pathname), pathname.endsWith('/') ? 'index.html' : '')
    const text = /\.(html|js|css)$/.test(file)
    if (!text) await route.fulfill({ path: file })
    else
      await route.fulfill({
        contentType: contentTypes[extname(file)] ?? '',
        body: edit(await readFile(file, 'utf8')),
      })
  })
  const far = await context.newPage()
  await far.goto('https://course.example/lessons/first-connection/')
  const lab = new LabPage(far, 'first-connection')
  await lab.hydrated()
  await lab.button('연결하기').click()
  return lab
}

/** The same whose sandbox runs on this machine. */
async function publicPage(permissions: string[]): Promise<LabPage> {
  const sandbox = await startCourse(undefined, { PUBLIC_ORIGINS: 'https://course.example' })
  cleanups.push(() => sandbox.stop())
  const { host } = new URL(sandbox.url)
  return publicLab({ permissions, edit: text => text.replaceAll(ELSEWHERE, host) })
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

test('an https page whose sandbox has no encrypted address says so, and shows the recording', async () => {
  const lab = await publicLab()
  await lab.reach('absent')
  await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('암호화되지 않은 ws')
  await expect.poll(() => lab.badge().textContent()).toMatch(/^오류 · 기록 · /)
  await expect.poll(() => lab.wireRows('client').count()).toBeGreaterThan(1)
  await lab.button('다시 연결하기').click()
  await lab.reach('absent')
})

test('a public page whose browser keeps it from a local sandbox says what the browser may be asking', async () => {
  const lab = await publicPage([])
  await lab.reach('absent')
  await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('로컬 네트워크 접근')
  await expect.poll(() => lab.badge().textContent()).toMatch(/기록/)
})

test('a public page that the reader lets through reaches the same sandbox', async () => {
  const lab = await publicPage(['local-network-access'])
  await lab.reach('live')
  await lab.wireRows('client').first().click()
  await expect.poll(() => lab.headLines()).toContain('Origin: https://course.example')
})

test('a sandbox that hangs in the middle of a lesson is noticed, and its reader shown the recording', async () => {
  const course = await running()
  const lab = await firstLab(course.url)
  await lab.button('연결하기').click()
  await lab.reach('live')
  course.child.kill('SIGSTOP')
  try {
    await lab.reach('absent')
    await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('샌드박스와 연결이 끊겨')
  } finally {
    course.child.kill('SIGCONT')
  }
  await lab.button('다시 연결하기').click()
  await lab.reach('live')
})

test('without JavaScript the prose, the recording and the answers are there', async () => {
  const { url } = await running()
  const context = await browser.newContext({ javaScriptEnabled: false })
  cleanups.push(() => context.close())
  const quiet = await context.newPage()
  await quiet.goto(`${url}lessons/first-connection/`)
  const lab = new LabPage(quiet, 'first-connection')
  await expect.poll(() => lab.plate.locator('.plate-state').textContent()).toMatch(/기록/)
  await expect.poll(() => lab.wireRows('server').count()).toBeGreaterThan(1)
  await expect.poll(() => lab.plate.locator('.grid .cell').count()).toBeGreaterThan(2)
})

test('bytes are walked with the arrow keys, spans with Shift, and each says what it is', async () => {
  const lab = await firstLab((await running()).url)
  await lab.wireRows('client').nth(1).click()
  await lab.plate.locator('.grid .cell').first().focus()
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  expect(await focused()).toMatch(/^81.*0번 바이트, FIN 비트$/)
  await page.keyboard.press('ArrowRight')
  expect(await focused()).toMatch(/1번 바이트, /)
  await page.keyboard.press('Shift+ArrowRight')
  expect(await focused()).toMatch(/2번 바이트, 마스킹 키$/)
  await page.keyboard.press('Shift+ArrowRight')
  expect(await focused()).toMatch(/6번 바이트, 페이로드/)
  await expect.poll(() => lab.plate.locator('.plate-says').first().textContent()).toContain('페이로드')
})

test('a live lab logs no error, breaks no security policy and leaves axe nothing to say', async () => {
  const complaints: string[] = []
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  const lab = await firstLab((await running()).url)
  await lab.button('연결하기').click()
  await lab.reach('live')
  await lab.sendText('안녕')
  await lab.plate.locator('li.script', { hasText: 'message 이벤트' }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  expect(complaints).toEqual([])
})
