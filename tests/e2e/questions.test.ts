import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { axeFindings, drawn, question, questionsReady, readThrough } from '../support/reader.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'

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

async function reading(
  lesson: string,
  act: (page: Page) => Promise<unknown>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  await page.goto(course.url + lesson)
  if (options.javaScriptEnabled !== false) await questionsReady(page)
  await act(page)
  await context.close()
}

async function told(asked: Locator, words: string): Promise<void> {
  await expect.poll(() => asked.getByRole('status').textContent()).toContain(words)
}

/** The answer is there again after a reload, and gone after 다시 풀기, ready for another. */
async function remembersAndForgets(page: Page, id: string, words: string): Promise<void> {
  await page.reload()
  await questionsReady(page)
  await told(question(page, id), words)
  await question(page, id).getByRole('button', { name: '다시 풀기' }).click()
  expect(await question(page, id).getAttribute('data-result')).toBeNull()
  expect(await question(page, id).getByRole('status').textContent()).toBe('')
}

describe('a question with one right answer', () => {
  const ID = 'after-101'

  test('by mouse: wrong has its reason, is remembered, and can be answered again', async () => {
    await reading(HANDSHAKE, async page => {
      const asked = question(page, ID)
      await asked.locator('.option[data-correct=false] summary').first().click()
      await told(asked, '틀렸습니다.')
      await asked.getByText('101 응답에는 본문이 없습니다.').waitFor()
      await remembersAndForgets(page, ID, '틀렸습니다.')
      expect(await asked.locator('.option[open]').count()).toBe(0)
    })
  })

  test('by keyboard: right', async () => {
    await reading(HANDSHAKE, async page => {
      const asked = question(page, ID)
      await asked.locator('.option[data-correct=true] summary').focus()
      await page.keyboard.press('Enter')
      await told(asked, '맞혔습니다.')
      await remembersAndForgets(page, ID, '맞혔습니다.')
    })
  })

  test('opening other reasons afterwards does not change the answer', async () => {
    await reading(HANDSHAKE, async page => {
      const asked = question(page, ID)
      await asked.locator('.option[data-correct=false] summary').first().click()
      await told(asked, '틀렸습니다.')
      await asked.locator('.option[data-correct=true] summary').click()
      await asked.getByText('맞습니다.').waitFor()
      await told(asked, '틀렸습니다.')
    })
  })

  /** A lesson in which the questions' script has not come, until it is let through. */
  async function early(act: (page: Page, letThrough: () => void) => Promise<unknown>): Promise<void> {
    const context = await browser.newContext({ reducedMotion: 'reduce' })
    const page = await context.newPage()
    const { promise: held, resolve: letThrough } = Promise.withResolvers<void>()
    await page.route('**/_astro/questions.*.js', async route => {
      await held
      await route.continue()
    })
    await page.goto(course.url + HANDSHAKE)
    await act(page, letThrough)
    await context.close()
  }

  test('an option opened before the script came is the answer', async () => {
    await early(async (page, letThrough) => {
      const asked = question(page, ID)
      await asked.locator('.option[data-correct=true] summary').click()
      await asked.getByText('맞습니다.').waitFor()
      letThrough()
      await told(asked, '맞혔습니다.')
    })
  })

  test('has the focus where it is answered when its script takes away what had it', async () => {
    await early(async (page, letThrough) => {
      const asked = question(page, ID)
      await asked.getByRole('link', { name: /^다시 읽기/ }).focus()
      letThrough()
      await asked.getByRole('link', { name: /^다시 읽기/ }).waitFor({ state: 'hidden' })
      const focused = asked.locator('.option summary').first()
      expect(await focused.evaluate(summary => summary === document.activeElement)).toBe(true)
      // What the other questions hide above is made up for when the page is drawn.
      await drawn(page)
      const seen = await focused.evaluate(summary => {
        const { top, bottom } = summary.getBoundingClientRect()
        return { top, isSeen: top >= 0 && bottom <= innerHeight }
      })
      expect(seen).toMatchObject({ isSeen: true })
    })
  })
})

describe('a question with several right answers', () => {
  const ID = 'required-fields'
  const boxes = (page: Page) => question(page, ID).getByRole('checkbox')

  test('by mouse: too few and one too many is wrong, and each option says why', async () => {
    await reading(HANDSHAKE, async page => {
      const asked = question(page, ID)
      await asked.getByLabel('Host').click()
      await asked.getByLabel('User-Agent').click()
      await asked.getByRole('button', { name: '확인하기' }).click()
      await told(asked, '틀렸습니다.')
      const outcomes = await asked
        .locator('.option')
        .evaluateAll(options => options.map(option => (option as HTMLElement).dataset['outcome']))
      expect(outcomes).toEqual(['right', 'wrong', 'missed', 'missed', 'right'])
      await expect.poll(() => asked.locator('.reason:visible').count()).toBe(5)
      await remembersAndForgets(page, ID, '틀렸습니다.')
      expect(await boxes(page).evaluateAll(all => all.some(box => (box as HTMLInputElement).checked))).toBe(
        false,
      )
    })
  })

  test('by keyboard: exactly the right ones', async () => {
    await reading(HANDSHAKE, async page => {
      const asked = question(page, ID)
      await boxes(page).first().focus()
      for (const wanted of [true, false, true, true, false]) {
        if (wanted) await page.keyboard.press('Space')
        await page.keyboard.press('Tab')
      }
      await page.keyboard.press('Enter')
      await told(asked, '맞혔습니다.')
      // The button that was pressed is gone; the focus is not.
      expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('다시 풀기')
      await remembersAndForgets(page, ID, '맞혔습니다.')
    })
  })

  test('nothing chosen is no answer', async () => {
    await reading(HANDSHAKE, async page => {
      await question(page, ID).getByRole('button', { name: '확인하기' }).click()
      await told(question(page, ID), '하나 이상 고릅니다.')
      expect(await question(page, ID).getAttribute('data-result')).toBeNull()
    })
  })
})

describe('a short answer', () => {
  const ID = 'five-syllables'
  const field = (page: Page) => question(page, ID).getByRole('textbox')

  test.each(['21', ' 21 바이트 ', '２１', '0x15'])('by keyboard: %j is right', async written => {
    await reading(FIRST, async page => {
      await field(page).focus()
      await page.keyboard.insertText(written)
      await page.keyboard.press('Enter')
      await told(question(page, ID), '맞혔습니다.')
      await question(page, ID).getByText('한글 음절 다섯 개가 15바이트이고').waitFor()
      await remembersAndForgets(page, ID, '맞혔습니다.')
      expect(await field(page).inputValue()).toBe('')
    })
  })

  test('by mouse: a mistake that was foreseen has its own reason, and no other is given away', async () => {
    await reading(FIRST, async page => {
      const asked = question(page, ID)
      await field(page).fill('15')
      await asked.getByRole('button', { name: '확인하기' }).click()
      await told(asked, '틀렸습니다.')
      await expect
        .poll(() => asked.locator('.reason:visible').allTextContents())
        .toEqual([expect.stringContaining('페이로드의 길이입니다.')])
      await asked.getByRole('button', { name: '답과 까닭 모두 보기' }).click()
      await asked.getByText('맞는 답: 21').waitFor()
      await remembersAndForgets(page, ID, '틀렸습니다.')
    })
  })

  test('a mistake nobody foresaw is wrong and can be looked up', async () => {
    await reading(FIRST, async page => {
      const asked = question(page, ID)
      await field(page).fill('999')
      await page.keyboard.press('Enter')
      await told(asked, '다시 풀어 보거나')
      expect(await asked.locator('.reason:visible').count()).toBe(0)
    })
  })

  test('what is no number is no answer', async () => {
    await reading(FIRST, async page => {
      await field(page).fill('스물하나')
      await page.keyboard.press('Enter')
      await told(question(page, ID), '숫자로 적습니다.')
      expect(await question(page, ID).getAttribute('data-result')).toBeNull()
    })
  })
})

describe('steps to put in order', () => {
  const ID = 'open-to-close'

  const places = (page: Page): Promise<number[]> =>
    question(page, ID)
      .locator('.step')
      .evaluateAll(steps => steps.map(step => Number((step as HTMLElement).dataset['place'])))

  /** Brings every step up to its place with a way of moving one up by one. */
  async function sort(page: Page, moveUp: (step: Locator) => Promise<void>): Promise<void> {
    for (let wanted = 1; wanted <= 6; wanted++)
      for (let at = (await places(page)).indexOf(wanted); at >= wanted; at--)
        await moveUp(question(page, ID).locator(`.step[data-place="${wanted}"]`))
    expect(await places(page)).toEqual([1, 2, 3, 4, 5, 6])
  }

  test('begin in an order that is not the right one, and checked so are wrong with a reason each', async () => {
    await reading(FIRST, async page => {
      expect(await places(page)).not.toEqual([1, 2, 3, 4, 5, 6])
      const asked = question(page, ID)
      await asked.getByRole('button', { name: '확인하기' }).click()
      await told(asked, '틀렸습니다.')
      await expect.poll(() => asked.locator('.reason:visible').count()).toBe(6)
      await asked.getByRole('button', { name: '바른 순서로 놓기' }).click()
      expect(await places(page)).toEqual([1, 2, 3, 4, 5, 6])
      const begun = await remembersAndForgets(page, ID, '틀렸습니다.').then(() => places(page))
      expect(begun).not.toEqual([1, 2, 3, 4, 5, 6])
    })
  })

  test('by keyboard: moved with the arrows, the focus goes along and the place is told', async () => {
    await reading(FIRST, async page => {
      await sort(page, async step => {
        await step.getByRole('button', { name: /^위로/ }).focus()
        await page.keyboard.press('ArrowUp')
        expect(await page.evaluate(() => document.activeElement?.getAttribute('data-move'))).toBe('-1')
      })
      await told(question(page, ID), '6개 가운데')
      await question(page, ID).getByRole('button', { name: '확인하기' }).press('Enter')
      await told(question(page, ID), '맞혔습니다.')
      await remembersAndForgets(page, ID, '맞혔습니다.')
    })
  })

  test('by mouse: their buttons', async () => {
    await reading(FIRST, async page => {
      await sort(page, step => step.getByRole('button', { name: /^위로/ }).click())
      await question(page, ID).getByRole('button', { name: '확인하기' }).click()
      await told(question(page, ID), '맞혔습니다.')
    })
  })

  test('by mouse: dragged by the grip', async () => {
    await reading(FIRST, async page => {
      await sort(page, async step => {
        const above = step.locator('xpath=preceding-sibling::*[1]')
        await step.locator('.step-grip').hover()
        await page.mouse.down()
        const { x = 0, y = 0 } = (await above.boundingBox()) ?? {}
        await page.mouse.move(x + 40, y + 4, { steps: 4 })
        await page.mouse.up()
      })
    })
  })

  test('by touch: buttons tapped, and dragged by the grip', async () => {
    await reading(
      FIRST,
      async page => {
        const before = await places(page)
        await question(page, ID).locator('.step').nth(1).getByRole('button', { name: /^위로/ }).tap()
        expect(await places(page)).toEqual([before[1], before[0], ...before.slice(2)])
        const grip = (await question(page, ID).locator('.step-grip').nth(1).boundingBox()) ?? { x: 0, y: 0 }
        const target = (await question(page, ID).locator('.step').nth(0).boundingBox()) ?? { x: 0, y: 0 }
        const devtools = await page.context().newCDPSession(page)
        const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
          devtools.send('Input.dispatchTouchEvent', { type, touchPoints: points })
        const at = { x: grip.x + 8, y: grip.y + 12 }
        await touch('touchStart', [at])
        for (let step = 1; step <= 4; step++)
          await touch('touchMove', [{ x: at.x, y: at.y + ((target.y + 4 - at.y) * step) / 4 }])
        await touch('touchEnd', [])
        expect(await places(page)).toEqual(before)
      },
      { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } },
    )
  })
})

describe('bytes to find', () => {
  const ID = 'close-code-bytes'
  const byte = (page: Page, id: string, index: number) => question(page, id).locator(`[data-byte="${index}"]`)

  test('are those of the recording', async () => {
    await reading(FIRST, async page => {
      const shown = await question(page, ID).locator('[data-byte]').allTextContents()
      expect(shown.map(text => text.trim().slice(0, 2)).join(' ')).toBe('88 82 a7 aa ec 67 a4 42')
    })
  })

  test('by mouse: the wrong ones are named by their span, the answer only when asked for', async () => {
    await reading(FIRST, async page => {
      const asked = question(page, ID)
      await byte(page, ID, 5).click()
      await byte(page, ID, 2).click()
      await told(asked, '2–5번, 4바이트를 골랐습니다.')
      await asked.getByRole('button', { name: '확인하기' }).click()
      await told(asked, '틀렸습니다.')
      await asked.getByText('2–5번 바이트 · 마스킹 키.').waitFor()
      expect(await asked.locator('[data-answer]').count()).toBe(0)
      await asked.getByRole('button', { name: '답 보기' }).click()
      await asked.getByText('종료 코드: 6–7번 바이트').waitFor()
      await expect.poll(() => asked.locator('[data-answer]').count()).toBe(2)
      await remembersAndForgets(page, ID, '틀렸습니다.')
    })
  })

  test('by mouse: right has the sentence of the span and the reason of the author', async () => {
    await reading(FIRST, async page => {
      const asked = question(page, ID)
      for (const index of [6, 7]) await byte(page, ID, index).click()
      await asked.getByRole('button', { name: '확인하기' }).click()
      await told(asked, '맞혔습니다.')
      await asked.getByText('연결의 목적을 다 이루었습니다.').first().waitFor()
      await asked.getByText('1000은 16진수로 03 e8이지만').waitFor()
    })
  })

  test('by keyboard: arrows move, Shift and arrows pick, and no page is turned', async () => {
    await reading(HANDSHAKE, async page => {
      const asked = question(page, 'where-http-ends')
      await asked.locator('[data-byte]').first().focus()
      await page.keyboard.press('End')
      await page.keyboard.press('Shift+ArrowLeft')
      await told(asked, '163–164번, 2바이트를 골랐습니다.')
      await asked.getByRole('button', { name: '확인하기' }).press('Enter')
      await told(asked, '맞혔습니다.')
      expect(page.url()).toContain(HANDSHAKE)
      await remembersAndForgets(page, 'where-http-ends', '맞혔습니다.')
    })
  })

  test('by keyboard: Enter picks one, and the line end before the empty line is not it', async () => {
    await reading(HANDSHAKE, async page => {
      const asked = question(page, 'where-http-ends')
      await asked.locator('[data-byte="161"]').press('Enter')
      await asked.locator('[data-byte="162"]').press('Enter')
      await asked.getByRole('button', { name: '확인하기' }).press('Enter')
      await told(asked, '틀렸습니다.')
      await asked.getByText('161–162번 바이트 · 줄 끝.').waitFor()
    })
  })

  test('nothing picked is no answer', async () => {
    await reading(FIRST, async page => {
      await question(page, ID).getByRole('button', { name: '확인하기' }).click()
      await told(question(page, ID), '먼저 바이트를 고릅니다.')
    })
  })
})

describe('a section to read again', () => {
  test('is offered after an answer and leads there', async () => {
    await reading(HANDSHAKE, async page => {
      const link = question(page, 'after-101').getByRole('link', { name: '다시 읽기: 제안과 선택' })
      expect(await link.isVisible()).toBe(false)
      await question(page, 'after-101').locator('.option summary').first().click()
      await link.click()
      expect(decodeURIComponent(new URL(page.url()).hash)).toBe('#제안과-선택')
    })
  })
})

describe('without JavaScript', () => {
  test.each([FIRST, HANDSHAKE])(
    'every answer and reason of %s can be read, and nothing asks to be pressed in vain',
    async lesson => {
      await reading(
        lesson,
        async page => {
          const hidden = page.locator('[data-question] details')
          for (const summary of await page.locator('[data-question] details > summary').all())
            await summary.click()
          await expect.poll(() => hidden.count()).toBeGreaterThan(10)
          await expect
            .poll(() => page.locator('[data-question] .reason:not(.byte-picked):visible').count())
            .toBe(await page.locator('[data-question] .reason:not(.byte-picked)').count())
          expect(await page.locator('[data-question] button:visible:enabled').count()).toBe(0)
          expect(await page.locator('[data-question] form:visible').count()).toBe(0)
          for (const hint of await page.locator('.hint > summary').all()) await hint.click()
          await expect.poll(() => page.locator('.hint p:visible').count()).toBeGreaterThan(2)
        },
        { javaScriptEnabled: false },
      )
    },
  )
})

describe('axe', () => {
  test('has nothing to say of answered questions', { timeout: 120_000 }, async () => {
    const check = (page: Page, id: string) =>
      question(page, id).getByRole('button', { name: '확인하기' }).click()
    await reading(FIRST, async page => {
      await readThrough(page)
      expect(await axeFindings(page)).toEqual([])
      await question(page, 'when-to-send').locator('.option summary').first().click()
      await question(page, 'five-syllables').getByRole('textbox').fill('15')
      await check(page, 'five-syllables')
      await question(page, 'close-code-bytes').locator('[data-byte="2"]').click()
      for (const id of ['open-to-close', 'close-code-bytes']) await check(page, id)
      for (const button of await page.getByRole('button', { name: '답 보기' }).all()) await button.click()
      expect(await axeFindings(page)).toEqual([])
    })
    await reading(HANDSHAKE, async page => {
      await readThrough(page)
      for (const name of ['Host', 'User-Agent'])
        await question(page, 'required-fields').getByLabel(name).check()
      await check(page, 'required-fields')
      expect(await axeFindings(page)).toEqual([])
    })
  })
})
