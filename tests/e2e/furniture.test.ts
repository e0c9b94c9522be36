import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { LabPage } from '../support/lab-page.ts'
import { drawn } from '../support/reader.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'

const LESSON = 'lessons/handshake/'
const FIRST = 'lessons/first-connection/'

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

/** Opens a page of the course and lets the test look at it. */
async function visit(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<unknown>,
): Promise<void> {
  // What a page does with its own network requests is looked at here, not what a service worker does.
  const context = await browser.newContext({ serviceWorkers: 'block', ...options })
  const page = await context.newPage()
  await page.goto(course.url + path)
  await look(page)
  await context.close()
}

describe('a prediction', () => {
  test('of a number is kept, and told how far off it was beside the recorded value', async () => {
    await visit(FIRST, {}, async page => {
      const outcome = page.locator('guess-outcome')
      expect(await outcome.getByText('내 예측').isVisible()).toBe(false)
      await page.getByRole('spinbutton').fill('10')
      await page.keyboard.press('Tab')
      await page.getByText('적어 두었습니다.').waitFor()
      await page.reload()
      await outcome.getByText('내 예측').waitFor()
      await expect
        .poll(() => outcome.locator('dl').innerText())
        .toMatch(/내 예측\s+10바이트\s+기록\s+12\s*바이트/)
      await outcome.getByText('실제보다 2바이트 적게 잡았습니다.').waitFor()
      await page.getByRole('button', { name: '지우기' }).click()
      expect(await outcome.getByText('내 예측').isVisible()).toBe(false)
      for (const [guess, words] of [
        ['12', '정확히 맞혔습니다.'],
        ['1500', '실제보다 1,488바이트 많이 잡았습니다.'],
      ] as const) {
        await page.getByRole('spinbutton').fill(guess)
        await page.keyboard.press('Tab')
        await outcome.getByText(words).waitFor()
      }
    })
  })

  test('stands beside the value on the reader’s own wire, once the same message has crossed there', async () => {
    await visit(FIRST, {}, async page => {
      const own = page.locator('guess-outcome [data-own]')
      const lab = new LabPage(page, 'first-connection')
      await lab.hydrated()
      await lab.button('연결하기').click()
      await lab.reach('live')
      await lab.sendText('다른 글')
      await own.getByText('같은 메시지를 보내면 나옵니다').waitFor()
      await lab.sendText('안녕')
      await own.getByText('12바이트').waitFor()
      await expect.poll(() => own.locator('dd').innerText()).toBe('12바이트')
    })
  })

  test('of a choice is told what turned out right', async () => {
    await visit(LESSON, {}, async page => {
      const outcome = page.locator('guess-outcome')
      await page.getByRole('radio').first().check()
      await outcome.getByText('예측과 다릅니다.').waitFor()
      await expect
        .poll(() => outcome.locator('dl').innerText())
        .toMatch(/내 예측\s.*Origin[\s\S]*실제\s.*Sec-WebSocket-Protocol/)
      await page.getByRole('radio').nth(2).check()
      await outcome.getByText('예측이 맞았습니다.').waitFor()
    })
  })
})

describe('the hints of a mission', () => {
  test('come one after the other, the solution last, and go back with the mission', async () => {
    await visit(FIRST, {}, async page => {
      const mission = page.locator('#mission-nine-bytes')
      const offered = () => mission.locator('summary:visible').allTextContents()
      expect(await offered()).toEqual(['힌트 1'])
      await mission.getByText('힌트 1').click()
      await mission.getByText('힌트 2').waitFor()
      expect(await offered()).toEqual(['힌트 1', '힌트 2'])
      await mission.getByText('힌트 2').press('Enter')
      await mission.getByText('풀이').click()
      await mission.getByText('완성된 한글 음절 세 개면').waitFor()
      await mission.getByRole('button', { name: '다시 시작하기' }).click()
      expect(await offered()).toEqual(['힌트 1'])
      expect(await mission.locator('.hint[open]').count()).toBe(0)
    })
  })
})

describe('without JavaScript', () => {
  test('there is no button that needs it', async () => {
    await visit(LESSON, { javaScriptEnabled: false }, async page => {
      for (const name of ['단축키', '확인하기', '다시 풀기', '지우기', '닫기', '다시 시작하기'])
        expect(await page.getByRole('button', { name }).count(), name).toBe(0)
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
        route.request().url().includes('/early') ? route.continue() : route.abort(),
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
      await page.waitForURL('**/lessons/why-websocket/')
    })
  })

  test('arrows belong to a lab, to code and to what scrolls sideways while the reader is in them', async () => {
    await visit(LESSON, {}, async page => {
      await new LabPage(page, 'handshake').hydrated()
      await page.evaluate(() => {
        const wide = document.createElement('div')
        wide.tabIndex = 0
        wide.id = 'wide'
        wide.textContent = 'x'.repeat(5000)
        wide.className = 'scrolls-for-test'
        document.querySelector('main')?.append(wide)
        const sheet = new CSSStyleSheet()
        sheet.replaceSync('.scrolls-for-test { width: 10rem; overflow-x: auto; white-space: nowrap }')
        document.adoptedStyleSheets.push(sheet)
      })
      const places = [
        '#lab-handshake button.what',
        '#lab-handshake .plate-tools .button',
        'main pre',
        '#wide',
      ]
      for (const place of places) {
        await page.locator(place).first().focus()
        for (const key of ['ArrowLeft', 'ArrowRight']) await page.keyboard.press(key)
        // A page that turns does so before the next of its tasks ends.
        await page.evaluate(() => new Promise(resolve => setTimeout(resolve)))
        expect(new URL(page.url()).pathname, place).toBe(`/${LESSON}`)
      }
    })
  })

  test('arrows stay in the lab when its own connection takes away what had the focus', async () => {
    await visit(LESSON, {}, async page => {
      const lab = new LabPage(page, 'handshake')
      const { promise: allowed, resolve: allow } = Promise.withResolvers<void>()
      await page.routeWebSocket(/\/lab\//, async socket => {
        await allowed
        socket.connectToServer()
      })
      await page.reload()
      await lab.hydrated()
      // Of a recording that has more to show than a connection that has only been asked for.
      const row = await lab.plate.locator('button.what').last().elementHandle()
      await row?.focus()
      allow()
      await lab.reach('live')
      await expect.poll(() => row?.evaluate(button => button.isConnected)).toBe(false)
      await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toContain('what')
      for (const key of ['ArrowRight', 'ArrowLeft']) await page.keyboard.press(key)
      await page.evaluate(() => new Promise(resolve => setTimeout(resolve)))
      expect(new URL(page.url()).pathname).toBe(`/${LESSON}`)
    })
  })

  test.each([
    ['was removed', (element: HTMLElement) => element.remove()],
    ['was disabled', (element: HTMLElement) => element.setAttribute('disabled', '')],
    ['was in something that was removed', (element: HTMLElement) => element.parentElement?.remove()],
  ])(
    'arrows and letters go nowhere when what had the focus %s, until the reader goes elsewhere',
    async (_, take) => {
      await visit(LESSON, {}, async page => {
        for (const tag of ['button', 'input']) {
          const field = await page.evaluateHandle(name => {
            const made = document.createElement(name)
            const around = document.createElement('div')
            around.append(made)
            document.querySelector('main')?.prepend(around)
            made.focus()
            return made
          }, tag)
          await field.evaluate(take)
          await drawn(page)
          expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
          const keys = tag === 'input' ? ['ArrowLeft', 'ArrowRight', 't', '/'] : ['ArrowLeft', 'ArrowRight']
          for (const key of keys) await page.keyboard.press(key)
          await page.evaluate(() => new Promise(resolve => setTimeout(resolve)))
          expect(new URL(page.url()).pathname).toBe(`/${LESSON}`)
          expect(await page.getByRole('dialog').count()).toBe(0)
          expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBeUndefined()
        }
        await page.locator('h1').click()
        await page.keyboard.press('ArrowLeft')
        await page.waitForURL('**/lessons/why-websocket/')
      })
    },
  )

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
      await expect.poll(() => last.getAttribute('aria-current')).toBe('true')
      await expect.poll(() => page.locator('.chapters-sections a[aria-current]').count()).toBe(1)
    })
  })

  test('is a drawer on a small screen, with and without JavaScript', async () => {
    for (const javaScriptEnabled of [true, false])
      await visit(LESSON, { viewport: { width: 390, height: 800 }, javaScriptEnabled }, async page => {
        const list = page.locator('#chapters')
        expect(await list.isVisible()).toBe(false)
        await page.getByRole('button', { name: '차례' }).click()
        await expect.poll(() => list.isVisible()).toBe(true)
        await page.keyboard.press('Escape')
        expect(await list.isVisible()).toBe(false)
      })
  })
})
