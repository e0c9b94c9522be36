import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { axeFindings } from '../support/reader.ts'
import { serveFolder, type StaticHost } from '../support/static-host.ts'

const BASE = '/ws/course'
const LESSON = 'lessons/handshake/'

let browser: Browser
let host: StaticHost

beforeAll(async () => {
  host = await serveFolder(await builtSite({ base: BASE }), BASE)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await host?.stop()
})

/** Opens a page, deployed under a path and without a sandbox, and lets the test look at it. */
async function visit(
  path: string,
  look: (page: Page, context: BrowserContext) => Promise<unknown>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  try {
    await page.goto(host.url + path)
    await look(page, context)
  } finally {
    await context.close()
  }
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: '검색' })
const fieldOf = (page: Page) => dialogOf(page).getByRole('combobox', { name: '검색어' })
const optionsOf = (page: Page) => dialogOf(page).getByRole('option')

async function search(page: Page, query: string): Promise<void> {
  await page.keyboard.press('/')
  await page.keyboard.insertText(query)
  await optionsOf(page).first().waitFor()
}

/** The path below the site that a link leads to. */
async function targetOf(page: Page, index: number): Promise<string> {
  const href = (await optionsOf(page).nth(index).getAttribute('href')) ?? ''
  return href.replace(`${BASE}/`, '')
}

describe('the keyboard', () => {
  test('opens the dialog with / from anywhere but a field, and Escape goes back to where the reader was', async () => {
    await visit(LESSON, async page => {
      await page.locator('.brand').focus()
      await page.keyboard.press('/')
      await dialogOf(page).waitFor()
      expect(await fieldOf(page).evaluate(field => field === document.activeElement)).toBe(true)
      expect(await fieldOf(page).inputValue()).toBe('')
      await page.keyboard.press('/')
      await expect.poll(() => fieldOf(page).inputValue()).toBe('/')
      await page.keyboard.press('Escape')
      expect(await dialogOf(page).count()).toBe(0)
      expect(await page.locator('.brand').evaluate(brand => brand === document.activeElement)).toBe(true)
    })
  })

  test('finds, chooses with ↑ and ↓ all the way round, and Enter leads to the section', async () => {
    await visit('', async page => {
      await search(page, '제안과 선택')
      const field = fieldOf(page)
      await expect.poll(() => field.getAttribute('aria-expanded')).toBe('true')
      expect(await field.getAttribute('aria-activedescendant')).toBeNull()
      const count = await optionsOf(page).count()
      expect(count).toBeGreaterThan(2)
      const chosen = async (): Promise<number> =>
        optionsOf(page).evaluateAll(options =>
          options.findIndex(option => option.getAttribute('aria-selected') === 'true'),
        )
      expect(await chosen()).toBe(0)
      await page.keyboard.press('ArrowDown')
      expect(await chosen()).toBe(1)
      await expect
        .poll(() => field.getAttribute('aria-activedescendant'))
        .toBe(await optionsOf(page).nth(1).getAttribute('id'))
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('ArrowUp')
      expect(await chosen()).toBe(count - 1)
      await page.keyboard.press('ArrowDown')
      expect(await chosen()).toBe(0)
      await page.keyboard.press('Enter')
      await page.waitForURL(url => decodeURIComponent(url.href) === `${host.url}${LESSON}#제안과-선택`)
      await expect.poll(() => page.getByRole('heading', { name: '제안과 선택' }).isVisible()).toBe(true)
    })
  })

  test('closes the dialog when the section is on the same page', async () => {
    await visit(LESSON, async page => {
      await search(page, '제안과 선택')
      await page.keyboard.press('Enter')
      await page.waitForURL(/#/)
      expect(await dialogOf(page).count()).toBe(0)
    })
  })

  test('loses nothing that is typed before the search is there', async () => {
    await visit(LESSON, async page => {
      let release = (): void => {}
      const held = new Promise<void>(resolve => (release = resolve))
      await page.route('**/search-*', async route => {
        await held
        await route.continue()
      })
      await page.keyboard.press('/')
      await page.keyboard.insertText('프레임을')
      release()
      await optionsOf(page).first().waitFor()
      expect(await targetOf(page, 0)).toBe('lessons/frames/')
    })
  })

  test('writes / into a field', async () => {
    await visit('lessons/first-connection/', async page => {
      await page.getByRole('spinbutton').first().focus()
      await page.keyboard.press('/')
      expect(await dialogOf(page).count()).toBe(0)
    })
  })
})

describe('an input method', () => {
  test('is searched with while it composes, and its Enter only ends the syllable', async () => {
    await visit(LESSON, async (page, context) => {
      await page.keyboard.press('/')
      const devtools = await context.newCDPSession(page)
      const compose = (text: string) =>
        devtools.send('Input.imeSetComposition', {
          text,
          selectionStart: text.length,
          selectionEnd: text.length,
        })
      await compose('마슼')
      await optionsOf(page).first().waitFor()
      expect(await targetOf(page, 0)).toBe('lessons/masking/')
      const before = page.url()
      await devtools.send('Input.dispatchKeyEvent', {
        type: 'rawKeyDown',
        key: 'Process',
        windowsVirtualKeyCode: 229,
      })
      await fieldOf(page).evaluate(field =>
        field.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
        ),
      )
      expect(page.url()).toBe(before)
      await expect.poll(() => dialogOf(page).count()).toBe(1)
      await devtools.send('Input.insertText', { text: '마스킹' })
      await expect.poll(() => fieldOf(page).inputValue()).toBe('마스킹')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/lessons/masking/')
    })
  })
})

describe('a hit', () => {
  test('shows where it is and marks what was sought, and nothing else', async () => {
    await visit(LESSON, async page => {
      await search(page, '서브프로토콜의')
      const marks = await dialogOf(page).locator('mark').allTextContents()
      expect(marks.length).toBeGreaterThan(2)
      for (const mark of marks) expect(mark).toMatch(/^(서브프로토콜(의)?|subprotocol)$/i)
      expect(
        await optionsOf(page).filter({ hasText: '2-1' }).first().locator('.hit-where').textContent(),
      ).toContain('핸드셰이크')
    })
  })
})

describe('the index', () => {
  test('is fetched once, when search is opened, and needs no network from then on', async () => {
    await visit(LESSON, async (page, context) => {
      const fetched: string[] = []
      page.on('request', request => {
        if (request.url().includes('search-')) fetched.push(new URL(request.url()).pathname)
      })
      await page.waitForLoadState('networkidle')
      expect(fetched).toEqual([])
      await search(page, '핑')
      expect(fetched.filter(path => path.endsWith('.json'))).toEqual([
        expect.stringMatching(/^\/ws\/course\/_astro\/search-index\.[\w-]{8}\.json$/),
      ])
      await context.setOffline(true)
      const { length } = fetched
      await fieldOf(page).fill('ㅎㄷㅅㅇㅋ')
      await expect.poll(() => targetOf(page, 0)).toBe(LESSON)
      await fieldOf(page).fill('1006')
      await expect.poll(() => targetOf(page, 0)).toBe('glossary/#abnormal-closure')
      expect(fetched).toHaveLength(length)
    })
  })

  test('that does not arrive is said so, and can be asked for again', async () => {
    await visit(LESSON, async page => {
      await page.route('**/search-index.*', route => route.abort())
      await page.keyboard.press('/')
      await page.keyboard.insertText('핑')
      await dialogOf(page).getByText('색인을 받지 못했습니다').waitFor()
      await page.unroute('**/search-index.*')
      await dialogOf(page).getByRole('button', { name: '다시 해 보기' }).click()
      await optionsOf(page).first().waitFor()
      expect(await targetOf(page, 0)).toBe('glossary/#ping')
    })
  })

  test('of another build asks for the page anew', async () => {
    await visit(LESSON, async page => {
      await page.route('**/search-index.*', route => route.fulfill({ json: { version: 0 } }))
      await page.keyboard.press('/')
      await Promise.all([
        page.waitForEvent('load'),
        dialogOf(page).getByRole('button', { name: '새로 고치기' }).click(),
      ])
      expect(await dialogOf(page).count()).toBe(0)
    })
  })
})

describe('what is said', () => {
  test('without a query, and examples can be pressed', async () => {
    await visit(LESSON, async page => {
      await page.getByRole('link', { name: '검색' }).click()
      await dialogOf(page).getByRole('button', { name: '1006' }).click()
      await optionsOf(page).first().waitFor()
      await expect.poll(() => fieldOf(page).inputValue()).toBe('1006')
      await fieldOf(page).fill('')
      await dialogOf(page).getByRole('button', { name: '1006' }).waitFor()
      await expect.poll(() => dialogOf(page).getByRole('link', { name: '용어집' }).isVisible()).toBe(true)
    })
  })

  test('when nothing fits, with names that are close', async () => {
    await visit(LESSON, async page => {
      await page.keyboard.press('/')
      await page.keyboard.insertText('페이로두')
      await dialogOf(page).getByText('‘페이로두’에 맞는 곳이 없습니다.').first().waitFor()
      await expect.poll(() => fieldOf(page).getAttribute('aria-expanded')).toBe('false')
      await dialogOf(page).getByRole('button', { name: '페이로드' }).click()
      await expect.poll(() => targetOf(page, 0)).toBe('glossary/#payload')
    })
  })

  test('when the keyboard was in the other language', async () => {
    await visit(LESSON, async page => {
      await search(page, 'vmfpdla')
      await expect.poll(() => dialogOf(page).getByText('‘프레임’ 결과를 보여 줍니다').isVisible()).toBe(true)
    })
  })

  test('to listeners once they pause, not at every key', async () => {
    await visit(LESSON, async page => {
      await page.keyboard.press('/')
      const said = await page.evaluateHandle(() => {
        const list: string[] = []
        const region = document.querySelector('#search [role=status]')
        if (region)
          new MutationObserver(() => list.push(region.textContent)).observe(region, { childList: true })
        return list
      })
      await page.keyboard.type('handshake', { delay: 20 })
      await dialogOf(page)
        .getByText(/곳을 찾았습니다. 맨 위는 핸드셰이크/)
        .waitFor({ state: 'attached' })
      expect(await said.jsonValue()).toHaveLength(1)
    })
  })
})

test('nothing moves: neither the page behind nor the dialog around its results', async () => {
  await visit(
    LESSON,
    async page => {
      const place = (selector: string) =>
        page.locator(selector).evaluate(element => JSON.stringify(element.getBoundingClientRect()))
      const title = await place('h1')
      await page.keyboard.press('/')
      const empty = await place('#search')
      await page.keyboard.insertText('프레임')
      await optionsOf(page).first().waitFor()
      expect(await place('#search')).toBe(empty)
      await fieldOf(page).fill('아무것도아닌말')
      await dialogOf(page).locator('.search-none').waitFor()
      expect(await place('#search')).toBe(empty)
      expect(await place('h1')).toBe(title)
    },
    { viewport: { width: 1200, height: 800 } },
  )
})

test('on a small screen the dialog is the screen', async () => {
  await visit(
    LESSON,
    async page => {
      await page.getByRole('link', { name: '검색' }).click()
      expect(await dialogOf(page).boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 700 })
      await page.getByRole('button', { name: '닫기' }).click()
      expect(await dialogOf(page).count()).toBe(0)
    },
    { viewport: { width: 390, height: 700 }, hasTouch: true },
  )
})

describe('the search page', () => {
  test('answers its address, and its address follows the field', async () => {
    await visit('search/?q=종료 코드', async page => {
      const first = page.getByRole('list', { name: '검색 결과' }).getByRole('link').first()
      await first.waitFor()
      await expect.poll(() => first.getAttribute('href')).toBe(`${BASE}/glossary/#close-code`)
      await page.getByRole('textbox', { name: '검색어' }).fill('ready state')
      await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('ready state')
      await expect.poll(() => first.getAttribute('href')).toBe(`${BASE}/glossary/#ready-state`)
      expect(await page.title()).toContain('ready state')
      await page.keyboard.press('ArrowDown')
      expect(await first.evaluate(link => link === document.activeElement)).toBe(true)
      await page.keyboard.press('/')
      expect(await page.getByRole('textbox').evaluate(field => field === document.activeElement)).toBe(true)
      expect(await dialogOf(page).count()).toBe(0)
    })
  })

  test('is where the dialog’s link to all results leads', async () => {
    await visit(LESSON, async page => {
      await search(page, '웹 소켓')
      await page.getByRole('link', { name: '결과 모두 보기' }).click()
      await page.waitForURL('**/search/?q=*')
      await page.getByRole('list', { name: '검색 결과' }).getByRole('link').first().waitFor()
      await expect.poll(() => page.locator('.search-main .hit').count()).toBeGreaterThan(12)
    })
  })

  test('without JavaScript says that it needs it, and where else to look', async () => {
    await visit(
      LESSON,
      async page => {
        await page.getByRole('link', { name: '검색' }).click()
        await page.waitForURL('**/search/')
        const said = page.locator('main noscript p')
        await said.waitFor()
        await expect.poll(() => said.innerText()).toContain('스크립트가 꺼져 있으면 쓸 수 없습니다')
        await expect.poll(() => said.locator(`a[href="${BASE}/"]`).isVisible()).toBe(true)
        await said.locator('a', { hasText: '용어집' }).click()
        await page.waitForURL('**/glossary/')
      },
      { javaScriptEnabled: false },
    )
  })
})

describe('axe has nothing to say', () => {
  test('of the dialog: empty, with results, with a note above them, and without results', async () => {
    await visit(LESSON, async page => {
      await page.keyboard.press('/')
      await dialogOf(page).waitFor()
      expect(await axeFindings(page)).toEqual([])
      for (const [query, shown] of [
        ['프레임', '.hit'],
        ['vmfpdla', 'text=결과를 보여 줍니다'],
        ['페이로두', '.search-none'],
      ] as const) {
        await fieldOf(page).fill(query)
        await dialogOf(page).locator(shown).first().waitFor()
        expect({ query, found: await axeFindings(page) }).toEqual({ query, found: [] })
      }
    })
  })

  test('of the search page with results', async () => {
    await visit('search/?q=프레임', async page => {
      await page.locator('.hit').first().waitFor()
      expect(await axeFindings(page)).toEqual([])
    })
  })
})
