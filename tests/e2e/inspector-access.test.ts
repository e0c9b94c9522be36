import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { InspectorPage } from '../support/inspector-page.ts'
import { axeFindings } from '../support/reader.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { serveFolder } from '../support/static-host.ts'

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

describe('axe finds nothing', () => {
  const opened = async (fragment = '') => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    return InspectorPage.open(page, course.url, fragment)
  }

  test('before anything is connected', async () => {
    const inspector = await opened()
    expect(await axeFindings(inspector.page)).toEqual([])
    await inspector.page.close()
  })

  test('in a live connection of a raw client, with everything unfolded, a rule broken and two frames compared', async () => {
    const inspector = await opened()
    const { page } = inspector
    await inspector.connect('원시 클라이언트')
    await inspector.sendText('{"말":"안녕"}')
    await inspector.line(4).waitFor()
    for (const summary of ['더 정하기', '프레임을 손수 쓰기', '되풀이해 보내기'])
      await inspector.unfold(summary)
    for (const number of [3, 4]) {
      await inspector.line(number).click()
      await inspector.tool.getByRole('tabpanel', { name: '항목' }).locator('.bits').waitFor()
      await page.keyboard.press('c')
    }
    for (const tab of ['항목', '연결', '견주기'] as const) {
      await inspector.detail(tab)
      expect(await axeFindings(page)).toEqual([])
    }
    await inspector.composer.getByLabel('마스킹').selectOption({ label: '하지 않기' })
    await inspector.send()
    await inspector.reach('ended')
    await inspector.line(5).click()
    await inspector.detail('항목')
    expect(await axeFindings(page)).toEqual([])
    await page.close()
  })

  test('in a recording, in its sequence, and while it is exported', async () => {
    const inspector = await opened('#sample=handshake&item=1')
    const { page } = inspector
    await inspector.reach('recording')
    expect(await axeFindings(page)).toEqual([])
    await inspector.tool.getByRole('tab', { name: '순서도' }).click()
    await page.getByRole('listbox', { name: '주고받은 순서' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await inspector.button('내보내기').click()
    await page.getByText('websocat 복사하기').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.close()
  })

  test('without a sandbox', async () => {
    const host = await serveFolder(await builtSite())
    const page = await browser.newPage()
    const inspector = await InspectorPage.open(page, host.url)
    await inspector.button('연결하기').click()
    await inspector.reach('error')
    expect(await axeFindings(page)).toEqual([])
    await page.close()
    await host.stop()
  })
})

test('every control is reached with Tab, and where it is shows', async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const inspector = await InspectorPage.open(page, course.url)
  await inspector.connect('원시 클라이언트')
  await inspector.sendText('안녕')
  await inspector.line(4).waitFor()
  for (const summary of ['더 정하기', '프레임을 손수 쓰기', '되풀이해 보내기'])
    await inspector.unfold(summary)
  await inspector.line(3).click()
  await inspector.tool.locator('.bits').waitFor()
  // A group of radios is one stop, as a row of tabs and a grid of bytes are.
  const wanted = await inspector.tool.evaluate(tool =>
    [
      ...tool.querySelectorAll<HTMLElement>(
        'button:not([tabindex="-1"]), input:not([tabindex="-1"]), select, textarea, summary, [tabindex="0"]',
      ),
    ]
      .filter(each => !each.matches(':disabled, [type=radio]:not(:checked)') && each.checkVisibility())
      .map((each, index) => (each.dataset['stop'] = String(index))),
  )
  expect(wanted.length).toBeGreaterThan(40)
  await page.locator('main').evaluate(main => main.focus())
  const reached = new Map<string, boolean>()
  for (let presses = 0; presses < wanted.length * 2 && reached.size < wanted.length; presses++) {
    await page.keyboard.press('Tab')
    const [stop, shows] = await page.evaluate(() => {
      const focused = document.activeElement
      const shown = (element: Element | null | undefined) => {
        if (!element) return false
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        return outlineStyle !== 'none' && outlineWidth !== '0px'
      }
      // What lies invisible over its label shows its focus there.
      const own = shown(focused) && Number(focused && getComputedStyle(focused).opacity) > 0
      return [
        focused instanceof HTMLElement ? focused.dataset['stop'] : undefined,
        own || shown(focused?.nextElementSibling) || shown(focused?.closest('label')),
      ] as const
    })
    if (stop !== undefined) reached.set(stop, shows)
  }
  expect([...reached.keys()].toSorted()).toEqual(wanted.toSorted())
  expect([...reached].filter(([, shows]) => !shows)).toEqual([])
  await page.close()
})

test('on a phone of 360 pixels nothing sticks out, and one can connect, send, choose and read', async () => {
  const page = await browser.newPage({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  })
  const inspector = await InspectorPage.open(page, course.url)
  const sticksOut = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(await sticksOut()).toBe(0)
  await inspector.connect('원시 클라이언트')
  await inspector.sendText('손 안의 말')
  await inspector.line(4).waitFor()
  await inspector.line(3).tap()
  const view = inspector.tool.getByRole('tabpanel', { name: '항목', exact: true })
  await expect.poll(() => view.textContent()).toContain('3번')
  for (const summary of [
    '연결',
    '파일',
    '더 정하기',
    '거르기',
    '찾기',
    '프레임을 손수 쓰기',
    '되풀이해 보내기',
  ])
    await inspector.unfold(summary)
  expect(await sticksOut()).toBe(0)
  for (const tab of ['연결', '견주기', '항목'] as const) {
    await inspector.detail(tab)
    expect(await sticksOut()).toBe(0)
  }
  await inspector.tool.getByRole('tab', { name: '순서도' }).click()
  await page.getByRole('listbox', { name: '주고받은 순서' }).waitFor()
  expect(await sticksOut()).toBe(0)
  // A thumb finds each button.
  const small = await inspector.tool.evaluate(tool =>
    [...tool.querySelectorAll('button:not(.cell, .bit-field), select, summary')]
      .filter(each => each.checkVisibility())
      .map(each => ({ height: each.getBoundingClientRect().height, text: each.textContent?.trim() }))
      .filter(({ height }) => height < 40),
  )
  expect(small).toEqual([])
  await page.close()
})

describe('on a phone of 390 by 844 pixels', () => {
  async function phone(fragment = ''): Promise<InspectorPage> {
    const page = await browser.newPage({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    return InspectorPage.open(page, course.url, fragment)
  }
  /** Lines of the list that are in sight of whoever has just come, without scrolling. */
  const linesInSight = ({ page, list }: InspectorPage) =>
    list.evaluate((element, height) => {
      scrollTo(0, 0)
      const { top, bottom } = element.getBoundingClientRect()
      const line = element.querySelector('[role=option][data-place]')?.getBoundingClientRect().height ?? 0
      return (Math.min(bottom, height) - top) / line
    }, page.viewportSize()?.height ?? 0)

  test('the list of a recording is in the first screen, also while it is replayed', async () => {
    const inspector = await phone('#sample=handshake')
    await inspector.reach('recording')
    expect(await linesInSight(inspector)).toBeGreaterThan(8)
    await inspector.button('이전 항목').tap()
    await inspector.button('재생하기').tap()
    expect(await linesInSight(inspector)).toBeGreaterThan(8)
    await inspector.page.close()
  })

  test('the list of a connection is too, and the way to close it is under a fold', async () => {
    const inspector = await phone()
    await inspector.connect()
    await inspector.line(2).waitFor()
    expect(await linesInSight(inspector)).toBeGreaterThan(10)
    await inspector.unfold('연결')
    await inspector.button('끊기').tap()
    await inspector.reach('ended')
    await inspector.page.close()
  })

  test('what is folded can be used: searching, jumping, filtering, exporting', async () => {
    const inspector = await phone('#sample=handshake')
    await inspector.reach('recording')
    await inspector.list.focus()
    // A key of the list unfolds what it leads to.
    await inspector.page.keyboard.press('g')
    await inspector.page.keyboard.type('2')
    await inspector.page.keyboard.press('Enter')
    await expect.poll(() => inspector.list.getAttribute('aria-activedescendant')).toBe('item-1')
    await inspector.unfold('거르기')
    await inspector.tool.getByRole('checkbox', { name: '핸드셰이크' }).check()
    await expect.poll(() => inspector.count()).toBe(2)
    await inspector.tool.locator('summary', { hasText: '거르기 · 2개 보임' }).tap()
    await inspector.unfold('파일')
    const { name } = await inspector.exported('기록 (.json)')
    expect(name).toMatch(/\.json$/)
    await inspector.page.close()
  })

  test('axe finds nothing, in either theme', async () => {
    const inspector = await phone('#sample=handshake&item=3')
    await inspector.reach('recording')
    for (const summary of ['연결', '파일', '거르기', '찾기']) {
      expect(await axeFindings(inspector.page)).toEqual([])
      await inspector.unfold(summary)
    }
    expect(await axeFindings(inspector.page)).toEqual([])
    await inspector.page.close()
  })
})

test('forced colours tell what is chosen from what is not, and which way an arrow goes', async () => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, forcedColors: 'active' })
  const inspector = await InspectorPage.open(page, course.url, '#sample=handshake&item=3')
  await inspector.reach('recording')
  const look = (selector: string, pseudo?: string) =>
    inspector.tool
      .locator(selector)
      .first()
      .evaluate((element, of) => {
        const { outlineStyle, backgroundColor, borderBottomColor, borderTopColor, borderRightColor, fill } =
          getComputedStyle(element, of)
        const outline = outlineStyle === 'none' ? '' : outlineStyle
        return {
          chosen: [outline, backgroundColor, borderBottomColor].join(),
          borderTopColor,
          borderRightColor,
          fill,
        }
      }, pseudo)
  expect((await look('.row.on')).chosen).not.toBe((await look('.row:not(.on)')).chosen)
  expect((await look('[role=tab][aria-selected=true]')).chosen).not.toBe(
    (await look('[role=tab][aria-selected=false]')).chosen,
  )
  await inspector.detail('연결')
  expect((await look('.share .payload')).fill).not.toBe((await look('.share .all')).fill)
  await inspector.tool.getByRole('tab', { name: '순서도' }).click()
  await page.getByRole('listbox', { name: '주고받은 순서' }).waitFor()
  expect((await look('.step.on')).chosen).not.toBe((await look('.step:not(.on)')).chosen)
  // A triangle whose other sides were filled too would be a square.
  const head = await look('.step.server .wire', '::after')
  expect(head.borderTopColor).not.toBe(head.borderRightColor)
  await page.close()
})

test('without script the page says what is missing and where one can read on', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${course.url}inspector/`)
  const notice = page.locator('noscript')
  await expect.poll(() => notice.textContent()).toContain('스크립트가 필요합니다')
  await expect.poll(() => notice.getByRole('link').count()).toBeGreaterThanOrEqual(2)
  await context.close()
})
