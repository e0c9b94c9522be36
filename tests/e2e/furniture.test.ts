import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const LESSON = 'lessons/handshake/'
const PAGES = ['', LESSON, 'lessons/first-connection/', 'not-there/']

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

/** Opens a page of the course, lets the test look at it, and returns what the console complained of. */
async function visit(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<unknown>,
): Promise<string[]> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  await page.goto(course.url + path)
  await look(page)
  await context.close()
  return complaints
}

describe.each(PAGES)('/%s', path => {
  test.each(['light', 'dark'] as const)('has nothing for axe to say in the %s theme', async colorScheme => {
    await visit(path, { colorScheme, bypassCSP: true, reducedMotion: 'reduce' }, async page => {
      // A lab that is just connecting changes its controls under axe's eyes.
      await page.waitForLoadState('networkidle')
      await page.evaluate(AXE)
      const found = await page.evaluate<string[]>(
        'axe.run().then(({ violations }) => violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target}`)))',
      )
      expect(found).toEqual([])
    })
  })

  test.each([360, 390, 820, 1440, 1920])('does not scroll sideways at %i pixels', async width => {
    await visit(path, { viewport: { width, height: 800 } }, async page => {
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(beyond).toBe(0)
    })
  })

  test('breaks no rule of its own security policy', async () => {
    const complaints = await visit(path, {}, page => page.waitForLoadState('networkidle'))
    expect(complaints.filter(text => !text.includes('404 (Not Found)'))).toEqual([])
  })
})

describe('a quiz', () => {
  test('says right or wrong with a reason, remembers, and can be taken again', async () => {
    await visit(LESSON, {}, async page => {
      const quiz = page.locator('.quiz').first()
      const wrong = quiz.locator('.option[data-correct=false]').first()
      await wrong.locator('summary').click()
      await wrong.getByText('아닙니다.').waitFor()
      await quiz.getByText('틀렸습니다.').waitFor()
      await page.reload()
      await quiz.getByText('틀렸습니다.').waitFor()
      await quiz.getByRole('button', { name: '다시 풀기' }).click()
      await quiz.locator('.option[data-correct=true] summary').click()
      await quiz.getByText('맞혔습니다.').waitFor()
      expect(await quiz.locator('.option[open]').count()).toBe(1)
    })
  })

  test('gives its reasons without JavaScript', async () => {
    await visit(LESSON, { javaScriptEnabled: false }, async page => {
      await page.locator('.option summary').first().click()
      expect(await page.locator('.reason').first().isVisible()).toBe(true)
      expect(await page.getByRole('button', { name: '단축키' }).count()).toBe(0)
    })
  })
})

describe('the theme', () => {
  test('follows the system until the reader chooses, and the choice is there before the first paint', async () => {
    await visit(LESSON, { colorScheme: 'light' }, async page => {
      const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
      const light = await paper()
      await page.keyboard.press('t')
      expect(await paper()).toBe(light)
      await page.keyboard.press('t')
      const dark = await paper()
      expect(dark).not.toBe(light)
      // Scripts of the page proper never come: what chooses the theme is not among them.
      await page.route('**/*.js', route =>
        route.request().url().includes('theme-early') ? route.continue() : route.abort(),
      )
      await page.reload()
      expect(await paper()).toBe(dark)
    })
  })
})

describe('keys', () => {
  test('? opens the list, Escape closes it, arrows turn the pages but not from a field', async () => {
    await visit(LESSON, {}, async page => {
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: '단축키' }).waitFor()
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('Escape')
      expect(await page.getByRole('dialog', { name: '단축키' }).count()).toBe(0)
      expect(new URL(page.url()).pathname).toBe(`/${LESSON}`)
      await page.evaluate(() => {
        const field = document.createElement('input')
        document.querySelector('main')?.prepend(field)
        field.focus()
      })
      await page.keyboard.press('ArrowLeft')
      expect(new URL(page.url()).pathname).toBe(`/${LESSON}`)
      await page.locator('.brand').focus()
      await page.keyboard.press('ArrowLeft')
      await page.waitForURL('**/lessons/first-connection/')
    })
  })

  test('the first Tab reaches a link past the navigation', async () => {
    await visit(LESSON, {}, async page => {
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    })
  })
})

describe('the chapter list', () => {
  test('marks the section being read, also after a jump', async () => {
    await visit(LESSON, { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' }, async page => {
      const links = page.locator('.chapters-sections a')
      const last = links.nth((await links.count()) - 2)
      await last.click()
      await page.locator('.chapters-sections a[aria-current]').waitFor()
      expect(await last.getAttribute('aria-current')).toBe('true')
    })
  })

  test('is a drawer on a small screen, with and without JavaScript', async () => {
    for (const javaScriptEnabled of [true, false])
      await visit(LESSON, { viewport: { width: 390, height: 800 }, javaScriptEnabled }, async page => {
        const list = page.locator('#chapters')
        expect(await list.isVisible()).toBe(false)
        await page.getByRole('button', { name: '차례' }).click()
        expect(await list.isVisible()).toBe(true)
        await page.keyboard.press('Escape')
        expect(await list.isVisible()).toBe(false)
      })
  })
})
