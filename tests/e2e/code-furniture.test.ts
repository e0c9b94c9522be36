import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { visit } from '../support/visit.ts'

const FIRST = 'lessons/first-connection/'
const HANDSHAKE = 'lessons/handshake/'

let browser: Browser
let course: RunningCourse

beforeAll(async () => {
  course = await startCourse(await builtSite())
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await course?.stop()
})

function look<T>(
  path: string,
  options: BrowserContextOptions,
  see: (page: Page) => Promise<T>,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<T> {
  return visit(browser, course.url + path, options, see, prepare)
}

describe('tabs', () => {
  const shownPanels = (page: Page): Promise<(string | undefined)[]> =>
    page
      .locator('.tab')
      .evaluateAll(tabs =>
        tabs.filter(tab => tab.checkVisibility()).map(tab => (tab as HTMLElement).dataset['tab']),
      )

  test('stand one after the other under their names without JavaScript', async () => {
    await look(HANDSHAKE, { javaScriptEnabled: false }, async page => {
      expect(await shownPanels(page)).toEqual(['TypeScript', 'Python'])
      await expect.poll(() => page.locator('.tab-name').allInnerTexts()).toEqual(['TypeScript', 'Python'])
      expect(await page.getByRole('tab').count()).toBe(0)
    })
  })

  test('stand there as well when their script does not come', async () => {
    await look(
      HANDSHAKE,
      {},
      async page => expect(await shownPanels(page)).toEqual(['TypeScript', 'Python']),
      page =>
        page.route('**/*.js', route =>
          route.request().url().includes('/early') ? route.continue() : route.abort(),
        ),
    )
  })

  test('follow the ARIA pattern, and the choice is kept from the first paint on', async () => {
    await look(HANDSHAKE, {}, async page => {
      const list = page.getByRole('tablist', { name: '언어' })
      const python = list.getByRole('tab', { name: 'Python' })
      expect(await shownPanels(page)).toEqual(['TypeScript'])
      await list.getByRole('tab', { name: 'TypeScript' }).focus()
      await page.keyboard.press('ArrowRight')
      expect(await python.evaluate(tab => tab === document.activeElement)).toBe(true)
      await expect.poll(() => python.getAttribute('aria-selected')).toBe('true')
      expect(await shownPanels(page)).toEqual(['Python'])
      await page.getByRole('tabpanel', { name: 'Python' }).waitFor()
      await page.keyboard.press('ArrowRight')
      expect(await shownPanels(page)).toEqual(['TypeScript'])
      await page.keyboard.press('End')
      expect(await shownPanels(page)).toEqual(['Python'])
      expect(new URL(page.url()).pathname).toBe(`/${HANDSHAKE}`)
      // Before the script of the tabs has come.
      const come = Promise.withResolvers<undefined>()
      await page.route('**/*.js', async route => {
        if (!route.request().url().includes('/early')) await come.promise
        await route.continue()
      })
      await page.goto(page.url(), { waitUntil: 'commit' })
      // Nothing is seen before the styles are there.
      await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
      expect(await shownPanels(page)).toEqual(['Python'])
      come.resolve(undefined)
      await list.waitFor()
      expect(await shownPanels(page)).toEqual(['Python'])
    })
  })
})

describe('copying code', () => {
  const CHANGED = 'figure.code:has(del)'

  async function copyAndRead(page: Page): Promise<string> {
    const figure = page.locator(CHANGED).first()
    await figure.scrollIntoViewIfNeeded()
    await figure.getByRole('button', { name: '복사하기' }).click()
    await figure.getByRole('status').getByText('복사했습니다.').waitFor()
    await page.evaluate(() => {
      const field = document.createElement('textarea')
      document.body.append(field)
      field.focus()
    })
    await page.keyboard.press('ControlOrMeta+v')
    return page.locator('body > textarea').inputValue()
  }

  const EXPECTED =
    "const early = new WebSocket('/lab/echo')\nearly.addEventListener('open', () => early.send('때맞춘 인사'))"

  test('gives the code after its changes, and says so', async () => {
    const permissions = ['clipboard-read', 'clipboard-write']
    expect(await look(FIRST, { permissions }, copyAndRead)).toBe(EXPECTED)
  })

  test('works where a page may not write to the clipboard', async () => {
    const denied = (page: Page): Promise<unknown> =>
      page.addInitScript(() =>
        Object.defineProperty(navigator, 'clipboard', {
          value: { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) },
        }),
      )
    expect(await look(FIRST, {}, copyAndRead, denied)).toBe(EXPECTED)
  })

  test('selects the code where nothing can be copied, and says what to press', async () => {
    const selection = await look(
      FIRST,
      {},
      async page => {
        const figure = page.locator(CHANGED).first()
        await figure.scrollIntoViewIfNeeded()
        await figure.getByRole('button', { name: '복사하기' }).click()
        await page.getByText('골라 두었습니다.').waitFor()
        return page.evaluate(() => getSelection()?.toString() ?? '')
      },
      page =>
        page.addInitScript(() => {
          Object.defineProperty(navigator, 'clipboard', { value: undefined })
          Object.defineProperty(document, 'execCommand', { value: () => false })
        }),
    )
    expect(selection).toContain('때맞춘 인사')
  })
})
