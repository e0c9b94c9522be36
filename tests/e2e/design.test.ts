import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { LabPage } from '../support/lab-page.ts'
import { axeFindings, axeForcedColours, readThrough } from '../support/reader.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { remember, visit } from '../support/visit.ts'

const FIRST = 'lessons/first-connection/'
const HANDSHAKE = 'lessons/handshake/'
const PAGES = ['', FIRST, HANDSHAKE]
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const DESK = { viewport: { width: 1440, height: 900 } }

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

describe.each(PAGES)('/%s', path => {
  test(
    'leaves axe nothing to say at any width, in either theme and in forced colours',
    { timeout: 180_000 },
    async () => {
      await look(path, { reducedMotion: 'reduce' }, async page => {
        await readThrough(page)
        for (const width of [390, 820, 1440]) {
          await page.setViewportSize({ width, height: 900 })
          expect({ width, found: await axeFindings(page) }).toEqual({ width, found: [] })
        }
        expect(await axeForcedColours(page)).toEqual([])
      })
    },
  )

  test('can be walked by keyboard: every stop is marked, none is under the bar, and the walk ends', async () => {
    const stops = await look(path, { ...DESK, reducedMotion: 'reduce' }, walk)
    expect(stops.length).toBeGreaterThan(20)
    expect(stops.filter(stop => stop.problem !== '')).toEqual([])
  })

  test.each([
    ['a phone', PHONE],
    ['a desk', DESK],
  ])('moves nothing while it loads on %s', async (_, options) => {
    const shift = await look(
      path,
      options,
      page => page.evaluate(() => Number(document.body.dataset['shift'] ?? 0)),
      page =>
        page.addInitScript(() => {
          let sum = 0
          new PerformanceObserver(list => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
              sum += entry.value
            document.body.dataset['shift'] = String(sum)
          }).observe({ type: 'layout-shift', buffered: true })
        }),
    )
    expect(shift).toBeLessThan(0.02)
  })

  test('gives a thumb 44 pixels for whatever is pressed', async () => {
    const small = await look(path, PHONE, async page => {
      const drawer = page.getByRole('button', { name: '차례', exact: true })
      if ((await drawer.count()) > 0) await drawer.click()
      return page.evaluate(() => {
        const pressed =
          '.button, .bar-button, .brand, .chapters a, .toc summary, .tabs [role=tab], .code-copy, .option > summary, ' +
          '.hint > summary, .choice, .neighbour, .plate button.what, .field, .map-row'
        return [...document.querySelectorAll<HTMLElement>(pressed)]
          .filter(element => element.checkVisibility())
          .map(element => ({
            name: element.textContent.trim().slice(0, 20),
            height: element.getBoundingClientRect().height,
          }))
          .filter(({ height }) => height < 43.5)
      })
    })
    expect(small).toEqual([])
  })
})

interface Stop {
  readonly name: string
  readonly problem: string
}

/** Presses Tab until the page is left, and looks at each stop while it is focused and after. */
async function walk(page: Page): Promise<Stop[]> {
  const stops: Stop[] = []
  let before: { marks: string; name: string } | undefined
  await readThrough(page)
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const style = (element: Element | null | undefined): string => {
        if (!element) return ''
        const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element)
        const drawn = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1
        return [drawn ? `${outlineWidth} ${outlineColor}` : '', boxShadow].join(' ')
      }
      const marksOf = (element: Element) => style(element) + style(element.closest('li'))
      const left = document.querySelector('[data-walked]')
      const after = left ? marksOf(left) : ''
      left?.removeAttribute('data-walked')
      const focused = document.activeElement
      if (!focused || focused === document.body)
        return { after, marks: undefined, name: '', hidden: false, again: false }
      const again = focused.hasAttribute('data-seen')
      focused.setAttribute('data-walked', '')
      focused.setAttribute('data-seen', '')
      const bar = document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0
      const { bottom, top } = focused.getBoundingClientRect()
      const hidden = !focused.closest('.bar, .skip') && (bottom <= bar || top >= innerHeight)
      const name = `${focused.tagName}.${focused.className} ${focused.textContent.trim().slice(0, 30)}`
      return { after, marks: marksOf(focused), name, hidden, again }
    })
    const last = stops.at(-1)
    if (before && last && before.marks === at.after)
      stops[stops.length - 1] = { ...last, problem: 'looks the same with and without focus' }
    if (at.marks === undefined) return stops
    stops.push({ name: at.name, problem: at.again ? 'reached twice' : at.hidden ? 'out of sight' : '' })
    if (at.again) return stops
    before = { marks: at.marks, name: at.name }
  }
  return [...stops, { name: 'the end', problem: 'never reached' }]
}

describe('the reading column', () => {
  test.each([820, 1280, 1440, 1920])('holds 38 to 42 Hangul syllables a line at %i pixels', async width => {
    const syllables = await look(FIRST, { viewport: { width, height: 900 } }, page =>
      page.evaluate(async () => {
        await document.fonts.ready
        const paragraph = document.querySelector<HTMLElement>('.lesson > p')
        if (!paragraph) return 0
        const ruler = document.createElement('span')
        ruler.textContent = '가'.repeat(20)
        ruler.style.whiteSpace = 'nowrap'
        paragraph.append(ruler)
        return paragraph.clientWidth / (ruler.getBoundingClientRect().width / 20)
      }),
    )
    expect(syllables).toBeGreaterThan(38)
    expect(syllables).toBeLessThan(42.5)
  })

  test('has terms and citations beside it where there is room, and in it where there is none', async () => {
    const places = (page: Page): Promise<{ term: boolean; citation: boolean; right: number }> =>
      page.evaluate(() => {
        const column = document.querySelector('.lesson > p')?.getBoundingClientRect()
        const right = column?.right ?? 0
        const aside = document.querySelector('.term-aside')
        const citation = document.querySelector('.lesson > p > .rfc.cited .rfc-at')
        return {
          term: aside?.checkVisibility() === true && aside.getBoundingClientRect().left > right,
          citation: (citation?.getBoundingClientRect().left ?? 0) > right,
          right,
        }
      })
    expect(await look(HANDSHAKE, DESK, places)).toMatchObject({ term: true, citation: true })
    expect(await look(HANDSHAKE, PHONE, places)).toMatchObject({ term: false, citation: false })
  })

  test('has margin notes that never lie over one another', async () => {
    const overlaps = await look(HANDSHAKE, DESK, page =>
      page.evaluate(() => {
        const notes = [...document.querySelectorAll('.note, .rfc.cited, .term-aside')]
          .filter(note => note.checkVisibility() && getComputedStyle(note).float === 'right')
          .map(note => note.getBoundingClientRect())
          .toSorted((a, b) => a.top - b.top)
        return notes.filter((note, index) => note.bottom > (notes[index + 1]?.top ?? Infinity)).length
      }),
    )
    expect(overlaps).toBe(0)
  })
})

describe('the theme', () => {
  test.each([
    ['dark', 'light', 'rgb(18, 21, 25)'],
    ['light', 'dark', 'rgb(248, 245, 237)'],
  ] as const)(
    'chosen %s is in every frame that is painted on a %s system',
    async (theme, colorScheme, paper) => {
      const seen = await look(
        HANDSHAKE,
        { colorScheme },
        page => page.evaluate(() => document.documentElement.dataset['seen']?.split('|')),
        async page => {
          await remember(page, 'theme', theme)
          await page.addInitScript(() => {
            const colours = new Set<string>()
            const look = (): void => {
              // Before the style sheets are there nothing is painted.
              const colour = getComputedStyle(document.documentElement).backgroundColor
              if (colour !== 'rgba(0, 0, 0, 0)') colours.add(colour)
              document.documentElement.dataset['seen'] = [...colours].join('|')
              requestAnimationFrame(look)
            }
            requestAnimationFrame(look)
          })
        },
      )
      expect(seen).toEqual([paper])
    },
  )
})

describe('the edge of the bar', () => {
  test('shows how far the lesson is read', async () => {
    const read = (page: Page): Promise<number[]> =>
      page.evaluate(async () => {
        const bar = document.querySelector('.bar')
        const widths: number[] = []
        for (const part of [0, 0.5, 1]) {
          scrollTo({ top: (document.documentElement.scrollHeight - innerHeight) * part, behavior: 'instant' })
          await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
          widths.push(bar ? new DOMMatrix(getComputedStyle(bar, '::after').transform).a : NaN)
        }
        return widths.map(width => Math.round(width * 10))
      })
    expect(await look(FIRST, DESK, read)).toEqual([0, 5, 10])
  })
})

describe('reduced motion', () => {
  test('leaves nothing moving, from loading to a live connection', async () => {
    const moving = await look('', { ...DESK, reducedMotion: 'reduce' }, async page => {
      await new LabPage(page, 'specimen').reach('live')
      return page.evaluate(() => ({
        animations: document.getAnimations().length,
        scrolling: getComputedStyle(document.documentElement).scrollBehavior,
      }))
    })
    expect(moving).toEqual({ animations: 0, scrolling: 'auto' })
  })

  test('turns the colours of all that is seen in one frame', async () => {
    const turning = await look('', { ...DESK, reducedMotion: 'reduce', colorScheme: 'light' }, async page => {
      await new LabPage(page, 'specimen').reach('live')
      await page.keyboard.press('t')
      await page.keyboard.press('t')
      return page.evaluate(
        () => new Promise<number>(tell => requestAnimationFrame(() => tell(document.getAnimations().length))),
      )
    })
    expect(turning).toBe(0)
  })
})

describe('forced colours', () => {
  test('tell the chosen byte and row from the others, and buttons from the page', async () => {
    const told = await look('', { ...DESK, forcedColors: 'active' }, async page => {
      await new LabPage(page, 'specimen').reach('live')
      return page.evaluate(() => {
        const look = (selector: string): string => {
          const element = document.querySelector(selector)
          if (!element) return selector
          const { backgroundColor, outlineStyle, color } = getComputedStyle(element)
          return [backgroundColor, outlineStyle, color].join(' ')
        }
        const primary = document.querySelector('.button.primary')
        const style = primary && getComputedStyle(primary)
        return {
          bytes: look('.cell.on') !== look('.cell:not(.on)'),
          bits: look('.bit-field.on') !== look('.bit-field:not(.on)'),
          rows: look('button.what.on') !== look('button.what:not(.on)'),
          readable: style?.color !== style?.backgroundColor,
        }
      })
    })
    expect(told).toEqual({ bytes: true, bits: true, rows: true, readable: true })
  })
})

describe('on paper', () => {
  test('folds are open, live controls gone, addresses written out, and it is light', async () => {
    await look(
      HANDSHAKE,
      { ...DESK, colorScheme: 'dark' },
      async page => {
        await page.emulateMedia({ media: 'print' })
        const visible = (selector: string): Promise<boolean[]> =>
          page
            .locator(selector)
            .evaluateAll(found =>
              found.map(element => element.checkVisibility({ contentVisibilityAuto: true })),
            )
        // Folds within folds open one frame after the other.
        for (const shown of ['.option .reason', '.hint > p', '.recorded-head', '.tab', '.sequence', '.note'])
          await expect
            .poll(async () => ({ [shown]: new Set(await visible(shown)) }))
            .toEqual({ [shown]: new Set([true]) })
        for (const gone of [
          '.bar',
          '.chapters',
          '.plate-tools',
          '.mission-tools',
          '.tabs-list',
          '.code-copy',
          '.neighbours',
        ])
          expect({ [gone]: new Set(await visible(gone)) }).toEqual({ [gone]: new Set([false]) })
        const address = await page
          .locator('.lesson > p a[href^="https://websockets"]')
          .first()
          .evaluate(link => getComputedStyle(link, '::after').content)
        expect(address).toContain('websockets.spec.whatwg.org')
        const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
        expect(paper).toBe('rgb(255, 255, 255)')
      },
      page => remember(page, 'theme', 'dark'),
    )
  })

  test('no plate is cut by the end of a page', async () => {
    const avoided = await look(FIRST, DESK, async page => {
      await page.emulateMedia({ media: 'print' })
      return page
        .locator('.plate')
        .evaluateAll(plates => plates.map(plate => getComputedStyle(plate).breakInside))
    })
    expect(new Set(avoided)).toEqual(new Set(['avoid']))
  })
})

describe('the chapter list', () => {
  test('shows where the reader is, however far down the course', async () => {
    const inSight = await look(HANDSHAKE, { viewport: { width: 1440, height: 420 } }, page =>
      page.evaluate(() => {
        const list = document.querySelector('#chapters')?.getBoundingClientRect()
        const here = document.querySelector('#chapters [aria-current=page]')?.getBoundingClientRect()
        return list && here && here.top >= list.top && here.bottom <= list.bottom
      }),
    )
    expect(inSight).toBe(true)
  })

  test('is a column on a desk, with nothing to open or close', async () => {
    const shown = await look(HANDSHAKE, DESK, async page => ({
      list: await page.locator('#chapters').isVisible(),
      buttons: await page.locator('.bar-chapters:visible, .chapters-close:visible').count(),
    }))
    expect(shown).toEqual({ list: true, buttons: 0 })
  })

  test('as a drawer can be closed by its own button', async () => {
    await look(HANDSHAKE, PHONE, async page => {
      await page.getByRole('button', { name: '차례', exact: true }).click()
      await page.locator('#chapters').getByRole('button', { name: '닫기' }).click()
      expect(await page.locator('#chapters').isVisible()).toBe(false)
    })
  })
})
