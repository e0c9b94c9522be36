import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseRecording } from '#recording/recording.ts'
import { CapturedConnection } from '../../src/wire/captured-connection.ts'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { packRecording } from '../../src/inspector/share-link.ts'
import { InspectorPage } from '../support/inspector-page.ts'
import { LabPage } from '../support/lab-page.ts'
import { manyFrames, recordingOf } from '../support/long-recording.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'
import { serveFolder } from '../support/static-host.ts'

let browser: Browser
let course: RunningCourse
let page: Page
let complaints: string[]
/** What the console may say, when a test takes the sandbox away. */
let expected: RegExp | undefined

beforeAll(async () => {
  course = await startCourse(await builtSite())
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await course?.stop()
})
beforeEach(async () => {
  page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  complaints = []
  expected = undefined
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
})
afterEach(async () => {
  await page.close()
  expect(complaints.filter(complaint => expected?.test(complaint) !== true)).toEqual([])
})

const opened = () => InspectorPage.open(page, course.url)

describe('a live connection', () => {
  test('of the browser is listed head by head and frame by frame, each with a sentence', async () => {
    const inspector = await opened()
    await inspector.connect()
    await inspector.sendText('안녕')
    await inspector.line(4).waitFor()
    const sentences = await inspector.sentences()
    expect(sentences[0]).toMatch(/^1번, 클라이언트가 0\.00밀리초에 보낸 핸드셰이크 요청, \d+바이트/)
    expect(sentences[1]).toMatch(
      /^2번, 서버가 [\d.]+밀리초에 보낸 핸드셰이크 응답.*“101 Switching Protocols”/,
    )
    expect(sentences[2]).toMatch(/^3번, 클라이언트가 .*마스킹한 텍스트 프레임.*6바이트, 내용은 “안녕”\.$/)
    expect(sentences[3]).toMatch(/^4번, 서버가 .*마스킹하지 않은 텍스트 프레임.*“안녕”\.$/)
  })

  test('speaks through Chromium’s accessibility tree: one option, one sentence, for each frame', async () => {
    const inspector = await opened()
    await inspector.connect()
    await inspector.sendText('들리는 말')
    await inspector.line(4).waitFor()
    await inspector.list.focus()
    await page.keyboard.press('Home')
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown')
    await expect.poll(() => inspector.list.getAttribute('aria-activedescendant')).toBe('item-3')
    const devtools = await page.context().newCDPSession(page)
    const { nodes } = await devtools.send('Accessibility.getFullAXTree')
    const told = nodes.filter(node => node.role?.value === 'option' && !node.ignored)
    const inList = told.filter(node => String(node.name?.value).includes('밀리초에 보낸'))
    expect(inList).toHaveLength(4)
    const list = nodes.find(
      node => node.role?.value === 'listbox' && node.name?.value === '와이어를 지나간 것',
    )
    const active = list?.properties?.find(property => property.name === 'activedescendant')
    expect(active?.value.relatedNodes?.[0]?.idref).toBe('item-3')
    const focused = inList.find(node =>
      node.properties?.some(({ name, value }) => name === 'selected' && value.value === true),
    )
    expect(focused?.name?.value).toMatch(/^4번, 서버가 .*내용은 “들리는 말”\.$/)
  })

  test('goes through connecting, live and ended, and can be made again', async () => {
    const inspector = await opened()
    await inspector.reach('empty')
    await inspector.connect()
    await inspector.button('끊기').click()
    await inspector.reach('ended')
    const view = await inspector.detail('연결')
    await expect.poll(() => view.textContent()).toContain('클라이언트가 종료 핸드셰이크를 시작했습니다')
    await expect.poll(() => view.textContent()).toMatch(/code\s*1000/)
    await expect.poll(() => view.textContent()).toMatch(/wasClean\s*true/)
    await inspector.connect()
    await expect.poll(() => inspector.count()).toBe(2)
  })

  test('offers the subprotocols that were chosen, and shows which one the server took', async () => {
    const inspector = await opened()
    await inspector.tool.getByLabel('서브프로토콜').fill('unknown.v1, anatomy.v1')
    await inspector.connect()
    await inspector.line(2).click()
    const view = await inspector.detail('항목')
    await expect.poll(() => view.textContent()).toMatch(/제안\s*unknown\.v1, anatomy\.v1\s*→\s*anatomy\.v1/)
    await expect.poll(() => view.textContent()).toContain('계산과 같습니다')
  })

  test('ends without taking away what was being written', async () => {
    const inspector = await opened()
    await inspector.connect()
    await inspector.composer.getByLabel('보낼 내용').fill('아직 보내지 않은 말')
    await inspector.button('끊기').click()
    await inspector.reach('ended')
    await inspector.connect()
    await expect
      .poll(() => inspector.composer.getByLabel('보낼 내용').inputValue())
      .toBe('아직 보내지 않은 말')
  })

  test('says how much of it is kept, whatever the next one is to keep', async () => {
    const inspector = await opened()
    await inspector.connect()
    await inspector.unfold('더 정하기')
    await inspector.tool.getByLabel('남길 항목').selectOption('100000')
    await inspector.sendText('하나')
    await inspector.line(4).waitFor()
    await expect.poll(() => inspector.tool.locator('footer').textContent()).toContain('4 / 10,000개')
  })

  test('refuses in words what a browser’s WebSocket cannot send', async () => {
    const inspector = await opened()
    await inspector.connect()
    await inspector.kind('종료')
    await inspector.composer.getByLabel('코드').fill('1002')
    await inspector.send()
    await expect.poll(() => inspector.composer.getByRole('alert').textContent()).toContain('3000–4999')
    await inspector.reach('live', 'paused')
  })
})

describe('a raw client', () => {
  test('pings, and the round trip is told', async () => {
    const inspector = await opened()
    await inspector.connect('원시 클라이언트')
    await inspector.kind('핑')
    await inspector.composer.getByLabel('보낼 내용').fill('거기 있습니까')
    await inspector.send()
    await inspector.line(4).waitFor()
    await expect.poll(() => inspector.sentence(4)).toMatch(/서버가 .*퐁 프레임.*거기 있습니까/)
    const view = await inspector.detail('연결')
    await expect.poll(() => view.textContent()).toMatch(/핑에서 퐁까지 [\d.]+ (µs|ms)/)
  })

  test('cuts a message inside a character; one write carries its frames, one message spans them', async () => {
    const inspector = await opened()
    await inspector.connect('원시 클라이언트')
    await inspector.unfold('프레임을 손수 쓰기')
    await inspector.composer.getByLabel('자를 곳').fill('1, 3')
    await inspector.sendText('한글')
    await inspector.line(6).waitFor()
    await expect.poll(() => inspector.sentence(6)).toContain('“한글”')
    await inspector.line(3).click()
    const view = await inspector.detail('항목')
    await expect.poll(() => view.textContent()).toMatch(/메시지 3–5번/)
    await expect.poll(() => view.textContent()).toContain('다음 프레임에서 이어지는 글자')
    // The block of the chunk and the bracket of the message reach over three rows.
    const [chunk, bracket] = [
      inspector.list.locator('svg.chunks g.on rect'),
      inspector.list.locator('svg.messages path.on'),
    ]
    const heights = await Promise.all(
      [chunk, bracket].map(async each => (await each.boundingBox())?.height ?? 0),
    )
    for (const height of heights) expect(height).toBeGreaterThan(2 * 28)
    await expect.poll(() => inspector.list.locator('.row.related').count()).toBe(3)
  })

  test('sends compressed what was agreed to be, whole and in fragments, and shows it before and after', async () => {
    const inspector = await opened()
    await inspector.tool.getByLabel('랩', { exact: true }).fill('deflate')
    await inspector.tool.getByRole('radio', { name: '원시 클라이언트' }).check()
    await inspector.unfold('더 정하기')
    await inspector.tool.getByLabel('압축(permessage-deflate) 제안하기').check()
    await inspector.connect('원시 클라이언트')
    await inspector.unfold('프레임을 손수 쓰기')
    await inspector.composer.getByLabel('압축하기').check()
    await inspector.sendText('같은 말 같은 말 같은 말')
    await inspector.line(4).waitFor()
    await expect.poll(() => inspector.sentence(4)).toMatch(/압축된 메시지.*“같은 말 같은 말 같은 말”\.$/)
    await inspector.line(3).click()
    const view = await inspector.detail('항목')
    await view.getByRole('tab', { name: '압축' }).click()
    await expect.poll(() => view.textContent()).toMatch(/풀면\s*32바이트입니다/)
    await inspector.composer.getByLabel('자를 곳').fill('2, 4')
    await inspector.sendText('조각 조각 조각')
    await expect.poll(() => inspector.sentence(7)).toMatch(/메시지의 끝.*“조각 조각 조각”\.$/)
    await inspector.sendText('몇 번째 {n}')
    await expect
      .poll(() => inspector.composer.getByRole('alert').textContent())
      .toContain('압축해 보내는 내용에서는')
  })

  test('that breaks a rule is shown where it does, with rule, section and what follows', async () => {
    const inspector = await opened()
    await inspector.connect('원시 클라이언트')
    await inspector.unfold('프레임을 손수 쓰기')
    await inspector.composer.getByLabel('마스킹').selectOption({ label: '하지 않기' })
    await inspector.sendText('맨몸')
    await inspector.reach('ended')
    const broken = await inspector.sentence(3)
    expect(broken).toMatch(/마스킹하지 않은 텍스트 프레임.*규칙 위반: /)
    await inspector.line(3).click()
    const view = await inspector.detail('항목')
    await expect
      .poll(() => view.textContent())
      .toMatch(/클라이언트가 보낸 .*규칙이 깨졌습니다.*1002.*RFC 6455 §5\.1/)
    await expect.poll(() => inspector.sentence(4)).toMatch(/서버가 .*종료 프레임.*1002/)
    await inspector.button('위반 1').click()
    await expect.poll(() => inspector.list.getAttribute('aria-activedescendant')).toBe('item-2')
  })

  test('ends its half with a FIN, or all at once with an RST', async () => {
    const inspector = await opened()
    for (const [button, title] of [
      ['FIN 보내기', 'TCP FIN'],
      ['RST 보내기', 'TCP RST'],
    ] as const) {
      await inspector.connect('원시 클라이언트')
      await inspector.button(button).click()
      await inspector.reach('ended')
      await expect.poll(() => inspector.list.textContent()).toContain(title)
    }
  })

  test('writes a request of the reader’s own, and shows how it was refused', async () => {
    const inspector = await opened()
    await inspector.tool.getByRole('radio', { name: '원시 클라이언트' }).check()
    await inspector.unfold('더 정하기')
    await inspector.tool.getByLabel('요청을 손수 쓰기').check()
    const head = inspector.tool.getByLabel('요청 머리')
    await head.fill(
      (await head.inputValue()).replace('Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 8'),
    )
    await inspector.button('연결하기').click()
    await inspector.reach('ended')
    await expect.poll(() => inspector.sentence(2)).toContain('“426 Upgrade Required”')
    await inspector.line(1).click()
    const view = await inspector.detail('항목')
    await expect.poll(() => view.textContent()).toContain('이 연결에서는 “8”입니다')
  })
})

test('commands that repeat the handshake are there although the request came after the connection', async () => {
  const inspector = await opened()
  await inspector.connect('원시 클라이언트')
  await inspector.button('내보내기').click()
  const dialog = page.getByRole('dialog', { name: '내보내기' })
  await expect.poll(() => dialog.textContent()).toMatch(/websocat .*\/lab\/echo/)
})

describe('a reader in the server’s place', () => {
  test('sees what a browser does with a frame that no server may send', async () => {
    const inspector = await opened()
    await inspector.connect('서버 역할')
    await inspector.sendText('서버입니다')
    await inspector.line(3).waitFor()
    await expect
      .poll(() => inspector.sentence(3))
      .toMatch(/서버가 .*마스킹하지 않은 텍스트 프레임.*서버입니다/)
    await inspector.unfold('프레임을 손수 쓰기')
    await inspector.composer.getByLabel('마스킹').selectOption({ label: '키 00 00 00 00' })
    complaints.length = 0
    await inspector.send()
    await inspector.reach('ended')
    const view = await inspector.detail('연결')
    await expect.poll(() => view.textContent()).toMatch(/code\s*1006/)
    await expect.poll(() => view.textContent()).toMatch(/wasClean\s*false/)
    // Chromium says so in its console, and shows nothing more of it to the page.
    expect(complaints.join()).toContain('must not mask')
    complaints.length = 0
  })
})

describe('a long list', () => {
  async function flooded(total: number, kept = '10000'): Promise<InspectorPage> {
    const inspector = await opened()
    await inspector.unfold('더 정하기')
    await inspector.tool.getByLabel('남길 항목').selectOption(kept)
    await inspector.connect()
    await inspector.repeat('흐르는 말 {n}', 500, total)
    return inspector
  }

  const drawn = (inspector: InspectorPage) =>
    inspector.lines.evaluateAll(lines => {
      const box = lines[0]?.closest('[role=listbox]')?.getBoundingClientRect()
      return lines
        .map(line => ({ id: line.id, top: line.getBoundingClientRect().top }))
        .filter(({ top }) => box !== undefined && top >= box.top && top < box.bottom)
        .map(({ id, top }) => `${id} ${Math.round(top)}`)
    })

  test('follows its end until the reader scrolls up, then stays and counts what is new', async () => {
    // More than can come, and less than is forgotten, while this looks.
    const inspector = await flooded(50_000, '100000')
    await expect.poll(() => inspector.count(), { timeout: 20_000 }).toBeGreaterThan(200)
    await inspector.list.hover()
    await page.mouse.wheel(0, -600)
    await inspector.reach('paused')
    const fresh = inspector.tool.getByRole('button', { name: /^새 항목 / })
    await fresh.waitFor()
    const before = await drawn(inspector)
    const count = await inspector.count()
    await expect.poll(() => inspector.count(), { timeout: 20_000 }).toBeGreaterThan(count + 300)
    expect(await drawn(inspector)).toEqual(before)
    await fresh.click()
    await inspector.reach('live')
    // Once lines no longer rush by, each has its sentence again.
    await inspector.button('되풀이 멈추기').click()
    await expect
      .poll(async () => (await inspector.sentences()).length, { timeout: 20_000 })
      .toBeGreaterThan(0)
  })

  test(
    'keeps its bound, says what it has forgotten, and loses nothing in between',
    { timeout: 180_000 },
    async () => {
      const inspector = await flooded(7_000)
      await expect
        .poll(() => inspector.tool.textContent(), { timeout: 50_000 })
        .toMatch(/한도를 넘어 잊음 [\d,]+/)
      await expect.poll(() => inspector.composer.textContent(), { timeout: 50_000 }).toContain('7,000번 보냄')
      const { bytes } = await inspector.exported('기록 (.json)')
      await inspector.importFile('kept.json', bytes)
      await inspector.reach('recording')
      await expect.poll(() => inspector.count()).toBeGreaterThanOrEqual(10_000)
      const [recorded] = parseRecording(bytes.toString()).connections
      const items = recorded ? CapturedConnection.fromRecording(recorded).items : []
      for (const side of ['client', 'server'] as const) {
        const numbers = items.flatMap(item =>
          item.from === side && item.kind === 'frame' ? Number(item.message?.text?.split(' ').at(-1)) : [],
        )
        const first = 7_000 - numbers.length
        expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => first + index))
      }
    },
  )
})

describe('finding one’s way', () => {
  async function spoken(): Promise<InspectorPage> {
    const inspector = await opened()
    await inspector.connect()
    for (const text of ['사과', '배', '{"과일":"사과"}', 'plum']) await inspector.sendText(text)
    await inspector.line(10).waitFor()
    return inspector
  }

  test('filters by side, kind, size and text, and says how much is hidden', async () => {
    const inspector = await spoken()
    const filter = inspector.tool.getByRole('form', { name: '거르기' })
    await filter.getByRole('radio', { name: '← 서버' }).check()
    await expect.poll(() => inspector.count()).toBe(5)
    await filter.getByRole('checkbox', { name: '텍스트' }).check()
    await expect.poll(() => inspector.count()).toBe(4)
    await filter.getByLabel('내용에 든 말로 거르기').fill('사과')
    await expect.poll(() => inspector.count()).toBe(2)
    await filter.getByLabel('가장 큰 크기, 바이트').fill('6')
    await expect.poll(() => inspector.count()).toBe(1)
    await expect.poll(() => filter.getByRole('status').first().textContent()).toBe('1개, 9개 감춤')
    await filter.getByLabel('내용에 든 말로 거르기').fill('(')
    await filter.getByRole('checkbox', { name: '정규식' }).check()
    await expect.poll(() => filter.textContent()).toContain('정규식으로 읽을 수 없습니다')
    await filter.getByRole('button', { name: '거르기 풀기' }).click()
    await expect.poll(() => inspector.count()).toBe(10)
  })

  test('takes every change of the filter, however many come before it is drawn', async () => {
    const inspector = await spoken()
    const filter = inspector.tool.getByRole('form', { name: '거르기' })
    await filter.getByRole('checkbox', { name: '핑' }).check()
    await expect.poll(() => inspector.count()).toBe(0)
    // In one task, between two frames.
    await filter.evaluate(form => {
      const box = (label: string) =>
        [...form.querySelectorAll<HTMLInputElement>('input[type=checkbox]')].find(
          input => input.labels?.[0]?.textContent.trim() === label,
        )
      for (const label of ['핑', '텍스트', '종료']) box(label)?.click()
      const text = form.querySelector<HTMLInputElement>('input[type=search]')
      if (!text) return
      text.value = '사과'
      text.dispatchEvent(new InputEvent('input', { bubbles: true }))
    })
    await expect.poll(() => inspector.count()).toBe(4)
    await expect.poll(() => filter.getByRole('checkbox', { checked: true }).count()).toBe(2)
  })

  test('searches in payloads, jumps, marks, and compares two frames', async () => {
    const inspector = await spoken()
    const active = () => inspector.list.getAttribute('aria-activedescendant')
    await inspector.list.focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('s')
    await page.keyboard.type('사과')
    await page.keyboard.press('Enter')
    await expect.poll(active).toBe('item-2')
    await page.keyboard.press('Enter')
    await expect.poll(active).toBe('item-3')
    await inspector.list.focus()
    await page.keyboard.press('Shift+N')
    await expect.poll(active).toBe('item-2')
    await page.keyboard.press('m')
    await page.keyboard.press('c')
    await page.keyboard.press('g')
    await page.keyboard.type('9')
    await page.keyboard.press('Enter')
    await expect.poll(active).toBe('item-8')
    await inspector.list.focus()
    await page.keyboard.press('[')
    await expect.poll(active).toBe('item-2')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('c')
    const view = await inspector.detail('견주기')
    await expect.poll(() => view.textContent()).toMatch(/≠ MASK 비트/)
    await expect.poll(() => view.textContent()).toMatch(/= FIN 비트/)
    await expect.poll(() => view.textContent()).toContain('두 페이로드는 같습니다')
    await inspector.tool.getByLabel('번호나 시각으로 이동하기').fill('999')
    await inspector.tool.getByLabel('번호나 시각으로 이동하기').press('Enter')
    await expect.poll(() => inspector.tool.textContent()).toContain('1번부터 10번까지 있습니다')
  })

  test('shows a JSON message as it was written, its characters, and its masking', async () => {
    const inspector = await spoken()
    await inspector.line(7).click()
    const view = await inspector.detail('항목')
    await expect.poll(() => view.locator('pre').textContent()).toBe('{\n  "과일": "사과"\n}')
    await view.getByRole('tab', { name: '글자' }).click()
    await expect.poll(() => view.textContent()).toMatch(/과U\+ACFCea b3 bc/)
    await view.getByRole('tab', { name: '마스킹' }).click()
    const [wire, key, payload] = await view
      .locator('tbody tr')
      .first()
      .locator('td')
      .evaluateAll(cells =>
        cells
          .slice(0, 3)
          .map(cell => (cell.textContent ?? '').split(' ').map(hex => Number.parseInt(hex, 16))),
      )
    expect(wire?.map((byte, index) => byte ^ (key?.[index] ?? 0))).toEqual(payload)
    expect(Buffer.from(payload ?? []).toString('utf8', 0, 5)).toBe('{"과'.slice(0, 3))
  })

  test('shows the order of things between two lifelines', async () => {
    const inspector = await spoken()
    await inspector.tool.getByRole('tab', { name: '순서도' }).click()
    const steps = page.getByRole('listbox', { name: '주고받은 순서' })
    await steps.getByRole('option').nth(3).click()
    await expect.poll(() => steps.getAttribute('aria-activedescendant')).toBe('step-3')
    await expect
      .poll(() => steps.getByRole('option').nth(3).locator('.sentence').textContent())
      .toContain('사과')
  })
})

describe('a recording', () => {
  test('is played, stepped through and scrubbed', async () => {
    const inspector = await InspectorPage.open(page, course.url, '#sample=first-connection')
    await inspector.reach('recording')
    const all = await inspector.count()
    await inspector.button('이전 항목').click()
    await expect.poll(() => inspector.count()).toBeLessThan(all)
    await inspector.button('다음 항목').click()
    await inspector.tool.getByLabel('빠르기').selectOption('20')
    await inspector.button('재생하기').click()
    await expect.poll(() => inspector.count(), { timeout: 20_000 }).toBe(all)
    await inspector.reach('recording')
    await inspector.tool.getByLabel('다시 볼 시각').fill('0')
    await expect.poll(() => inspector.count()).toBeLessThan(all)
  })

  test('is opened at the frame and the span that its address names, and the address follows the reader', async () => {
    const inspector = await InspectorPage.open(
      page,
      course.url,
      '#sample=first-connection&item=3&span=masking-key',
    )
    await inspector.reach('recording')
    const view = await inspector.detail('항목')
    await expect.poll(() => view.locator('.plate-says').first().textContent()).toMatch(/^\s*마스킹 키/)
    await inspector.line(1).click()
    await expect.poll(() => page.evaluate(() => location.hash)).toContain('item=1')
    await page.reload()
    await inspector.reach('recording')
    await expect.poll(() => inspector.list.getAttribute('aria-activedescendant')).toBe('item-0')
  })

  test('with several connections is opened at the one that its address names', async () => {
    const [first, second] = [recordingOf(manyFrames(2)), recordingOf(manyFrames(5), '둘')]
    const both = {
      ...second,
      connections: [first, second].flatMap(({ connections }, index) =>
        connections.map(connection => ({ ...connection, id: index + 1 })),
      ),
    }
    const packed = await packRecording(both)
    const inspector = await InspectorPage.open(page, course.url, `#r=${packed}&connection=2&item=6`)
    await inspector.reach('recording')
    await expect.poll(() => inspector.list.getAttribute('aria-activedescendant')).toBe('item-5')
    await expect.poll(() => inspector.count()).toBe(7)
    await page.waitForURL(/connection=2&item=6$/)
    await page.goto('about:blank')
    await InspectorPage.open(page, course.url, `#r=${packed}&connection=3`)
    await expect.poll(() => inspector.notice()).toContain('3번째 연결은 없습니다')
  })

  test('that was exported tells again what JavaScript heard', async () => {
    const inspector = await opened()
    await inspector.connect()
    await inspector.button('끊기').click()
    await inspector.reach('ended')
    const { name, bytes } = await inspector.exported('기록 (.json)')
    await page.reload()
    await inspector.importFile(name, bytes)
    await inspector.reach('recording')
    const view = await inspector.detail('연결')
    await expect.poll(() => view.textContent()).toContain('code 1000 · wasClean true')
  })

  test('that is small fits into a link', async () => {
    const inspector = await InspectorPage.open(page, course.url, '#sample=first-connection&item=3')
    await inspector.reach('recording')
    const before = await inspector.sentences()
    await inspector.button('내보내기').click()
    await page.getByRole('dialog').getByRole('checkbox').check()
    await page.getByRole('button', { name: '링크 복사하기' }).last().click()
    await page.getByText('링크를 복사했습니다').waitFor()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(new URL(link).hash).toMatch(/^#r=[\w-]+&item=3/)
    const other = await browser.newPage()
    await other.goto(link)
    const again = new InspectorPage(other)
    await again.reach('recording')
    expect(await again.sentences()).toEqual(before)
    await other.close()
  })

  test('comes over from a lab, as the reader’s own connection', async () => {
    await page.goto(`${course.url}lessons/first-connection/`)
    const lab = new LabPage(page, 'first-connection')
    await lab.hydrated()
    await lab.button('연결하기').click()
    await lab.reach('live')
    await lab.sendText('건너온 말')
    await lab.plate.locator('li.script', { hasText: 'message 이벤트' }).waitFor()
    await lab.plate.getByRole('link', { name: '인스펙터에서 열기' }).click()
    const inspector = new InspectorPage(page)
    await inspector.reach('recording')
    expect((await inspector.sentences()).filter(sentence => sentence.includes('“건너온 말”'))).toHaveLength(2)
  })

  test.each(['기록 (.json)', 'pcapng'])(
    'exported as %s and imported again is the same session',
    async format => {
      const inspector = await opened()
      await inspector.connect('원시 클라이언트')
      await inspector.unfold('프레임을 손수 쓰기')
      await inspector.composer.getByLabel('자를 곳').fill('2')
      await inspector.sendText('나뉜 말')
      await inspector.line(5).waitFor()
      await inspector.line(4).click()
      await inspector.button('표시하기').click()
      await inspector.button('끊기').click()
      await inspector.reach('ended')
      const before = await inspector.sentences()
      const view = await (await inspector.detail('연결')).locator('table').textContent()
      const { bytes } = await inspector.exported(format)
      await inspector.importFile(`session.${format === 'pcapng' ? 'pcapng' : 'json'}`, bytes)
      await inspector.reach('recording')
      const after = await inspector.sentences()
      // A capture counts whole microseconds.
      const timeless = (sentence: string) => sentence.replace(/[\d.]+밀리초/, '')
      const time = (sentence: string) => Number(/([\d.]+)밀리초/.exec(sentence)?.[1])
      expect(after.map(timeless)).toEqual(before.map(timeless))
      for (const [index, sentence] of after.entries())
        expect(Math.abs(time(sentence) - time(before[index] ?? ''))).toBeLessThanOrEqual(0.011)
      const again = await inspector.detail('연결')
      await expect.poll(() => again.locator('table').textContent()).toBe(view)
      await expect.poll(() => inspector.button('표시 1').count()).toBe(1)
    },
  )

  test.each([
    ['HAR', 'session.har', ['“나뉜 말”']],
    ['16진수 덤프', 'session.txt', ['나뉜 말']],
  ])('exported as %s and imported again has what that format can hold', async (format, name, texts) => {
    const inspector = await opened()
    await inspector.connect()
    await inspector.sendText('나뉜 말')
    await inspector.line(4).waitFor()
    const { bytes } = await inspector.exported(format)
    await inspector.importFile(name, bytes)
    await inspector.reach('recording')
    const sentences = (await inspector.sentences()).join('\n')
    for (const text of texts) expect(sentences).toContain(text)
    await expect.poll(() => inspector.count()).toBe(4)
  })

  test('masks secrets when it is exported, unless they are to be kept', async () => {
    const inspector = await opened()
    await inspector.connect()
    const request = await inspector.sentence(1)
    const ticket = /ticket=([\w-]+)/.exec(request)?.[1] ?? 'no ticket'
    const masked = await inspector.exported('16진수 덤프', { keepSecrets: false })
    const kept = await inspector.exported('16진수 덤프', { keepSecrets: true })
    const textIn = (dump: Buffer) =>
      Array.from(dump.toString().matchAll(/\|(.{1,16})\|$/gm), match => match[1]).join('')
    expect(textIn(kept.bytes)).toContain(ticket)
    expect(textIn(masked.bytes)).not.toContain(ticket)
    expect(textIn(masked.bytes)).toContain(`ticket=${'*'.repeat(ticket.length)}`)
  })
})

describe('without a sandbox', () => {
  test('says what is wrong and what to do, can be tried again, and opens recordings all the same', async () => {
    const host = await serveFolder(await builtSite())
    expected = /WebSocket connection|Failed to load resource/
    try {
      const inspector = await InspectorPage.open(page, host.url)
      await inspector.button('연결하기').click()
      await inspector.reach('error')
      await expect.poll(() => inspector.notice()).toContain('npm start')
      await expect.poll(() => inspector.button('다시 연결하기').isEnabled()).toBe(true)
      await inspector.tool.getByLabel('예시 기록 열기').selectOption('first-connection')
      await inspector.reach('recording')
      await expect.poll(() => inspector.count()).toBeGreaterThan(3)
    } finally {
      await host.stop()
    }
  })

  test('that was there keeps what crossed, and says that it is gone', async () => {
    const ending = await startCourse(await builtSite())
    expected = /WebSocket connection|ERR_CONNECTION_REFUSED/
    const inspector = await InspectorPage.open(page, ending.url)
    await inspector.connect()
    await inspector.sendText('사라지기 전')
    await inspector.line(4).waitFor()
    expect(await ending.stop()).toBe(0)
    await inspector.reach('error')
    await expect.poll(() => inspector.notice()).toContain('그대로 있습니다')
    expect((await inspector.sentences()).join()).toContain('사라지기 전')
    // The browser itself goes on asking for icons and the like.
    complaints = complaints.filter(complaint => !complaint.includes('ERR_CONNECTION_'))
  })
})
