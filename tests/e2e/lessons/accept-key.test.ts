import { createHash } from 'node:crypto'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { watchSockets, type DevtoolsSocket } from '../../support/devtools.ts'
import { LabPage } from '../../support/lab-page.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'

let browser: Browser
let course: RunningCourse
let page: Page
let sockets: readonly DevtoolsSocket[]
/** What the browser itself says of connections that failed. */
let complaints: string[]

beforeAll(async () => {
  course = await startCourse(await builtSite())
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await course?.stop()
})
beforeEach(async () => {
  page = await browser.newPage()
  page.setDefaultTimeout(15_000)
  complaints = []
  page.on('console', message => complaints.push(message.text()))
  sockets = await watchSockets(page)
})
afterEach(() => page.close())

async function open(name: string, url = course.url): Promise<LabPage> {
  await page.goto(`${url}lessons/accept-key/`)
  const lab = new LabPage(page, name)
  await lab.hydrated()
  return lab
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const sha1 = (text: string) => createHash('sha1').update(text)
const header = (text: string | undefined, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)$`, 'im').exec(text?.replaceAll('\r', '') ?? '')?.[1]
const mission = (id: string, state: string): Locator => page.locator(`#mission-${id}[data-state="${state}"]`)

/** Bytes of a grid that is on show. */
async function bytesOf(lab: LabPage, label: string): Promise<Buffer> {
  const cells = lab.plate.getByRole('toolbar', { name: label }).locator('.cell')
  const digits = await cells.evaluateAll(all =>
    all.map(cell => cell.firstChild?.textContent?.trim()).join(''),
  )
  return Buffer.from(digits, 'hex')
}

describe('the calculator', () => {
  test('takes the key that devtools saw, and comes to the answer that devtools saw', async () => {
    const lab = await open('accept-key')
    await lab.reach('live')
    const socket = sockets.find(({ url }) => new URL(url).pathname === '/lab/echo')
    const key = header(socket?.requestHeadersText, 'Sec-WebSocket-Key') ?? ''
    expect(key).toHaveLength(24)
    await expect.poll(() => lab.plate.locator('code.key').textContent()).toBe(key)
    await expect
      .poll(() => lab.plate.locator('code.accept').textContent())
      .toBe(header(socket?.responseHeadersText, 'Sec-WebSocket-Accept'))
    expect((await bytesOf(lab, '키와 GUID를 이은 바이트')).toString()).toBe(key + GUID)
    expect((await bytesOf(lab, 'SHA-1의 결과')).toString('hex')).toBe(sha1(key + GUID).digest('hex'))
    await expect
      .poll(() => lab.plate.locator('.digits').allTextContents())
      .toEqual(
        sha1(key + GUID)
          .digest('base64')
          .match(/.{4}/g),
      )
    await expect.poll(() => lab.plate.getByText('계산과 같습니다').count()).toBe(1)
  })

  test('takes a key that is typed, says that nobody asked with it, and goes back', async () => {
    const lab = await open('accept-key')
    await lab.reach('live')
    const own = await lab.plate.locator('code.accept').textContent()
    await lab.plate.getByLabel('키', { exact: true }).fill('dGhlIHNhbXBsZSBub25jZQ==')
    await expect
      .poll(() => lab.plate.locator('code.accept').textContent())
      .toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    await expect.poll(() => lab.plate.getByText('아무도 요청하지 않았습니다').count()).toBe(1)
    await lab.button('내 키로').click()
    await expect.poll(() => lab.plate.locator('code.accept').textContent()).toBe(own)
  })

  test('has another key with every connection', async () => {
    const lab = await open('accept-key')
    await lab.reach('live')
    const key = await lab.plate.locator('code.key').textContent()
    await lab.button('다시 연결하기').click()
    await lab.plate.locator('code.key', { hasNotText: key ?? '' }).waitFor()
    await lab.reach('live')
    const keys = sockets
      .filter(({ url }) => new URL(url).pathname === '/lab/echo')
      .map(({ requestHeadersText }) => header(requestHeadersText, 'Sec-WebSocket-Key'))
    expect(new Set(keys).size).toBe(2)
    await expect.poll(() => lab.plate.locator('code.key').textContent()).toBe(keys[1])
  })

  test('without a sandbox calculates with the recorded key and with any that is typed', async () => {
    const host = await serveFolder(await builtSite())
    try {
      const lab = await open('accept-key', host.url)
      await lab.reach('absent')
      await expect.poll(() => lab.badge().textContent()).toMatch(/^오류 · 기록 · Chromium/)
      await expect.poll(() => lab.plate.getByText('기록에서 서버가 응답에 적은 값은').count()).toBe(1)
      await lab.plate.getByLabel('키', { exact: true }).fill('x3JJHMbDL1EzLkh9GBhXDw==')
      await expect
        .poll(() => lab.plate.locator('code.accept').textContent())
        .toBe('HSmrc0sMlYUkAGmm5OPpG2HaGWk=')
    } finally {
      await host.stop()
    }
  })
})

type Choices = readonly [key: string, guid: string, digest: string, spelling: string]
const RIGHT: Choices = ['적힌 글자 그대로', '뒤에 붙이기', '20바이트 그대로', 'base64']
const choose = async (lab: LabPage, choices: Choices): Promise<void> => {
  const steps = ['키', 'GUID', 'SHA-1의 결과', '적는 법']
  for (const [index, step] of steps.entries())
    await lab.plate
      .getByRole('group', { name: step, exact: true })
      .getByLabel(choices[index] ?? '', { exact: true })
      .check()
}

/** The key that crossed and the answer that was given, as the plate shows both heads. */
async function keyAndAnswer(lab: LabPage): Promise<{ key: string; answer: string }> {
  await lab.wireRows('client').first().click()
  const key = header((await lab.headLines()).join('\n'), 'Sec-WebSocket-Key') ?? ''
  await lab.wireRows('server').first().click()
  const answer = header((await lab.headLines()).join('\n'), 'Sec-WebSocket-Accept') ?? ''
  return { key, answer }
}

describe('the server whose answer the reader works out', () => {
  test.each<[string, Choices, (key: string) => string]>([
    [
      'the key decoded',
      ['base64를 풀어서', RIGHT[1], RIGHT[2], RIGHT[3]],
      key => createHash('sha1').update(Buffer.from(key, 'base64')).update(GUID).digest('base64'),
    ],
    [
      'the GUID in front',
      [RIGHT[0], '앞에 붙이기', RIGHT[2], RIGHT[3]],
      key => sha1(GUID + key).digest('base64'),
    ],
    [
      'hexadecimal digits in base64',
      [RIGHT[0], RIGHT[1], '16진수 글자로', RIGHT[3]],
      key => Buffer.from(sha1(key + GUID).digest('hex')).toString('base64'),
    ],
    ['hexadecimal digits', [RIGHT[0], RIGHT[1], RIGHT[2], '16진수'], key => sha1(key + GUID).digest('hex')],
  ])('is refused by the browser with %s', async (_name, choices, expected) => {
    const lab = await open('wrong-accept')
    await choose(lab, choices)
    await lab.button('연결하기').click()
    await lab.reach('ended')
    await expect.poll(() => lab.badge().textContent()).toBe('끊김 · 1006')
    expect(complaints.join('\n')).toContain("Incorrect 'Sec-WebSocket-Accept' header value")
    const { key, answer } = await keyAndAnswer(lab)
    expect(answer).toBe(expected(key))
    expect(await lab.plate.locator('li.script', { hasText: 'open' }).count()).toBe(0)
  })

  test('is accepted when it is right, and passes that mission only', async () => {
    const lab = await open('wrong-accept')
    await choose(lab, RIGHT)
    await lab.button('연결하기').click()
    await lab.reach('live')
    const { key, answer } = await keyAndAnswer(lab)
    expect(answer).toBe(sha1(key + GUID).digest('base64'))
    await mission('right-accept', 'passed').waitFor()
    await mission('refused-accept', 'tried').getByText('연결을 열었습니다').waitFor()
    await lab.button('끊기').click()
    await lab.reach('ended')
  })

  test('cannot pass with an answer that was right once', async () => {
    const lab = await open('wrong-accept')
    await choose(lab, RIGHT)
    await lab.button('연결하기').click()
    await lab.reach('live')
    const before = await keyAndAnswer(lab)
    await lab.button('끊기').click()
    await lab.reach('ended')
    await lab.plate.getByLabel('지난 연결의 답을 그대로 보내기').check()
    await lab.button('연결하기').click()
    await mission('refused-accept', 'passed').waitFor()
    const after = await keyAndAnswer(lab)
    expect(after.answer).toBe(before.answer)
    expect(after.key).not.toBe(before.key)
  })

  test('shows, where the working is left open, that of the next connection too', async () => {
    const lab = await open('wrong-accept')
    await choose(lab, [RIGHT[0], '앞에 붙이기', RIGHT[2], RIGHT[3]])
    await lab.button('연결하기').click()
    await lab.reach('ended')
    await lab.plate.locator('summary', { hasText: '규칙과 계산 보기' }).click()
    const answered = lab.plate.locator('dd.broken code')
    await answered.waitFor()
    const former = (await answered.textContent()) ?? ''
    await lab.button('연결하기').click()
    await expect.poll(() => answered.allTextContents()).not.toContain(former)
    await lab.reach('ended')
    const { answer } = await keyAndAnswer(lab)
    await expect.poll(() => answered.allTextContents()).toEqual([answer])
  })

  test('waits until all four steps are chosen, and can be set up by keyboard', async () => {
    const lab = await open('wrong-accept')
    await lab.plate.getByRole('radio').first().focus()
    for (let step = 0; step < 4; step++) {
      await expect.poll(() => lab.button('연결하기').getAttribute('aria-disabled')).toBe('true')
      await page.keyboard.press('Space')
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await lab.reach('ended')
    const verdict = (id: string) => mission(id, 'tried').locator('.mission-verdict')
    // The first of each: the letters as they are, the GUID in front, digits, digits again.
    await verdict('right-accept').getByText('80글자').waitFor()
    await verdict('refused-accept').getByText('80글자').waitFor()
  })

  test('shows its recording when there is no sandbox', async () => {
    const host = await serveFolder(await builtSite())
    try {
      const lab = await open('wrong-accept', host.url)
      await choose(lab, RIGHT)
      await lab.button('연결하기').click()
      await lab.reach('absent')
      await expect.poll(() => lab.plate.locator('li.script', { hasText: 'error' }).count()).toBe(1)
      await mission('right-accept', 'open').getByText('지금은 판정할 수 없습니다').waitFor()
    } finally {
      await host.stop()
    }
  })
})
