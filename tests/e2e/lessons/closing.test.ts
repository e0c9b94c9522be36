import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { LabPage } from '../../support/lab-page.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'
import { listenToCloses } from '../../support/told-scripts.ts'
import { relayTo, type WireRelay } from '../../support/wire-relay.ts'

let browser: Browser
let course: RunningCourse
let relay: WireRelay
let page: Page
let lab: LabPage
let told: Awaited<ReturnType<typeof listenToCloses>>

beforeAll(async () => {
  course = await startCourse(await builtSite())
  relay = await relayTo(course.url)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await relay?.stop()
  await course?.stop()
})
beforeEach(async () => {
  page = await browser.newPage()
  told = await listenToCloses(page)
  await page.goto(`${relay.url}lessons/closing/`)
  lab = new LabPage(page, 'closing')
  await lab.hydrated()
})
afterEach(() => page.close())

const account = (name: string) =>
  lab.plate.locator('.account > div', { has: page.locator('dt', { hasText: name }) }).locator('dd')

/** On a busy machine a connection takes its time. */
const PATIENT = { timeout: 15_000 }

/** Close frames begin with this byte, whoever sends them. */
const CLOSE = 0x88

/** The last frame that the relay saw the server write. */
function lastServerBytes(path: string, length: number): Buffer {
  const connection = relay.connections(path).at(-1)
  if (connection === undefined) throw new Error(`nothing went to ${path}`)
  return connection.server.subarray(connection.server.length - length)
}

/** Has the server, which the page plays, close with that. */
async function serverCloses(code: string, reason = ''): Promise<void> {
  await lab.plate.getByLabel('누가 어떻게 끝냅니까').selectOption('server-close')
  await lab.plate.getByLabel('코드', { exact: true }).fill(code)
  if (code !== '') await lab.plate.getByLabel('이유', { exact: true }).fill(reason)
  const before = (await told('/lab/played')).length
  await lab.button('연결하고 끝내기').click()
  await expect.poll(async () => (await told('/lab/played')).length, PATIENT).toBe(before + 1)
  await lab.reach('ended')
}

describe('what the server says is on the wire, and what the browser told JavaScript is beside it', () => {
  test('for every code that a server may send', { timeout: 120_000 }, async () => {
    for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 4999]) {
      await serverCloses(String(code), '까닭')
      const heard = (await told('/lab/played')).at(-1)
      expect(heard).toMatchObject({ code, reason: '까닭', wasClean: true })
      await expect
        .poll(() => account('자바스크립트가 들은 것').textContent(), PATIENT)
        .toBe(`code ${heard?.code} · "${heard?.reason}" · wasClean ${heard?.wasClean}`)
      const expected = Buffer.concat([Buffer.from([CLOSE, 8, code >> 8, code & 0xff]), Buffer.from('까닭')])
      expect(lastServerBytes('/lab/played', expected.length)).toEqual(expected)
      await lab.wireRows('server').last().click()
      expect(Buffer.from(await lab.gridBytes())).toEqual(expected)
    }
  })

  test('a Close without a code is two bytes, and 1005 to JavaScript', async () => {
    await serverCloses('')
    expect((await told('/lab/played')).at(-1)).toMatchObject({ code: 1005, wasClean: true })
    expect(lastServerBytes('/lab/played', 2)).toEqual(Buffer.from([CLOSE, 0]))
    await expect.poll(() => account('서버의 종료 프레임').textContent(), PATIENT).toBe('코드 없음')
    await expect.poll(() => account('자바스크립트가 들은 것').textContent(), PATIENT).toContain('code 1005')
  })

  test.each(['1005', '1006', '1015'])('%s, which must not be sent, fails the connection', async code => {
    await serverCloses(code)
    expect((await told('/lab/played')).at(-1)).toMatchObject({ code: 1006, wasClean: false })
    await expect.poll(() => account('클라이언트의 종료 프레임').textContent(), PATIENT).toContain('1002')
    await lab.plate.getByText('이 브라우저도 그렇게 했습니다').waitFor()
  })

  test('a code that nobody has defined is said to break a rule, and to be taken all the same by this browser', async () => {
    await serverCloses('5000')
    expect((await told('/lab/played')).at(-1)).toMatchObject({ code: 5000, wasClean: true })
    await lab.plate.getByText('이 브라우저는 그러지 않고 받아들였습니다').waitFor()
  })
})

test.each([
  ['server-fin', '서버의 FIN, 클라이언트의 FIN'],
  ['server-rst', '서버가 소켓을 버림'],
])('after %s JavaScript is told 1006 although nobody said Close', async (way, socket) => {
  await lab.plate.getByLabel('누가 어떻게 끝냅니까').selectOption(way)
  await lab.button('연결하고 끝내기').click()
  await expect.poll(() => told('/lab/played'), PATIENT).toMatchObject([{ code: 1006, wasClean: false }])
  await expect.poll(() => account('TCP').textContent(), PATIENT).toBe(socket)
  await expect.poll(() => account('서버의 종료 프레임').textContent(), PATIENT).toBe('없음')
  await expect.poll(() => account('클라이언트의 종료 프레임').textContent()).toBe('없음')
  await page.locator('#mission-silent-1006[data-state="passed"]').waitFor()
})

test('a 1006 that the server wrote does not pass for one that nobody sent', async () => {
  await serverCloses('1006')
  const mission = page.locator('#mission-silent-1006')
  await mission.and(page.locator('[data-state="tried"]')).waitFor()
  await expect
    .poll(() => mission.locator('.mission-verdict').textContent())
    .toContain('서버가 종료 프레임을 보냈습니다')
})

test('the page may close with 4001 and not with 1001', async () => {
  const way = lab.plate.getByLabel('누가 어떻게 끝냅니까')
  await way.selectOption('page-close')
  await lab.plate.getByLabel('코드', { exact: true }).fill('1001')
  await lab.button('연결하고 끝내기').click()
  await expect.poll(() => lab.plate.getByRole('alert').textContent()).toContain('InvalidAccessError')
  await lab.plate.getByLabel('코드', { exact: true }).fill('4001')
  await lab.button('연결하고 끝내기').click()
  await expect
    .poll(async () => (await told('/lab/echo')).at(-1), PATIENT)
    .toMatchObject({ code: 4001, wasClean: true })
  await lab.reach('ended')
  expect(await lab.plate.getByRole('alert').count()).toBe(0)
})

test('a page that is left says 1001 by itself, and no script hears of the end', async () => {
  await lab.plate.getByLabel('누가 어떻게 끝냅니까').selectOption('page-leave')
  await lab.button('연결하고 끝내기').click()
  await expect.poll(() => account('클라이언트의 종료 프레임').textContent(), PATIENT).toContain('1001')
  await expect.poll(() => account('자바스크립트가 들은 것').textContent(), PATIENT).toBe('아무것도 듣지 못함')
  expect(relay.connections('/lab/echo').at(-1)?.client.toString('latin1')).toContain(
    `Origin: ${new URL(relay.url).origin}`,
  )
  expect(await page.locator('iframe').count()).toBe(0)
})

test('the raw client hears the three verdicts of the server, which is the mission', async () => {
  const mission = page.locator('#mission-server-verdicts')
  for (const [way, code] of [
    ['raw-bare', '1002'],
    ['raw-syllable', '1007'],
    ['raw-big', '1009'],
  ] as const) {
    expect(await mission.getAttribute('data-state')).not.toBe('passed')
    await lab.plate.getByLabel('누가 어떻게 끝냅니까').selectOption(way)
    await lab.button('연결하고 끝내기').click()
    await expect.poll(() => account('서버의 종료 프레임').textContent(), PATIENT).toContain(code)
    await lab.reach('ended')
  }
  await mission.and(page.locator('[data-state="passed"]')).waitFor()
})

test('a peer that does not answer leaves the page waiting in state 2, and the lab counts how long', async () => {
  await lab.plate.getByLabel('누가 어떻게 끝냅니까').selectOption('server-silent')
  await lab.button('연결하고 끝내기').click()
  await lab.plate.getByText(/1초째 기다립니다/).waitFor()
  expect(await told('/lab/played')).toEqual([])
})

test('a number that is no code is refused with a sentence', async () => {
  await lab.plate.getByLabel('코드', { exact: true }).fill('70000')
  await page.keyboard.press('Enter')
  await lab.plate.getByText('0부터 65535까지의 정수').waitFor()
  expect(await lab.plate.getAttribute('data-lab-state')).toBe('waiting')
})

test('every end of before can be opened again', async () => {
  await serverCloses('1001', '점검')
  await serverCloses('4000')
  await lab.plate.locator('.tries button', { hasText: '1001' }).click()
  await expect.poll(() => account('서버의 종료 프레임').textContent(), PATIENT).toContain('“점검”')
})

test('without a sandbox the recorded ends can all be read', async () => {
  const host = await serveFolder(await builtSite())
  try {
    await page.goto(`${host.url}lessons/closing/`)
    lab = new LabPage(page, 'closing')
    await lab.hydrated()
    await lab.button('연결하고 끝내기').click()
    await lab.reach('absent')
    const ends = lab.plate.locator('.tries button')
    for (let index = 0; index < (await ends.count()); index++) {
      await ends.nth(index).click()
      await expect.poll(() => ends.nth(index).getAttribute('aria-pressed')).toBe('true')
      await expect.poll(() => lab.wireRows('client').count()).toBeGreaterThan(0)
    }
    await expect.poll(() => ends.count()).toBeGreaterThan(5)
  } finally {
    await host.stop()
  }
})
