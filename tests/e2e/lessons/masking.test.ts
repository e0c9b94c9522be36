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
  sockets = await watchSockets(page)
})
afterEach(() => page.close())

async function open(name: string, url = course.url): Promise<LabPage> {
  await page.goto(`${url}lessons/masking/`)
  const lab = new LabPage(page, name)
  await lab.hydrated()
  return lab
}

const mission = (id: string, state: string): Locator => page.locator(`#mission-${id}[data-state="${state}"]`)
const labSockets = () => sockets.filter(({ url }) => new URL(url).pathname === '/lab/echo')

/** The table of a message said twice: its payload, then a key and what crossed, for each time. */
async function table(lab: LabPage): Promise<Buffer[]> {
  const rows = await lab.plate
    .getByRole('region', { name: '같은 내용, 두 개의 키' })
    .locator('tr')
    .evaluateAll(all =>
      all.map(row =>
        [...row.querySelectorAll('td')]
          .map(cell => (cell.querySelector('button') ?? cell).firstChild?.textContent?.trim())
          .join(''),
      ),
    )
  return rows.map(digits => Buffer.from(digits, 'hex'))
}

describe('the same words twice', () => {
  test('are what devtools saw sent, under two keys, and come off the wire by XOR', async () => {
    const lab = await open('masking')
    await lab.plate.getByLabel('두 번 보낼 메시지').fill('고맙습니다')
    await lab.button('같은 말 두 번 보내기').click()
    await lab.reach('live')
    await lab.wireRows('server').nth(2).waitFor()
    const [payload, firstKey, firstWire, secondKey, secondWire] = await table(lab)
    expect(payload?.toString()).toBe('고맙습니다')
    expect(firstKey?.equals(secondKey ?? Buffer.alloc(0))).toBe(false)
    for (const [key, wire] of [
      [firstKey, firstWire],
      [secondKey, secondWire],
    ])
      expect(Buffer.from((wire ?? []).map((byte, index) => byte ^ (key?.[index % 4] ?? 0))).toString()).toBe(
        '고맙습니다',
      )
    const sent = labSockets()[0]?.messages.filter(message => message.sent)
    expect(sent?.map(each => [each.mask, each.payload])).toEqual([
      [true, '고맙습니다'],
      [true, '고맙습니다'],
    ])
    // The table is of the frames that can be opened above it.
    await lab.wireRows('client').nth(2).click()
    const frame = Buffer.from(await lab.gridBytes())
    expect(frame.subarray(2, 6).equals(secondKey?.subarray(0, 4) ?? Buffer.alloc(0))).toBe(true)
    expect(frame.subarray(6).equals(secondWire ?? Buffer.alloc(0))).toBe(true)
  })

  test('show a byte in bits, chosen by keyboard', async () => {
    const lab = await open('masking')
    const bits = lab.plate.locator('.xor dl').first()
    await lab.plate.getByRole('button', { name: 'ec 0번 바이트를 비트로 보기' }).focus()
    await page.keyboard.press('ArrowRight')
    await bits.waitFor()
    const [payload, key, wire] = (await table(lab)).map(row => row[1] ?? 0)
    const shown = await bits
      .locator('dd')
      .evaluateAll(all =>
        all.map(row => [...row.querySelectorAll('span')].map(bit => bit.textContent).join('')),
      )
    expect(shown).toEqual([payload, key, wire].map(byte => (byte ?? 0).toString(2).padStart(8, '0')))
    expect((payload ?? 0) ^ (key ?? 0)).toBe(wire)
  })

  test('are a recording when there is no sandbox', async () => {
    const host = await serveFolder(await builtSite())
    try {
      const lab = await open('masking', host.url)
      await lab.button('같은 말 두 번 보내기').click()
      await lab.reach('absent')
      expect((await table(lab))[0]?.toString()).toBe('안녕하세요')
    } finally {
      await host.stop()
    }
  })
})

describe('the missions', () => {
  test('a masked frame does not pass as an unmasked one, and an unmasked one does', async () => {
    const lab = await open('unmasked')
    await lab.button('보내기').click()
    await lab.reach('live')
    await mission('known-key', 'tried').waitFor()
    await expect.poll(() => mission('unmasked-fate', 'open').count()).toBe(1)
    await lab.plate.getByLabel('마스킹하지 않기').check()
    await lab.button('보내기').click()
    await mission('unmasked-fate', 'passed').waitFor()
    // What was sent is open: it has no key.
    expect(Buffer.from(await lab.gridBytes()).toString('hex')).toBe('8106ec9588eb8595')
  })

  test('a payload made for a known key passes, the request itself and a key of zeros do not', async () => {
    const lab = await open('unmasked')
    const say = async (payload: string, key: string, hex: boolean) => {
      await lab.plate.getByLabel('내가 정한 키로').check()
      await lab.plate.getByLabel('마스킹 키', { exact: true }).fill(key)
      await lab.plate.getByLabel('16진수 바이트로').setChecked(hex)
      await lab.plate.getByLabel('페이로드', { exact: true }).fill(payload)
      await lab.button('보내기').click()
    }
    await say('GET /', '37 fa 21 3d', false)
    await mission('known-key', 'tried').getByText('70 bf 75 1d 18로 시작합니다').waitFor()
    await say('GET /', '00 00 00 00', false)
    await mission('known-key', 'tried').getByText('키가 00 00 00 00이면').waitFor()
    await say('70 bf 75 1d 18', '37 fa 21 3d', true)
    await mission('known-key', 'passed').waitFor()
    expect(Buffer.from(await lab.gridBytes()).toString('latin1')).toMatch(/GET \/$/)
  })

  test('a key that is none is not used, and the reader learns what one is', async () => {
    const lab = await open('unmasked')
    await lab.plate.getByLabel('내가 정한 키로').check()
    await lab.plate.getByLabel('마스킹 키', { exact: true }).fill('37')
    await expect.poll(() => lab.plate.getByText('마스킹 키는 네 바이트').count()).toBe(1)
    await page.keyboard.press('Enter')
    expect(await lab.plate.getAttribute('data-lab-state')).toBe('waiting')
  })
})
