import { describe, expect, test } from 'vitest'
import { builtSite } from '../../support/built-site.ts'
import type { LabPage } from '../../support/lab-page.ts'
import { Lesson } from '../../support/lesson.ts'
import { serveFolder } from '../../support/static-host.ts'

const lesson = new Lesson('ws-and-wss')

describe('someone between the two', () => {
  /** Has the two talk over both ways, to their end. */
  async function overhear(lab: LabPage, text: string): Promise<void> {
    await lab.plate.getByLabel('나눌 말').fill(text)
    await lab.button('두 길로 보내기').click()
    await lab.plate.and(lesson.page.locator('[data-lab-shows=own]')).waitFor()
    await lab.plate.getByRole('button', { name: '두 길로 보내기', disabled: false }).waitFor()
  }
  const cell = (lab: LabPage, row: string, way: 'ws' | 'wss') =>
    lab.plate
      .getByRole('row', { name: new RegExp(`^${row}`) })
      .getByRole('cell')
      .nth(way === 'ws' ? 0 : 1)

  test('reads the sentence over ws, and over wss only host, sizes and time', async () => {
    const lab = await lesson.open('eavesdropper')
    await overhear(lab, '비밀은 여기에')
    await expect.poll(() => cell(lab, '나눈 말', 'ws').textContent()).toBe('“비밀은 여기에”, “비밀은 여기에”')
    for (const row of ['무엇을 요청하는가', '쿠키', '나눈 말'])
      await expect.poll(() => cell(lab, row, 'wss').textContent()).toBe('보이지 않습니다')
    for (const way of ['ws', 'wss'] as const)
      await expect.poll(() => cell(lab, '누구를 찾는가', way).textContent()).toBe('chat.example')
    await expect.poll(() => cell(lab, '클라이언트가 보낸 것의 크기', 'wss').textContent()).toMatch(/^\d+, /)
    expect(await lab.wireRows('client').filter({ hasText: '비밀은 여기에' }).count()).toBe(1)
    await lab.plate.getByLabel('wss로 간 것').check()
    await lab.wireRows('client').filter({ hasText: '클라이언트의 인사' }).waitFor()
    expect(await lab.plate.locator('button.what', { hasText: '비밀은 여기에' }).count()).toBe(0)
  })

  test('finds the name of the host in the first record, and nothing in the others, by keyboard too', async () => {
    const lab = await lesson.open('eavesdropper')
    await overhear(lab, '안녕')
    await lab.plate.getByLabel('wss로 간 것').check()
    const says = lab.plate.locator('.plate-says')
    await expect.poll(() => says.textContent()).toMatch(/서버 이름\(SNI\)\s+chat\.example/)
    const first = lab.wireRows('client').first()
    await first.focus()
    await lesson.page.keyboard.press('End')
    await lesson.page.keyboard.press('ArrowDown')
    await expect.poll(() => lab.plate.locator('button.what.on').textContent()).toContain('서버의 인사')
    await lab.wireRows('client').filter({ hasText: '애플리케이션 데이터' }).nth(2).click()
    await expect.poll(() => says.textContent()).toContain('암호문')
    const bytes = Buffer.from(await lab.gridBytes())
    expect(bytes[0]).toBe(23)
    expect(bytes.readUInt16BE(3)).toBe(bytes.length - 5)
    expect(bytes.includes('안녕')).toBe(false)
  })

  test('without a sandbox has what was recorded', async () => {
    const host = await serveFolder(await builtSite())
    try {
      const lab = await lesson.open('eavesdropper', host.url)
      await lab.button('두 길로 보내기').click()
      await lab.reach('absent')
      await expect.poll(() => cell(lab, '나눈 말', 'ws').textContent()).toContain('오늘 밤')
      await lab.plate.getByLabel('wss로 간 것').check()
      await lab.wireRows('client').filter({ hasText: '클라이언트의 인사' }).waitFor()
    } finally {
      await host.stop()
    }
  })
})

describe('the laboratory of addresses', () => {
  const outcome = (lab: LabPage, kind: string) => lab.plate.locator(`[data-outcome=${kind}]`)
  async function call(lab: LabPage, address: string): Promise<void> {
    await lab.plate.getByLabel('웹소켓 주소').fill(address)
    await lab.button('부르기').click()
  }

  test('opens what the browser opens: relative, ws and http, each under the same address', async () => {
    const lab = await lesson.open('address')
    const { host } = new URL(lesson.course.url)
    for (const address of ['/lab/echo', `ws://${host}/lab/echo`, `http://${host}/lab/echo`]) {
      await call(lab, address)
      await outcome(lab, 'open').waitFor()
      const words = await lab.plate.locator('.outcome').textContent()
      expect(words).toContain(`${address}:`)
      expect(words).toContain(`ws://${host}/lab/echo`)
    }
  })

  test.each(['ws://127.0.0.1/#here', 'ftp://files.example/', 'ws://'])(
    'says of %s what the browser throws',
    async address => {
      const lab = await lesson.open('address')
      await call(lab, address)
      await expect.poll(() => outcome(lab, 'thrown').textContent()).toContain('SyntaxError')
      await expect.poll(() => lab.plate.locator('li.fault').textContent()).toContain('SyntaxError')
      const thrown = await lesson.page.evaluate(url => {
        try {
          new WebSocket(url)
          return ''
        } catch (error) {
          return (error as DOMException).name
        }
      }, address)
      expect(thrown).toBe('SyntaxError')
    },
  )

  test('is not led to the port of another protocol', async () => {
    const lab = await lesson.open('address')
    await call(lab, 'ws://127.0.0.1:25/')
    await expect.poll(() => outcome(lab, 'closed').textContent()).toContain('1006')
    await expect.poll(() => lab.plate.locator('li.fault').textContent()).toContain('다른 프로토콜의 포트')
  })

  test('offers examples that can be chosen by keyboard, and reads them before they are called', async () => {
    const lab = await lesson.open('address')
    const example = lab.plate.getByRole('group', { name: '보기' }).getByRole('button', { name: /#here$/ })
    await example.focus()
    await lesson.page.keyboard.press('Enter')
    await expect.poll(() => example.getAttribute('aria-pressed')).toBe('true')
    await expect.poll(() => lab.plate.locator('li.fault').textContent()).toContain('프래그먼트')
    expect(await lab.plate.locator('[data-outcome]').count()).toBe(0)
  })
})
