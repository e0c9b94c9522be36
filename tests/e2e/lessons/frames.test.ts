import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { TcpClient } from '../../sandbox-server/support/tcp-client.ts'
import { launchBrowser } from '../../support/browser.ts'
import { builtSite } from '../../support/built-site.ts'
import { LabPage } from '../../support/lab-page.ts'
import { startCourse, type RunningCourse } from '../../support/running-course.ts'
import { serveFolder } from '../../support/static-host.ts'

let browser: Browser
let course: RunningCourse
let page: Page
let lab: LabPage

beforeAll(async () => {
  course = await startCourse(await builtSite())
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await course?.stop()
})
beforeEach(async () => {
  page = await browser.newPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  page.setDefaultTimeout(15_000)
})
afterEach(() => page.close())

async function open(url = course.url): Promise<void> {
  await page.goto(`${url}lessons/frames/`)
  lab = new LabPage(page, 'frames')
  await lab.hydrated()
}

const draft = (): Locator => lab.plate.getByRole('group', { name: '보낼 프레임' })
const example = (name: string) => lab.plate.getByLabel('보기', { exact: true }).selectOption(name)
const send = () => lab.button('보내기').click()
const mission = (id: string, state: string): Locator => page.locator(`#mission-${id}[data-state="${state}"]`)

/** Every byte of a grid, by way of the clipboard. */
async function copied(part: Locator): Promise<Buffer> {
  await part.getByRole('button', { name: '16진수 복사하기' }).click()
  await part.getByText('복사했습니다').waitFor()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}

/** The item that is open below the timeline. */
const opened = (): Locator => lab.plate.locator('.plate-body', { has: page.locator('.anatomy') }).last()

/** Sends what is made and gives its bytes, once a frame more of the client is on the wire. */
async function sendDraft(): Promise<Buffer> {
  const bytes = await copied(draft())
  const before =
    (await lab.plate.getAttribute('data-lab-state')) === 'live' ? await lab.wireRows('client').count() : 1
  await send()
  await lab.plate.and(page.locator('[data-lab-state=live], [data-lab-state=ended]')).waitFor()
  await lab.wireRows('client').nth(before).waitFor()
  return bytes
}

/** What the echo lab says to that frame when a TCP client of the test's own writes it. */
async function answerTo(frame: Buffer): Promise<Buffer> {
  const { port } = new URL(course.url)
  const client = new TcpClient(Number(port))
  client.write(
    `GET /lab/echo HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  await client.until('\r\n\r\n')
  client.write(frame)
  // A Close of the client's own, with the key 00 00 00 00, ends the connection after the answer.
  client.write(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]))
  await client.rest()
  const answer = client.read.subarray(client.read.indexOf('\r\n\r\n') + 4)
  const farewell = Buffer.from([0x88, 0x02, 0x03, 0xe8])
  return answer.subarray(-4).equals(farewell) ? answer.subarray(0, -4) : answer
}

describe('a frame that is made', () => {
  test.each([
    { name: '텍스트 ‘안녕’', first: 0x81, ends: false },
    { name: '바이너리 세 바이트', first: 0x82, ends: false },
    { name: '핑', first: 0x89, ends: false },
    { name: 'RSV1을 켠 텍스트', first: 0xc1, ends: true },
    { name: 'opcode 3', first: 0x83, ends: true },
    { name: '길게 적은 길이', first: 0x81, ends: true },
    { name: '마스킹하지 않은 텍스트', first: 0x81, ends: true },
    { name: '126바이트 핑', first: 0x89, ends: true },
  ])('crosses as it was drawn, and is answered as any client is: $name', async ({ name, first, ends }) => {
    await open()
    await example(name)
    const drawn = await sendDraft()
    expect(drawn[0]).toBe(first)
    // What was sent opens by itself.
    expect((await copied(opened())).toString('hex')).toBe(drawn.toString('hex'))
    await lab.wireRows('server').nth(1).waitFor()
    await expect.poll(() => lab.plate.locator('.plate-says.fault').count()).toBe(ends ? 1 : 0)

    await lab.wireRows('server').nth(1).click()
    const answer = await copied(opened())
    expect(answer.toString('hex')).toBe((await answerTo(drawn)).toString('hex'))
    if (ends) {
      await lab.reach('ended')
      expect(answer.readUInt16BE(2)).toBe(1002)
    }
  })

  test('is read by its bits: a length of 126 has a head of eight bytes', async () => {
    await open()
    await lab.plate.getByLabel('a로 채우기').check()
    await lab.plate.getByLabel('채울 바이트 수').fill('125')
    expect(await copied(draft())).toHaveLength(6 + 125)
    await lab.plate.getByLabel('채울 바이트 수').fill('126')
    const bytes = await copied(draft())
    expect(bytes).toHaveLength(8 + 126)
    expect(bytes.subarray(0, 4).toString('hex')).toBe('81fe007e')
  })

  test('is not sent while it cannot be written, and says why', async () => {
    await open()
    await lab.plate.getByLabel('마스킹 키', { exact: true }).fill('37 fa')
    await expect.poll(() => lab.plate.getByText('마스킹 키는 네 바이트').count()).toBe(1)
    await page.keyboard.press('Enter')
    expect(await lab.plate.getAttribute('data-lab-state')).toBe('waiting')
    await lab.plate.getByLabel('마스킹 키', { exact: true }).fill('37 fa 21 3d')
    await lab.plate.getByLabel('길이 형식', { exact: true }).selectOption('7비트')
    await lab.plate.getByLabel('a로 채우기').check()
    await expect.poll(() => lab.plate.getByText('길이 126은(는) 7비트에 쓸 수 없습니다').count()).toBe(1)
  })

  test('that only begins a message is not answered, and one that goes on finishes it', async () => {
    await open()
    await example('FIN을 끈 텍스트')
    await sendDraft()
    await lab.plate.getByRole('checkbox', { name: 'FIN' }).check()
    await lab.plate.getByLabel('opcode', { exact: true }).selectOption('0 이어지는 프레임')
    await sendDraft()
    await lab.wireRows('server').nth(1).click()
    const echo = await copied(opened())
    expect(echo.subarray(2).toString()).toBe('안녕안녕')
    await expect.poll(() => lab.wireRows('server').count()).toBe(2)
  })
})

test('after the server has ended it, the next frame goes out on a new connection', async () => {
  await open()
  await example('opcode 3')
  await sendDraft()
  await lab.reach('ended')
  await example('텍스트 ‘안녕’')
  await sendDraft()
  await lab.reach('live')
  await expect.poll(() => lab.wireRows('client').count()).toBe(2)
  await lab.button('끊기').click()
  await lab.reach('ended')
})

test('everything is done by keyboard: a frame is changed, sent and looked at', async () => {
  await open()
  await lab.plate.getByRole('checkbox', { name: 'RSV1' }).focus()
  await page.keyboard.press('Space')
  await lab.plate.getByLabel('페이로드', { exact: true }).focus()
  await page.keyboard.press('Enter')
  await lab.reach('ended')
  await lab.wireRows('client').first().focus()
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => lab.headLines()).toContain('HTTP/1.1 101 Switching Protocols')
})

describe('the missions', () => {
  test('three lengths: the solution passes, two of them do not', async () => {
    await open()
    await lab.plate.getByLabel('a로 채우기').check()
    for (const [index, length] of ['125', '126', '65536'].entries()) {
      await lab.plate.getByLabel('채울 바이트 수').fill(length)
      await send()
      await lab
        .wireRows('server')
        .nth(index + 1)
        .waitFor()
      if (index < 2) await mission('three-lengths', 'tried').waitFor()
    }
    await mission('three-lengths', 'passed').waitFor()
    await expect.poll(() => lab.wireRows('client').count()).toBe(4)
  })

  test('one broken rule: what the lab begins with and an unmasked frame do not pass, RSV1 alone does', async () => {
    await open()
    await send()
    await lab.wireRows('server').nth(1).waitFor()
    await expect.poll(() => mission('one-broken-rule', 'open').count()).toBe(1)
    await example('마스킹하지 않은 텍스트')
    await send()
    await lab.reach('ended')
    await mission('one-broken-rule', 'tried').getByText('마스킹을 하지 않았습니다').waitFor()
    await example('RSV1을 켠 텍스트')
    await send()
    await mission('one-broken-rule', 'passed').waitFor()
  })
})

test('without a sandbox the lab shows its recording, says so, and frames can still be made', async () => {
  const host = await serveFolder(await builtSite())
  try {
    await open(host.url)
    await send()
    await lab.reach('absent')
    await expect.poll(() => lab.badge().textContent()).toMatch(/^오류 · 기록 · 샌드박스의 TCP 클라이언트/)
    await expect.poll(() => lab.wireRows('client').count()).toBe(6)
    await example('RSV1을 켠 텍스트')
    expect((await copied(draft()))[0]).toBe(0xc1)
    await mission('one-broken-rule', 'open').getByText('지금은 판정할 수 없습니다').waitFor()
  } finally {
    await host.stop()
  }
})
