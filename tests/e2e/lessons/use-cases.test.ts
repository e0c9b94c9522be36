import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readTold, type Told } from '#contract/gathering.ts'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { LabPage } from '../../support/lab-page.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'

type Said = Extract<Told, { number: number }>

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

/** The lab in a browser context of its own: another reader. */
async function reader(
  url = course.url,
  hash = '',
  watch: (page: Page) => unknown = () => {},
): Promise<{ page: Page; lab: LabPage }> {
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  watch(page)
  page.setDefaultTimeout(20_000)
  await page.goto(`${url}lessons/use-cases/${hash}`)
  const lab = new LabPage(page, 'use-cases')
  await lab.hydrated()
  await seat(lab, '가영').waitFor()
  return { page, lab }
}

const seat = (lab: LabPage, name: string): Locator => lab.plate.getByRole('region', { name, exact: true })
const choose = (lab: LabPage, name: string) => lab.plate.getByLabel(name, { exact: true }).check()
async function enter(lab: LabPage, name: string): Promise<void> {
  await seat(lab, name).getByRole('button', { name: '들어가기' }).click()
  await seat(lab, name).getByRole('button', { name: '나가기' }).waitFor()
}
async function say(lab: LabPage, name: string, text: string): Promise<void> {
  await seat(lab, name).getByLabel(`${name}의 말`).fill(text)
  await seat(lab, name).getByRole('button', { name: '말하기' }).click()
}
const room = () => `#room=${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`
const words = (lab: LabPage, name: string) => seat(lab, name).locator('.said li bdi').allTextContents()

describe('the chat', () => {
  /** A reader, and what was said to their browser, as its devtools protocol has it. */
  async function listener(hash: string) {
    const told: Said[] = []
    const { lab } = await reader(course.url, hash, page =>
      page.on('websocket', socket =>
        socket.on('framereceived', ({ payload }) => {
          if (!socket.url().includes('/lab/gathering')) return
          const words = readTold(payload.toString())
          if (words?.kind === 'say') told.push(words)
        }),
      ),
    )
    return { lab, told }
  }

  test('tells both seats what is said, who is there and who types, with its wire below', async () => {
    const { lab } = await reader()
    await lab.button('모두 들어가기').click()
    await seat(lab, '나준').getByText('가영, 나준').waitFor()
    await seat(lab, '가영').getByLabel('가영의 말').pressSequentially('안녕')
    await seat(lab, '나준').getByText('가영 입력 중').waitFor()
    await seat(lab, '가영').getByLabel('가영의 말').press('Enter')
    for (const name of ['가영', '나준']) await expect.poll(() => words(lab, name)).toEqual(['안녕'])
    await lab.plate.getByLabel('나준의 와이어').check()
    await lab.wireRows('server').filter({ hasText: '"say"' }).last().click()
    await lab.plate.locator('.anatomy').first().waitFor()
  })

  test('of two browsers for thirty seconds loses no message and keeps their order', async () => {
    const hash = room()
    const [one, other] = [await listener(hash), await listener(hash)]
    await enter(one.lab, '가영')
    await enter(other.lab, '나준')
    await seat(one.lab, '가영').getByText('가영, 나준').waitFor()
    const until = performance.now() + 30_000
    const sent = { 가영: 0, 나준: 0 }
    const talk = async (lab: LabPage, name: '가영' | '나준') => {
      while (performance.now() < until) {
        const before = ++sent[name]
        await say(lab, name, `${name} ${before}`)
        await expect
          .poll(async () => (await words(lab, name)).includes(`${name} ${before}`), { timeout: 10_000 })
          .toBe(true)
        // As fast as a reader may type.
        await lab.plate.page().waitForTimeout(400)
      }
    }
    await Promise.all([talk(one.lab, '가영'), talk(other.lab, '나준')])
    expect(Math.min(sent.가영, sent.나준)).toBeGreaterThan(20)
    // Whoever came later was told nothing of before: both have heard all of it.
    await expect.poll(() => one.told.length).toBe(sent.가영 + sent.나준)
    await expect.poll(() => other.told).toEqual(one.told)
    expect(one.told.map(({ number }) => number)).toEqual(one.told.map((_, index) => index + 1))
    for (const name of ['가영', '나준'] as const) {
      const own = one.told.flatMap(({ from, text }) => (from === name ? [text] : []))
      expect(own).toEqual(Array.from({ length: sent[name] }, (_, index) => `${name} ${index + 1}`))
    }
  }, 90_000)

  test('tells who comes back only what they have missed', async () => {
    const { lab } = await reader()
    await lab.button('모두 들어가기').click()
    await seat(lab, '나준').getByText('가영, 나준').waitFor()
    await say(lab, '가영', '하나')
    await expect.poll(() => words(lab, '나준')).toEqual(['하나'])
    await seat(lab, '나준').getByRole('button', { name: '나가기' }).click()
    await seat(lab, '나준').getByRole('button', { name: '들어가기' }).waitFor()
    await say(lab, '가영', '둘')
    await expect.poll(() => words(lab, '가영')).toEqual(['하나', '둘'])
    await enter(lab, '나준')
    await expect.poll(() => words(lab, '나준')).toEqual(['하나', '둘'])
    await lab.plate.getByLabel('나준의 와이어').check()
    await lab.wireRows('client').first().click()
    await expect.poll(async () => (await lab.headLines())[0]).toMatch(/&since=1[& ]/)
    expect(await lab.wireRows('server').filter({ hasText: '하나' }).count()).toBe(0)
  })

  test('shows what a stranger sends as text', async () => {
    const { lab } = await reader()
    await lab.button('모두 들어가기').click()
    await say(lab, '가영', '<img src=x onerror=alert(1)>')
    await expect.poll(() => words(lab, '나준')).toEqual(['<img src=x onerror=alert(1)>'])
    expect(await seat(lab, '나준').locator('img').count()).toBe(0)
  })
})

describe('the game', () => {
  const player = (lab: LabPage, of: string, number: number) =>
    seat(lab, of).locator(`g[data-player="${number}"]`)
  const x = async (lab: LabPage, of: string, number: number) =>
    Number(/translate\(([\d.]+)/.exec((await player(lab, of, number).getAttribute('transform')) ?? '')?.[1])

  test('moves by the arrows, in both seats, and the lesson stays where it is', async () => {
    const headings: string[] = []
    const { page, lab } = await reader(course.url, '', watched =>
      watched.on('websocket', socket =>
        socket.on('framesent', ({ payload }) => {
          if (socket.url().includes('/lab/arena')) headings.push(Buffer.from(payload).toString('hex'))
        }),
      ),
    )
    await choose(lab, '멀티플레이어 게임')
    await lab.button('모두 들어가기').click()
    // Until then players of the recording stand there.
    await lab.reach('live')
    await player(lab, '나준', 2).waitFor()
    const before = await x(lab, '나준', 1)
    await seat(lab, '가영').getByRole('application').focus()
    await page.keyboard.down('ArrowRight')
    await expect.poll(() => x(lab, '나준', 1)).toBeGreaterThan(before + 100)
    await page.keyboard.up('ArrowRight')
    await expect.poll(async () => (await x(lab, '가영', 1)) === (await x(lab, '나준', 1))).toBe(true)
    expect(page.url()).toContain('/lessons/use-cases/')
    expect(headings).toEqual(['0100', '0000'])
  })

  test('of two browsers for thirty seconds is the same for both, tick by tick', async () => {
    const hash = room()
    const watch = async () => {
      const ticks: string[] = []
      const { page, lab } = await reader(course.url, hash, watched =>
        watched.on('websocket', socket =>
          socket.on('framereceived', ({ payload }) => {
            if (typeof payload !== 'string' && socket.url().includes('/lab/arena'))
              ticks.push(payload.toString('hex'))
          }),
        ),
      )
      await choose(lab, '멀티플레이어 게임')
      return { page, lab, ticks }
    }
    const [one, other] = [await watch(), await watch()]
    await enter(one.lab, '가영')
    await enter(other.lab, '나준')
    await player(one.lab, '가영', 2).waitFor()
    const keys = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']
    await seat(one.lab, '가영').getByRole('application').focus()
    await seat(other.lab, '나준').getByRole('application').focus()
    const until = performance.now() + 30_000
    for (let turn = 0; performance.now() < until; turn++) {
      for (const [index, { page }] of [one, other].entries())
        await page.keyboard.press(keys[(turn + index) % 4] ?? '', { delay: 300 })
    }
    // The number of the player whose snapshot it is comes between the tick and the places.
    const games = [one, other].map(
      ({ ticks }) => new Map(ticks.map(hex => [Number.parseInt(hex.slice(0, 8), 16), hex.slice(10)])),
    )
    const [mine, theirs] = games
    const both = [...(mine?.keys() ?? [])].filter(tick => theirs?.has(tick))
    expect(both.length).toBeGreaterThan(400)
    for (const tick of both) expect(mine?.get(tick)).toBe(theirs?.get(tick))
    for (const game of games) {
      const ticks = [...game.keys()]
      expect(ticks).toEqual(ticks.map((_, index) => (ticks[0] ?? 0) + index))
    }
    expect(new Set(both.map(tick => mine?.get(tick))).size).toBeGreaterThan(20)
  }, 90_000)

  test('draws later when there is a delay, and sends later too', async () => {
    const { page, lab } = await reader()
    await choose(lab, '멀티플레이어 게임')
    await lab.button('모두 들어가기').click()
    // Until then players of the recording stand there.
    await lab.reach('live')
    await player(lab, '나준', 2).waitFor()
    await seat(lab, '나준').getByRole('slider').fill('500')
    const before = await x(lab, '나준', 1)
    await seat(lab, '가영').getByRole('application').focus()
    await page.keyboard.down('ArrowRight')
    await expect.poll(() => x(lab, '가영', 1)).toBeGreaterThan(before + 60)
    expect(await x(lab, '나준', 1)).toBeLessThan((await x(lab, '가영', 1)) - 30)
    await page.keyboard.up('ArrowRight')
  })
})

test('a post of the feed comes to everybody, and so does a notice, and that it was read', async () => {
  const { lab } = await reader()
  await choose(lab, '라이브 피드')
  await lab.button('모두 들어가기').click()
  await seat(lab, '가영').getByRole('button', { name: '올리기' }).click()
  await seat(lab, '나준').getByText('속보: 첫눈이 내립니다').waitFor()
  await choose(lab, '알림')
  await lab.button('모두 들어가기').click()
  await seat(lab, '휴대 전화').getByRole('button', { name: '알림 하나 만들기' }).click()
  await seat(lab, '노트북').getByText('읽지 않음 1').waitFor()
  await seat(lab, '휴대 전화').getByRole('button', { name: /읽기$/ }).click()
  await expect.poll(() => seat(lab, '노트북').getByRole('status').textContent()).toBe('읽지 않음 0')
})

test('the market tells one everything, and the other the latest in far fewer messages', async () => {
  const { lab } = await reader()
  await choose(lab, '시세판')
  await lab.button('모두 들어가기').click()
  const messages = async (name: string) =>
    Number((await seat(lab, name).locator('[data-messages]').textContent())?.replaceAll(',', ''))
  await expect.poll(() => messages('모두 받기'), { timeout: 20_000 }).toBeGreaterThan(100)
  expect(await messages('솎아서 받기')).toBeLessThan((await messages('모두 받기')) / 5)
  await seat(lab, '솎아서 받기').locator('canvas').waitFor()
})

test('the dashboard shows what the sandbox really holds', async () => {
  const { lab } = await reader()
  await choose(lab, '모니터링')
  await lab.button('모두 들어가기').click()
  const figure = (name: string) =>
    seat(lab, '관리자').locator('dl div', { hasText: name }).locator('dd').textContent()
  await expect.poll(() => figure('웹소켓')).toMatch(/^[1-9]/)
  await expect.poll(() => figure('메모리')).toMatch(/^\d[\d.]* MiB$/)
  await lab.wireRows('server').filter({ hasText: '"connections"' }).first().waitFor()
})

test('the address of a room leads another reader into it', async () => {
  const { page, lab } = await reader()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await lab.button('이 방의 주소 복사하기').click()
  await lab.button('복사했습니다').waitFor()
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()))
  await enter(lab, '가영')
  const other = await reader(course.url, link.hash)
  await enter(other.lab, '나준')
  await expect.poll(() => seat(lab, '가영').locator('.people').textContent()).toContain('가영, 나준')
})

test('without a sandbox every demo shows what was recorded', async () => {
  const host = await serveFolder(await builtSite())
  try {
    const { lab } = await reader(host.url)
    await lab.button('모두 들어가기').click()
    await lab.reach('absent')
    await seat(lab, '나준').getByText('어디까지 왔어요?').waitFor()
    await choose(lab, '라이브 피드')
    await seat(lab, '가영').getByText('사진도 있습니다').waitFor()
    await choose(lab, '멀티플레이어 게임')
    await seat(lab, '가영').locator('g[data-player="2"]').waitFor()
    await choose(lab, '알림')
    await seat(lab, '노트북').getByText('읽음', { exact: true }).waitFor()
    await choose(lab, '시세판')
    await expect.poll(() => seat(lab, '모두 받기').locator('[data-messages]').textContent()).toMatch(/^\d+$/)
    await choose(lab, '모니터링')
    await expect.poll(() => seat(lab, '관리자').textContent()).toContain('MiB')
  } finally {
    await host.stop()
  }
})
