import { once } from 'node:events'
import { globSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { serveSite } from '../../sandbox-server/static-site.ts'
import { retiringWorker } from '../../site-build/offline.ts'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { LabPage } from '../support/lab-page.ts'
import { startCourse } from '../support/running-course.ts'

const LESSON = 'lessons/first-connection/'

let browser: Browser
/** Two builds of the site; `newer` looks for its sandbox elsewhere, which its policy and its scripts say. */
let older: string
let newer: string
/** The site for a path of its host. */
let under: string
let context: BrowserContext
const cleanups: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  older = await builtSite()
  newer = await builtSite({ sandboxUrl: 'http://sandbox.example/' })
  under = await builtSite({ base: '/ws/course' })
  browser = await launchBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  context = await browser.newContext()
})
afterEach(async () => {
  await context.close()
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** A host whose site can be exchanged, as a deployment does, and that can be gone. */
class Host {
  readonly asked: string[] = []
  #serve: RequestListener
  readonly #server: Server
  url = ''

  constructor(serve: RequestListener) {
    this.#serve = serve
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? '')
      // The browser's own cache would hide what the worker does not do.
      const setHeader = response.setHeader.bind(response)
      response.setHeader = (name, value) => setHeader(name, name === 'Cache-Control' ? 'no-store' : value)
      this.#serve(request, response)
    })
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    this.url = `http://127.0.0.1:${address.port}/`
  }

  serve(listener: RequestListener): void {
    this.#serve = listener
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

async function host(serve: RequestListener): Promise<Host> {
  const started = new Host(serve)
  await started.start()
  cleanups.push(() => started.stop())
  return started
}

/** Opens a page and waits until the worker of the site has everything. */
async function visit(url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  return page
}

async function buildsKept(page: Page): Promise<string[]> {
  const names = await page.evaluate(() => caches.keys())
  return names.filter(name => !name.endsWith(' pins'))
}

/** Whether a page is of the newer build, by its policy. */
async function isNewer(page: Page): Promise<boolean> {
  return page.evaluate(
    () =>
      document
        .querySelector('meta[http-equiv=Content-Security-Policy]')
        ?.getAttribute('content')
        ?.includes('sandbox.example') === true,
  )
}

function addressesIn(folder: string): string[] {
  return globSync('**/index.html', { cwd: folder }).map(file =>
    file.replaceAll('\\', '/').replace(/index\.html$/, ''),
  )
}

describe('after the first visit', () => {
  test('every page opens with the server gone, whole, and a lab shows its recording', async () => {
    const site = await host(serveSite(older))
    const page = await visit(site.url)
    await site.stop()
    const failed: string[] = []
    // What a page was still asking for when it was left did not fail.
    page.on('requestfailed', request => {
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') failed.push(request.url())
    })
    for (const path of addressesIn(older)) {
      await page.goto(site.url + path)
      expect(await page.locator('h1').count(), path).toBe(1)
      const sheets = await page.locator('link[rel=stylesheet]').count()
      expect(sheets, path).toBeGreaterThan(0)
      expect(await page.evaluate(() => document.styleSheets.length), path).toBe(sheets)
    }
    await page.goto(site.url + LESSON)
    const lab = new LabPage(page, 'first-connection')
    await lab.hydrated()
    await lab.button('연결하기').click()
    await lab.reach('absent')
    await expect.poll(() => lab.badge().textContent()).toContain('기록')
    await expect.poll(() => lab.wireRows('client').count()).toBeGreaterThan(1)
    expect(failed.filter(url => !url.startsWith('ws:'))).toEqual([])
  })

  test('an address that is not there is told in Korean, with the server gone', async () => {
    const site = await host(serveSite(older))
    const page = await visit(site.url)
    await site.stop()
    const response = await page.goto(`${site.url}lessons/nowhere/`)
    expect(response?.status()).toBe(404)
    await expect.poll(() => page.locator('h1').textContent()).toContain('아무것도 없습니다')
  })

  test('the site under a path of its host keeps to that path', async () => {
    const inner = serveSite(under)
    const site = await host((request, response) => {
      if (!request.url?.startsWith('/ws/course/')) {
        response.end('another site')
        return
      }
      request.url = request.url.slice('/ws/course'.length)
      inner(request, response)
    })
    const page = await visit(`${site.url}ws/course/`)
    expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(
      `${site.url}ws/course/`,
    )
    const beside = await page.goto(site.url)
    expect(beside?.fromServiceWorker()).toBe(false)
    await site.stop()
    const response = await page.goto(`${site.url}ws/course/${LESSON}`)
    expect(response?.fromServiceWorker()).toBe(true)
    expect(await page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(1)
  })
})

describe('a new build', () => {
  /** A tab with a lesson of the older build, its labs still far away, while the newer one is deployed. */
  async function deployedMeanwhile(): Promise<{ site: Host; reading: Page }> {
    const site = await host(serveSite(older))
    const first = await visit(site.url)
    await first.close()
    const reading = await context.newPage()
    await reading.setViewportSize({ width: 900, height: 300 })
    await reading.goto(site.url + LESSON)
    expect(await reading.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
    site.serve(serveSite(newer))
    return { site, reading }
  }

  async function lookForUpdate(page: Page): Promise<void> {
    await page.evaluate(async () => {
      await (await navigator.serviceWorker.ready).update()
    })
  }

  test('is offered quietly, comes with a reload, and leaves nothing of the older one', async () => {
    const { site, reading } = await deployedMeanwhile()
    const notice = reading.getByText('새 판이 있습니다')
    expect(await notice.isVisible()).toBe(false)
    await lookForUpdate(reading)
    await notice.waitFor()
    expect(await isNewer(reading)).toBe(false)
    await reading.getByRole('button', { name: '나중에' }).click()
    expect(await notice.isVisible()).toBe(false)
    // Another tab of the older build would be told on its own; this one is when it asks again.
    await reading.evaluate(() => navigator.serviceWorker.controller?.postMessage('outdated?'))
    await notice.waitFor()
    const reloaded = reading.waitForEvent('load')
    await reading.getByRole('button', { name: '새로 고치기' }).click()
    await reloaded
    expect(await isNewer(reading)).toBe(true)
    expect(await notice.isVisible()).toBe(false)
    expect(await reading.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
    await site.stop()
    await reading.goto(site.url)
    expect(await isNewer(reading)).toBe(true)
  })

  test('gives a page of the older one nothing: its labs come from the build it came from', async () => {
    const { site, reading } = await deployedMeanwhile()
    await lookForUpdate(reading)
    await reading.getByText('새 판이 있습니다').waitFor()
    // The newer worker answers now. Another tab gets the newer build, this one stays whole.
    const other = await context.newPage()
    await other.goto(site.url + LESSON)
    expect(await isNewer(other)).toBe(true)
    site.asked.length = 0
    const lab = new LabPage(reading, 'first-connection')
    await lab.hydrated()
    const scripts = await reading.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .flatMap(({ name }) => (name.endsWith('.js') ? [new URL(name).pathname] : [])),
    )
    const ofOlder = new Set(
      globSync('_astro/*.js', { cwd: older }).map(file => `/${file.replaceAll('\\', '/')}`),
    )
    expect(scripts.length).toBeGreaterThan(3)
    expect(scripts.filter(path => !ofOlder.has(path) && path !== '/sw.js')).toEqual([])
    expect(site.asked.filter(path => path.includes('/_astro/'))).toEqual([])
    expect(await buildsKept(reading)).toHaveLength(2)
  })

  test('does not come in while a deployment is half done', async () => {
    const { site, reading } = await deployedMeanwhile()
    const [pages, others] = [serveSite(older), serveSite(newer)]
    site.serve((request, response) => (/\.\w+$/.test(request.url ?? '') ? others : pages)(request, response))
    const outcome = await reading.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready
      const found = new Promise<ServiceWorker | null>(resolve =>
        registration.addEventListener('updatefound', () => resolve(registration.installing), { once: true }),
      )
      await registration.update()
      const installing = await found
      if (installing && installing.state === 'installing')
        await new Promise(resolve => installing.addEventListener('statechange', resolve, { once: true }))
      return installing?.state
    })
    expect(outcome).toBe('redundant')
    await reading.reload()
    expect(await isNewer(reading)).toBe(false)
    // The next look, with everything in place, succeeds.
    site.serve(serveSite(newer))
    await lookForUpdate(reading)
    await reading.getByText('새 판이 있습니다').waitFor()
  })

  test('in development, an earlier worker goes away with all that it kept', async () => {
    const { site, reading } = await deployedMeanwhile()
    site.serve((request, response) => {
      if (request.url === '/sw.js') {
        response.setHeader('Content-Type', 'text/javascript')
        response.end(retiringWorker('/'))
      } else {
        response.setHeader('Content-Type', 'text/html')
        response.end('<!doctype html><h1>development</h1>')
      }
    })
    await lookForUpdate(reading)
    await reading.getByRole('heading', { name: 'development' }).waitFor()
    expect(
      await reading.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
    ).toBe(0)
    expect(await reading.evaluate(() => caches.keys())).toEqual([])
  })
})

describe('beside a sandbox', () => {
  test('labs are live, and what the sandbox answers is asked of the sandbox', async () => {
    const course = await startCourse(older)
    cleanups.push(() => course.stop())
    const page = await visit(course.url)
    const response = await page.goto(course.url + LESSON)
    expect(response?.fromServiceWorker()).toBe(true)
    const lab = new LabPage(page, 'first-connection')
    await lab.hydrated()
    await lab.button('연결하기').click()
    await lab.reach('live')
    await lab.sendText('안녕')
    await lab.plate.locator('li.script', { hasText: 'message 이벤트' }).waitFor()
    for (const path of ['healthz', 'control', 'lab/echo']) {
      const answer = await page.goto(course.url + path)
      expect(answer?.fromServiceWorker(), path).toBe(false)
    }
  })

  test('the course can be installed', async () => {
    const course = await startCourse(older)
    cleanups.push(() => course.stop())
    const page = await visit(course.url)
    const devtools = await context.newCDPSession(page)
    const manifest = await devtools.send('Page.getAppManifest')
    expect(manifest.errors).toEqual([])
    expect(JSON.parse(manifest.data ?? '{}')).toMatchObject({
      name: '웹소켓 해부학',
      display: 'standalone',
      lang: 'ko',
    })
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    // A context without a profile is taken for a private window, where nothing can be installed.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
  })
})
