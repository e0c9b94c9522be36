import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { LabPage } from '../support/lab-page.ts'
import { startCourse } from '../support/running-course.ts'
import { serveFolder } from '../support/static-host.ts'
import { certificateFor, type Certificate } from './support/certificate.ts'
import { PROXIES, type RunningProxy } from './support/proxies.ts'

const NAME = 'course.example'
const SANDBOX_NAME = 'sandbox.example'
/** A project's page on GitHub Pages. */
const STATIC_NAME = 'reader.github.io'
const BASE = '/websocket-anatomy'

let site: string
/** The site for a folder of a static host, whose sandbox is elsewhere. */
let apartSite: string
beforeAll(async () => {
  site = await builtSite()
  apartSite = await builtSite({
    base: BASE,
    sandboxUrl: `wss://${SANDBOX_NAME}`,
    siteUrl: `https://${STATIC_NAME}`,
  })
})

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

interface PublicHost {
  readonly name: string
  readonly port: number
  readonly certificate: Certificate
}

/** A browser for which these hosts are on the web, with certificates that it believes. */
async function browserFor(...hosts: readonly PublicHost[]): Promise<Browser> {
  const rules = hosts.map(({ name, port }) => `MAP ${name}:443 127.0.0.1:${port}`)
  const browser = await launchBrowser([
    `--host-resolver-rules=${rules.join(', ')}`,
    `--ignore-certificate-errors-spki-list=${hosts.map(({ certificate }) => certificate.spki).join(',')}`,
  ])
  cleanups.push(() => browser.close())
  return browser
}

/** A page, and what its browser complained about. */
async function openPage(browser: Browser): Promise<{ page: Page; complaints: readonly string[] }> {
  const page = await browser.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  return { page, complaints }
}

async function started(start: () => Promise<RunningProxy>): Promise<RunningProxy> {
  const proxy = await start()
  cleanups.push(() => proxy.stop())
  return proxy
}

async function sandboxFor(
  environment: Readonly<Record<string, string>>,
  site?: string,
): Promise<{ port: number; url: string }> {
  const course = await startCourse(site, { TRUSTED_PROXIES: '127.0.0.1', ...environment })
  cleanups.push(() => course.stop())
  return { port: Number(new URL(course.url).port), url: course.url }
}

/** What a reader does first: connects, says something, and looks at its bytes. */
async function sayHello(page: Page, url: string): Promise<{ request: string[]; bytes: Uint8Array }> {
  await page.goto(`${url}lessons/first-connection/`)
  const lab = new LabPage(page, 'first-connection')
  await lab.hydrated()
  await lab.button('연결하기').click()
  await lab.reach('live')
  await lab.wireRows('client').first().click()
  const request = await lab.headLines()
  await lab.sendText('안녕하세요')
  await lab.wireRows('server').nth(1).click()
  await expect.poll(async () => (await lab.gridBytes()).length).toBe(2 + 15)
  return { request, bytes: await lab.gridBytes() }
}

/** A frame with the text, unmasked, as a server sends it. */
const FRAME = Buffer.concat([Buffer.from([0x81, 15]), Buffer.from('안녕하세요')])

describe.each(PROXIES.filter(({ isHere }) => isHere))('over HTTPS, behind $name', ({ start }) => {
  test('a page of the course opens labs live, and nothing breaks its policy', async () => {
    const { port } = await sandboxFor({ PUBLIC_ORIGINS: `https://${NAME}` })
    const proxy = await started(() => start({ kind: 'course', host: NAME, site, sandboxPort: port }))
    const host = { name: NAME, port: proxy.httpsPort, certificate: proxy.certificate }
    const { page, complaints } = await openPage(await browserFor(host))

    const { request, bytes } = await sayHello(page, `https://${NAME}/`)
    expect(request).toContain(`Host: ${NAME}`)
    expect(request).toContain(`Origin: https://${NAME}`)
    expect(Buffer.from(bytes)).toEqual(FRAME)

    await page.goto(`https://${NAME}/lessons/sse-and-long-polling/`)
    const stream = new LabPage(page, 'event-stream')
    await stream.hydrated()
    await stream.button('EventSource 열기').click()
    await stream.plate.locator('.heard li').filter({ hasText: 'id 2' }).waitFor()
    await stream.button('EventSource 닫기').click()

    const six = new LabPage(page, 'six-connections')
    await six.hydrated()
    await six.button('EventSource 7개 열기').click()
    await six.plate.locator('li[data-state="1"]').nth(5).waitFor()
    expect(await six.plate.locator('li[data-state="0"]').count()).toBe(1)

    await page.goto(`https://${NAME}/inspector/`)
    expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(
      `https://${NAME}/`,
    )
    expect(complaints).toEqual([])
  })

  test('a page of a static host, in a folder of it, uses a sandbox elsewhere', async () => {
    const { port } = await sandboxFor({
      PUBLIC_ORIGINS: `https://${STATIC_NAME}`,
      PUBLIC_HOSTS: SANDBOX_NAME,
    })
    const proxy = await started(() =>
      start({ kind: 'sandbox', host: SANDBOX_NAME, site: apartSite, sandboxPort: port }),
    )
    const folder = mkdtempSync(join(tmpdir(), 'static-host-'))
    cleanups.push(() => rmSync(folder, { recursive: true }))
    const certificate = await certificateFor([STATIC_NAME], folder)
    const host = await serveFolder(apartSite, BASE, certificate)
    cleanups.push(() => host.stop())
    const { page, complaints } = await openPage(
      await browserFor(
        { name: STATIC_NAME, port: Number(new URL(host.url).port), certificate },
        { name: SANDBOX_NAME, port: proxy.httpsPort, certificate: proxy.certificate },
      ),
    )

    const { request, bytes } = await sayHello(page, `https://${STATIC_NAME}${BASE}/`)
    expect(request).toContain(`Host: ${SANDBOX_NAME}`)
    expect(request).toContain(`Origin: https://${STATIC_NAME}`)
    expect(Buffer.from(bytes)).toEqual(FRAME)

    await page.goto(`https://${STATIC_NAME}${BASE}/lessons/sse-and-long-polling/`)
    const stream = new LabPage(page, 'event-stream')
    await stream.hydrated()
    await stream.button('EventSource 열기').click()
    await stream.plate.locator('.heard li').filter({ hasText: 'id 2' }).waitFor()
    expect(complaints).toEqual([])
  })
})
