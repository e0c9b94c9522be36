import { globSync, readFileSync } from 'node:fs'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, launchProfile } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { LabPage } from '../support/lab-page.ts'
import { axeFindings, drawn, openOption, question, questionsReady, readThrough } from '../support/reader.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'

const FIRST = 'lessons/first-connection/'
const HANDSHAKE = 'lessons/handshake/'
/** How many there are to read. */
const LESSON_FILES = globSync('src/content/lessons/**/*.mdx').toSorted()
const LESSONS = LESSON_FILES.length
const LAST_LESSON = /\d+-([a-z-]+)\.mdx$/.exec(LESSON_FILES.at(-1) ?? '')?.[1] ?? ''
const NOTICE = '[data-progress-notice]'

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

/** A reader with a browser of their own. */
async function reader(
  act: (page: Page, context: BrowserContext) => Promise<unknown>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  await act(await context.newPage(), context)
  await context.close()
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(course.url + path)
  if (path.startsWith('lessons/')) await questionsReady(page)
}

/** Puts entries into local storage as another visit would have left them. */
async function leave(page: Page, entries: Readonly<Record<string, string>>): Promise<void> {
  await page.goto(`${course.url}not-there/`)
  await page.evaluate(all => {
    for (const [name, text] of Object.entries(all)) localStorage.setItem(name, text)
  }, entries)
}

function stored(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => Object.fromEntries(Object.entries(localStorage)))
}

async function result(page: Page, id: string): Promise<string | null> {
  return question(page, id).getAttribute('data-result')
}

/** Answers every question of the handshake lesson, the first wrong and the others right. */
async function answerHandshake(page: Page): Promise<void> {
  await open(page, HANDSHAKE)
  await openOption(page, 'after-101', 'wrong')
  for (const id of ['unoffered', 'version-eight']) await openOption(page, id, 'right')
  for (const name of ['Host', 'Sec-WebSocket-Key', 'Origin'])
    await question(page, 'required-fields').getByLabel(name).check()
  for (const index of [163, 164])
    await question(page, 'where-http-ends').locator(`[data-byte="${index}"]`).click()
  for (const id of ['required-fields', 'where-http-ends'])
    await question(page, id).getByRole('button', { name: '확인하기' }).click()
}

describe('an answer', () => {
  test('survives a reload and a new page', async () => {
    await reader(async (page, context) => {
      await open(page, HANDSHAKE)
      await openOption(page, 'after-101', 'wrong')
      await page.reload()
      await questionsReady(page)
      expect(await result(page, 'after-101')).toBe('wrong')
      const other = await context.newPage()
      await open(other, HANDSHAKE)
      expect(await result(other, 'after-101')).toBe('wrong')
    })
  })

  test('of an older version of the course is shown, judged and kept in the new form', async () => {
    await reader(async page => {
      await leave(page, {
        'websocket-anatomy:quiz': '{"handshake/after-101":"1","handshake/unoffered":"0"}',
        'websocket-anatomy:predictions': '{"first-connection/hello-bytes":"10"}',
        'websocket-anatomy:missions': '{"first-connection/nine-bytes":"passed"}',
      })
      await open(page, HANDSHAKE)
      expect([await result(page, 'after-101'), await result(page, 'unoffered')]).toEqual(['wrong', 'right'])
      await open(page, FIRST)
      await page.getByText('실제보다 2바이트 적게 잡았습니다.').waitFor()
      await page.getByText('전에 통과한 미션입니다.').waitFor()
      const names = Object.keys(await stored(page))
      expect(names.filter(name => !name.startsWith('websocket-anatomy:2:'))).toEqual([])
      expect(await page.locator(NOTICE).isVisible()).toBe(false)
      await open(page, 'review/')
      await page.getByText('복습할 문제가 1개 있습니다.').waitFor()
    })
  })
})

describe('two tabs', () => {
  test('that answer different questions keep both answers, and show each other’s', async () => {
    await reader(async (a, context) => {
      const b = await context.newPage()
      await open(a, HANDSHAKE)
      await open(b, HANDSHAKE)
      await a.bringToFront()
      await openOption(a, 'after-101', 'wrong')
      await openOption(b, 'unoffered', 'right')
      for (const tab of [a, b]) {
        await question(tab, 'after-101').locator('xpath=self::*[@data-result="wrong"]').waitFor()
        await question(tab, 'unoffered').locator('xpath=self::*[@data-result="right"]').waitFor()
      }
      await a.reload()
      await questionsReady(a)
      expect([await result(a, 'after-101'), await result(a, 'unoffered')]).toEqual(['wrong', 'right'])
    })
  })

  test('agree when one of them resets', async () => {
    await reader(async (a, context) => {
      const b = await context.newPage()
      await open(a, HANDSHAKE)
      await openOption(a, 'after-101', 'wrong')
      await open(b, 'progress/')
      await b.getByRole('button', { name: '모두 지우기' }).click()
      await b.getByRole('dialog').getByRole('button', { name: '모두 지우기' }).click()
      await question(a, 'after-101').locator('xpath=self::*[not(@data-result)]').waitFor()
      await b.getByRole('button', { name: '되돌리기' }).click()
      await question(a, 'after-101').locator('xpath=self::*[@data-result="wrong"]').waitFor()
      expect(await result(a, 'after-101')).toBe('wrong')
    })
  })
})

describe('a browser that does not keep', () => {
  test('with storage blocked: everything works in memory, said once, and not before there is something to keep', async () => {
    const context = await launchProfile({ profile: { default_content_setting_values: { cookies: 2 } } })
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', error => errors.push(error.message))
    await open(page, HANDSHAKE)
    await expect(stored(page)).rejects.toThrow('Access is denied')
    await page.locator('lesson-standing').scrollIntoViewIfNeeded()
    expect(await page.locator(NOTICE).isVisible()).toBe(false)
    await openOption(page, 'after-101', 'wrong')
    await page.getByText('이 브라우저가 저장을 막아 두어').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '파일로 내보내기' }).click(),
    ])
    expect(readFileSync(await download.path(), 'utf8')).toContain('question:handshake/after-101')
    await page.locator(NOTICE).getByRole('button', { name: '닫기' }).click()
    await openOption(page, 'unoffered', 'right')
    expect(await page.locator(NOTICE).isVisible()).toBe(false)
    await page.getByText('확인 문제 5개 가운데 2개에 답했습니다.').waitFor()
    await open(page, 'progress/')
    await page.getByText('이 브라우저가 저장을 막아 두어').waitFor()
    expect(errors).toEqual([])
    await context.close()
  })

  test('with storage full: the answer counts here, is told to be lost, and is kept once there is room', async () => {
    await reader(async page => {
      await open(page, HANDSHAKE)
      await page.evaluate(() => {
        let size = 4_000_000
        let text = ''
        while (size >= 1)
          try {
            localStorage.setItem('other', text + 'x'.repeat(size))
            text += 'x'.repeat(size)
          } catch {
            size = Math.floor(size / 2)
          }
      })
      await openOption(page, 'after-101', 'wrong')
      await page.getByText('브라우저의 저장 공간이 가득 차').waitFor()
      await expect
        .poll(() => page.locator(NOTICE).getByRole('button', { name: '파일로 내보내기' }).isVisible())
        .toBe(true)
      expect(Object.keys(await stored(page)).some(name => name.includes('after-101'))).toBe(false)
      await page.evaluate(() => localStorage.removeItem('other'))
      await openOption(page, 'unoffered', 'right')
      await page.reload()
      await questionsReady(page)
      expect([await result(page, 'after-101'), await result(page, 'unoffered')]).toEqual(['wrong', 'right'])
    })
  })
})

describe('a corrupted store', () => {
  test('is told, set aside, spares the rest, and can be downloaded and thrown away', async () => {
    await reader(async page => {
      await leave(page, {
        'websocket-anatomy:2:question:handshake/after-101': '{"at":',
        'websocket-anatomy:2:question:handshake/unoffered': '{"at":5,"answer":"0"}',
        'websocket-anatomy:missions': 'passed',
      })
      await open(page, HANDSHAKE)
      await page.locator(NOTICE).getByText('읽을 수 없는 것이 2개').waitFor()
      expect([await result(page, 'after-101'), await result(page, 'unoffered')]).toEqual([null, 'right'])
      await page.reload()
      await questionsReady(page)
      expect(await page.locator(NOTICE).isVisible()).toBe(false)
      await page.goto(`${course.url}progress/`)
      await page.getByText('읽을 수 없는 기록 2개').waitFor()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: '파일로 내려받기' }).click(),
      ])
      expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toEqual({
        'websocket-anatomy:2:question:handshake/after-101': '{"at":',
        'websocket-anatomy:missions': 'passed',
      })
      await page.getByRole('button', { name: '버리기' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '버리기' }).click()
      await page.getByText('읽을 수 없는 기록').waitFor({ state: 'hidden' })
      expect(Object.keys(await stored(page)).filter(name => name.includes('damaged'))).toEqual([])
    })
  })
})

describe('내 진도', () => {
  const row = (page: Page, lesson: string) => page.locator(`[data-row="${lesson}"]`)

  async function choose(page: Page, name: string, content: string): Promise<void> {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: '파일에서 가져오기' }).click(),
    ])
    await chooser.setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) })
  }

  async function exported(page: Page): Promise<string> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '파일로 내보내기' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^websocket-anatomy-progress-\d{4}-\d\d-\d\d\.json$/)
    return readFileSync(await download.path(), 'utf8')
  }

  test('shows the whole map: what is read, answered, right and passed', async () => {
    await reader(async page => {
      await answerHandshake(page)
      await page.locator('lesson-standing').scrollIntoViewIfNeeded()
      await page.getByText('이 장을 읽었습니다.').waitFor()
      await open(page, 'progress/')
      await expect
        .poll(() => row(page, 'handshake').innerText())
        .toMatch(
          /2-1 핸드셰이크\s+읽음 · 남은 미션 1[\s\S]*확인 문제 5개 가운데 5개에 답함 · 맞힘 4개 · 미션 1개 가운데 0개 통과/,
        )
      await expect.poll(() => row(page, 'first-connection').innerText()).toContain('5개 가운데 0개에 답함')
      await page.getByText(`장 ${LESSONS}개 가운데 1개를 읽었습니다. 확인 문제 5개에 답하고`).waitFor()
    })
  })

  test('says without JavaScript what there is to do, and nothing of what was done', async () => {
    await reader(
      async page => {
        await open(page, 'progress/')
        const text = await page.locator('main').innerText()
        expect(text).toContain('스크립트가 꺼져 있습니다')
        await expect
          .poll(() => row(page, 'handshake').innerText())
          .toMatch(/^2-1 핸드셰이크\s+확인 문제 5개, 미션 1개$/)
        expect(text).not.toContain('가운데')
        expect(await page.getByRole('button', { name: /내보내기|지우기/ }).count()).toBe(0)
      },
      { javaScriptEnabled: false },
    )
  })

  test('resets one lesson after asking, and takes it back', async () => {
    await reader(async page => {
      await answerHandshake(page)
      await open(page, FIRST)
      await openOption(page, 'when-to-send', 'right')
      await open(page, 'progress/')
      await row(page, 'handshake').getByRole('button', { name: '이 장 지우기' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '그만두기' }).click()
      await expect.poll(() => row(page, 'handshake').innerText()).toContain('5개에 답함')
      await row(page, 'handshake').getByRole('button', { name: '이 장 지우기' }).press('Enter')
      await page.getByRole('dialog').getByRole('button', { name: '지우기', exact: true }).press('Enter')
      await page.getByText('‘2-1 핸드셰이크’의 진도를 지웠습니다.').waitFor()
      await expect.poll(() => row(page, 'handshake').innerText()).toContain('0개에 답함')
      await expect.poll(() => row(page, 'first-connection').innerText()).toContain('1개에 답함')
      // The focus is where the way back is.
      await page.keyboard.press('Enter')
      await page.getByText('되돌렸습니다.').waitFor()
      await expect.poll(() => row(page, 'handshake').innerText()).toContain('5개에 답함')
    })
  })

  test('asks anew as often as it likes: what was answered before does not answer what is asked now', async () => {
    await reader(async page => {
      await open(page, FIRST)
      await openOption(page, 'when-to-send', 'right')
      await open(page, 'progress/')
      // In one task: a dialog tells only in the next frame that it was closed.
      await page.evaluate(() => {
        const press = (selector: string) => document.querySelector<HTMLElement>(selector)?.click()
        const dialog = document.querySelector<HTMLDialogElement>('[data-ask]')
        const reset = '[data-row=first-connection] [data-reset]'
        press(reset)
        press('[data-ask] [value=no]')
        press(reset)
        dialog?.close()
        press('[data-reset-all]')
      })
      await drawn(page)
      await page.getByRole('dialog').getByRole('button', { name: '모두 지우기' }).click()
      await page.getByText('모든 진도를 지웠습니다.').waitFor()
      expect(await page.getByRole('dialog').count()).toBe(0)
      await page.getByRole('button', { name: '되돌리기' }).click()
      await page.getByText('되돌렸습니다.').waitFor()
      // Both closed within a frame: the yes to the one is none to the other.
      await page.evaluate(() => {
        const press = (selector: string) => document.querySelector<HTMLElement>(selector)?.click()
        press('[data-reset-all]')
        press('[data-ask] [value=no]')
        press('[data-row=first-connection] [data-reset]')
        press('[data-ask] [value=yes]')
      })
      await page.getByText(/첫 연결’의 진도를 지웠습니다\./).waitFor()
      await drawn(page)
      await page.getByRole('button', { name: '되돌리기' }).click()
      await page.getByText('되돌렸습니다.').waitFor()
      await expect.poll(() => row(page, 'first-connection').innerText()).toContain('1개에 답함')
    })
  })

  test('goes to another browser as a file: replaced or merged there, and taken back', async () => {
    let file = ''
    await reader(async page => {
      await answerHandshake(page)
      await open(page, 'progress/')
      file = await exported(page)
    })
    await reader(async page => {
      await open(page, FIRST)
      await openOption(page, 'when-to-send', 'right')
      await open(page, 'progress/')
      const answered = () =>
        Promise.all(
          ['first-connection', 'handshake'].map(
            async lesson => /가운데 (\d)개에 답함/.exec(await row(page, lesson).innerText())?.[1],
          ),
        )
      for (const [button, expected] of [
        ['합치기', ['1', '5']],
        ['바꾸기', ['0', '5']],
      ] as const) {
        await choose(page, 'progress.json', file)
        await page.getByRole('dialog').getByText('내보낸 파일이고').waitFor()
        await page.getByRole('button', { name: button }).click()
        await expect.poll(answered).toEqual(expected)
        await page.getByRole('button', { name: '되돌리기' }).click()
        await expect.poll(answered).toEqual(['1', '0'])
      }
      await choose(page, 'progress.json', file)
      await page.getByRole('button', { name: '합치기' }).click()
      await open(page, HANDSHAKE)
      expect([await result(page, 'after-101'), await result(page, 'where-http-ends')]).toEqual([
        'wrong',
        'right',
      ])
    })
  })

  test.each([
    ['a picture', 'cat.json', '\u0089PNG', 'JSON으로 읽을 수 없는 파일입니다.'],
    ['another file', 'package.json', '{"name":"x"}', '이 강의의 진도 파일이 아닙니다.'],
    [
      'a damaged one',
      'progress.json',
      '{"format":"websocket-anatomy-progress","version":2,"savedAt":"2026-11-03T00:00:00.000Z","records":{"x":1}}',
      '파일이 손상되었습니다.',
    ],
    [
      'a newer one',
      'progress.json',
      '{"format":"websocket-anatomy-progress","version":9}',
      '더 새로운 버전에서 내보낸 파일입니다.',
    ],
    ['a huge one', 'huge.json', ' '.repeat(1_500_000), '파일이 너무 커서'],
  ])('refuses %s with a sentence, and changes nothing', async (_, name, content, sentence) => {
    await reader(async page => {
      await open(page, HANDSHAKE)
      await openOption(page, 'after-101', 'wrong')
      await page.goto(`${course.url}progress/`)
      const before = await stored(page)
      await choose(page, name, content)
      await page.getByRole('alert').getByText(sentence).waitFor()
      await page.getByText('지금 진도는 그대로입니다.').waitFor()
      expect(await page.getByRole('dialog').count()).toBe(0)
      expect(await stored(page)).toEqual(before)
    })
  })
})

describe('marks and the way on', () => {
  test('a lesson is begun with its first section, read with its end and every answer, and done with its mission', async () => {
    await reader(
      async page => {
        const mark = (lesson: string) => page.locator(`.chapters [data-mark="${lesson}"]`)
        await page.goto(course.url + FIRST)
        await page
          .locator('.chapters [data-mark="first-connection"][data-state="new"]')
          .waitFor({ state: 'attached' })
        await open(page, FIRST)
        await expect.poll(() => mark('first-connection').textContent()).toBe('진행 중')
        for (const id of ['when-to-send', 'queued-or-delivered']) await openOption(page, id, 'right')
        await question(page, 'five-syllables').getByRole('textbox').fill('5')
        await page.keyboard.press('Enter')
        await question(page, 'close-code-bytes').locator('[data-byte="0"]').click()
        for (const id of ['open-to-close', 'close-code-bytes'])
          await question(page, id).getByRole('button', { name: '확인하기' }).click()
        await page.locator('lesson-standing').scrollIntoViewIfNeeded()
        await expect.poll(() => mark('first-connection').textContent()).toBe('읽음 · 남은 미션 1')
        await page.getByText('틀렸던 문제 3개는 복습에서 다시 묻습니다.').waitFor()
        const lab = new LabPage(page, 'first-connection')
        await lab.hydrated()
        await lab.button('연결하기').click()
        await lab.reach('live')
        await lab.sendText('고마워')
        await expect.poll(() => mark('first-connection').textContent()).toBe('읽음')
      },
      { viewport: { width: 1440, height: 900 } },
    )
  })

  test('home goes on in the section where the reader was, then with the next lesson', async () => {
    await reader(async page => {
      const resume = page.locator('[data-resume]')
      await page.goto(course.url)
      expect((await resume.textContent())?.trim()).toBe('1-1 첫 연결부터 읽기')
      await page.goto(course.url + HANDSHAKE)
      await page.locator('#요청을-한-줄씩').evaluate(heading => heading.scrollIntoView())
      await expect
        .poll(async () => Object.keys(await stored(page)).join())
        .toContain('place:handshake/section')
      await page.goto(course.url)
      await expect.poll(() => resume.textContent()).toBe('이어서 읽기: 2-1 핸드셰이크 · 요청을 한 줄씩')
      await resume.click()
      expect(decodeURIComponent(page.url())).toBe(`${course.url}${HANDSHAKE}#요청을-한-줄씩`)
      await open(page, FIRST)
      await leave(page, { 'websocket-anatomy:2:mark:first-connection/read': '{"at":1}' })
      await page.goto(course.url)
      await expect.poll(() => resume.textContent()).toBe('이어서 읽기: 1-2 왜 웹소켓인가')
      await expect
        .poll(() => page.locator('.map-row [data-mark="first-connection"]').textContent())
        .toBe('읽음 · 남은 미션 1')
    })
  })

  test('without anything left it offers the beginning', async () => {
    await reader(async page => {
      await leave(page, {
        [`websocket-anatomy:2:place:${LAST_LESSON}/section`]: '{"at":1,"answer":"규칙","title":"규칙"}',
        [`websocket-anatomy:2:mark:${LAST_LESSON}/read`]: '{"at":1}',
      })
      await page.goto(course.url)
      expect((await page.locator('[data-resume]').textContent())?.trim()).toBe('1-1 첫 연결부터 읽기')
    })
  })
})

describe('review', () => {
  test('asks what was missed until it is right, the next day again, and leads to the lesson', async () => {
    await reader(async (page, context) => {
      await context.clock.setFixedTime(new Date(2026, 10, 2, 20, 0))
      await open(page, HANDSHAKE)
      await openOption(page, 'after-101', 'wrong')
      await openOption(page, 'unoffered', 'right')
      await open(page, FIRST)
      await question(page, 'five-syllables').getByRole('textbox').fill('15')
      await page.keyboard.press('Enter')

      await page.goto(course.url)
      await page.getByRole('link', { name: '복습할 문제 2개' }).click()
      await page.getByText('복습할 문제가 2개 있습니다.').waitFor()
      expect(await result(page, 'after-101')).toBeNull()
      await openOption(page, 'after-101', 'wrong')
      await page.getByRole('button', { name: '다음 문제' }).click()
      await question(page, 'five-syllables').getByRole('textbox').fill('21')
      await page.keyboard.press('Enter')
      await question(page, 'five-syllables').getByText('맞혔습니다.').waitFor()
      // The one missed again comes round again.
      await page.getByRole('button', { name: '다음 문제' }).click()
      await openOption(page, 'after-101', 'right')
      const reread = question(page, 'after-101').getByRole('link', { name: '다시 읽기' })
      expect(new URL((await reread.getAttribute('href')) ?? '', page.url()).pathname).toBe(`/${HANDSHAKE}`)
      await page.getByRole('button', { name: '마치기' }).click()
      await page.getByText('지금 복습할 문제가 없습니다. 11월 3일부터 2개를 다시 묻습니다.').waitFor()

      await context.clock.setFixedTime(new Date(2026, 10, 3, 7, 0))
      await page.reload()
      await page.getByText('복습할 문제가 2개 있습니다.').waitFor()
      await page.locator('[data-from]').click()
      await page.waitForURL(/lessons\/.*#question-/)
    })
  })

  test('takes a question that its lesson no longer asks out of the deck, and says so', async () => {
    await reader(async page => {
      await leave(page, {
        'websocket-anatomy:2:question:handshake/removed':
          '{"at":1,"answer":"k1","right":false,"round":0,"due":1}',
        'websocket-anatomy:2:question:removed-lesson/x':
          '{"at":1,"answer":"k1","right":false,"round":0,"due":2}',
      })
      await page.goto(`${course.url}review/`)
      await page.getByText('강의에서 빠진 문제 2개는 더 묻지 않습니다.').waitFor()
      await page.reload()
      await page.getByText('지금 복습할 문제가 없습니다.').waitFor()
      expect(await page.getByText('강의에서 빠진').count()).toBe(0)
    })
  })

  test('says when a lesson cannot be reached, and tries again when asked', async () => {
    await reader(async (page, context) => {
      await open(page, HANDSHAKE)
      await openOption(page, 'after-101', 'wrong')
      await page.goto(`${course.url}not-there/`)
      await context.route('**/lessons/handshake/', route => route.abort())
      await page.goto(`${course.url}review/`)
      await page.getByText('문제가 있는 장을 불러오지 못했습니다.').waitFor()
      await context.unroute('**/lessons/handshake/')
      await page.getByRole('button', { name: '다시 불러오기' }).click()
      await page.getByText('복습할 문제가 1개 있습니다.').waitFor()
      await expect.poll(() => question(page, 'after-101').count()).toBe(1)
    })
  })
})

describe('axe', () => {
  test('has nothing to say of notice, dialog, map and review', { timeout: 120_000 }, async () => {
    await reader(async page => {
      await leave(page, { 'websocket-anatomy:2:question:handshake/unoffered': '{' })
      await open(page, HANDSHAKE)
      await page.locator(NOTICE).waitFor()
      await openOption(page, 'after-101', 'wrong')
      await readThrough(page)
      expect(await axeFindings(page)).toEqual([])
      await page.goto(`${course.url}progress/`)
      await page.getByText('읽을 수 없는 기록 1개').waitFor()
      expect(await axeFindings(page)).toEqual([])
      await page.getByRole('button', { name: '이 장 지우기' }).click()
      expect(await axeFindings(page)).toEqual([])
      await page.getByRole('button', { name: '지우기', exact: true }).click()
      await page.getByRole('button', { name: '되돌리기' }).click()
      expect(await axeFindings(page)).toEqual([])
      await page.goto(`${course.url}review/`)
      await openOption(page, 'after-101', 'right')
      expect(await axeFindings(page)).toEqual([])
    })
  })
})
