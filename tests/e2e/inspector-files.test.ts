import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MAX_FILE_BYTES } from '#recording/limits.ts'
import { toPcapng } from '#recording/pcapng-writer.ts'
import { serializeRecording } from '#recording/recording-writer.ts'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { InspectorPage } from '../support/inspector-page.ts'
import { manyFrames, recordingOf } from '../support/long-recording.ts'
import { serveFolder, type StaticHost } from '../support/static-host.ts'

let browser: Browser
let host: StaticHost
let page: Page
let complaints: string[]

beforeAll(async () => {
  host = await serveFolder(await builtSite())
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await host?.stop()
})
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  complaints = []
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  page.on('dialog', dialog => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
})
afterEach(async () => {
  await page.close()
  expect(complaints).toEqual([])
})

const opened = () => InspectorPage.open(page, host.url)
const utf8 = (text: string) => new TextEncoder().encode(text)
const json = (...args: Parameters<typeof recordingOf>) =>
  serializeRecording(recordingOf(...args), { secrets: 'keep' })

const SCRIPT = '<script>window.hacked = true</script><img src=x onerror="window.hacked = true">'

describe('a hostile file', () => {
  test('with scripts in its payloads, heads and names is shown as text', async () => {
    const inspector = await opened()
    const recording = recordingOf(
      [
        { from: 'server', opcode: 1, payload: utf8(SCRIPT) },
        { from: 'server', opcode: 1, payload: utf8(`{"html":${JSON.stringify(SCRIPT)}}`) },
        { from: 'server', opcode: 8, payload: Uint8Array.of(3, 0xe8, ...utf8(SCRIPT.slice(0, 100))) },
      ],
      SCRIPT,
      { requestLines: [`X-Script: ${SCRIPT}`, `Via: ${SCRIPT}`] },
    )
    const marked = { ...recording, marks: [{ at: 1000, connection: 1, label: SCRIPT }] }
    await inspector.importFile('a.json', serializeRecording(marked, { secrets: 'keep' }))
    await inspector.reach('recording')
    for (let number = 1; number <= 5; number++) {
      await inspector.line(number).click()
      await expect.poll(() => inspector.list.getAttribute('aria-activedescendant')).toBe(`item-${number - 1}`)
    }
    await inspector.line(4).click()
    await expect
      .poll(async () => (await inspector.detail('항목')).locator('pre').textContent())
      .toContain('<script>')
    await inspector.tool.getByRole('tab', { name: '순서도' }).click()
    await inspector.detail('연결')
    expect(await inspector.tool.locator('script, img').count()).toBe(0)
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    await expect.poll(() => inspector.tool.textContent()).toContain(SCRIPT)
  })

  test('with NULs, lone surrogates, bidirectional overrides and overlong bytes shows them for what they are', async () => {
    const inspector = await opened()
    await inspector.importFile(
      'b.json',
      json([
        { from: 'server', opcode: 1, payload: utf8('a\0b\u202ec\u2066d') },
        { from: 'server', opcode: 1, payload: Uint8Array.of(0x61, 0xed, 0xa0, 0x80, 0x62) },
        { from: 'server', opcode: 1, payload: Uint8Array.of(0xc0, 0xaf) },
        { from: 'server', opcode: 1, payload: utf8('{"s":"\\ud800"}') },
      ]),
    )
    await inspector.reach('recording')
    const sentences = await inspector.sentences()
    expect(sentences[2]).toContain('a␀b')
    for (const sentence of sentences.slice(3, 5)) expect(sentence).toContain('규칙 위반: 텍스트는 UTF-8')
    await inspector.line(4).click()
    const view = await inspector.detail('항목')
    await expect.poll(() => view.textContent()).toContain('UTF-8이 아닌 바이트')
    await inspector.line(6).click()
    await expect.poll(() => view.locator('pre').textContent()).toContain('"\\ud800"')
  })

  test('whose frame says it is 1 GiB long, or 2^63, is shown up to there', async () => {
    const inspector = await opened()
    for (const length of [
      [0, 0, 0, 0, 0x40, 0, 0, 0],
      [0x80, 0, 0, 0, 0, 0, 0, 0],
    ]) {
      const tail = Uint8Array.of(0x82, 127, ...length, 1, 2, 3)
      await inspector.importFile(
        'c.json',
        json([{ from: 'server', opcode: 1, payload: utf8('전') }], '', { tail }),
      )
      await inspector.reach('recording')
      await expect.poll(() => inspector.count()).toBe(4)
      expect((await inspector.sentences())[3]).toMatch(/해석할 수 없는 바이트, 13바이트.*규칙 위반: /)
    }
  })

  test.each([
    ['nothing at all', 'empty.json', ''],
    ['bytes that are no format', 'noise.bin', new Uint8Array(5_000).map((_, index) => (index * 97) % 251)],
    ['JSON that is another thing', 'other.json', '{"hello":"world"}'],
    [
      'half a recording',
      'half.json',
      json([{ from: 'server', opcode: 1, payload: utf8('x') }]).slice(0, 400),
    ],
    ['a recording of the future', 'new.json', json([]).replace(/"version": \d+/, '"version": 999')],
    ['half a capture', 'half.pcapng', toPcapng(recordingOf(manyFrames(20))).slice(0, 900)],
  ])('that holds %s is refused in words, and nothing else changes', async (_, name, content) => {
    const inspector = await opened()
    await inspector.importFile('good.json', json([{ from: 'server', opcode: 1, payload: utf8('좋은 것') }]))
    await inspector.reach('recording')
    const before = await inspector.sentences()
    await inspector.importFile(name, content)
    await expect.poll(() => inspector.notice()).toMatch(new RegExp(`^\\s*${name}: .*(니다|다)\\.`))
    expect(await inspector.sentences()).toEqual(before)
    await inspector.button('닫기').first().click()
    await expect.poll(() => inspector.tool.getByRole('alert').filter({ hasText: /./ }).count()).toBe(0)
  })

  test('whose socket ends a hundred thousand times is shown without holding the page up', async () => {
    const inspector = await opened()
    const recording = recordingOf([{ from: 'server', opcode: 1, payload: utf8('끝없는 끝') }])
    const endings = Array.from({ length: 100_000 }, () => ({ at: 5_000, how: 'reset' as const }))
    const connections = recording.connections.map(one => ({ ...one, endings }))
    await inspector.importFile(
      'ends.json',
      serializeRecording({ ...recording, connections }, { secrets: 'keep' }),
    )
    await inspector.reach('recording')
    await expect.poll(() => inspector.count()).toBe(100_003)
    const view = await inspector.detail('연결')
    await expect.poll(() => view.textContent()).toContain('그 밖에 99,980번 더')
    expect(await view.locator('li').count()).toBeLessThan(30)
  })

  test('that is too large is refused before it is read', async () => {
    const inspector = await opened()
    const size = MAX_FILE_BYTES + 1
    // Playwright hands over no file of that size: the page is given one that only says so.
    await page.evaluate(length => {
      const transfer = new DataTransfer()
      const file = new File(['x'], 'huge.json')
      Object.defineProperty(file, 'size', { value: length })
      transfer.items.add(file)
      const event = new DragEvent('drop', { bubbles: true, cancelable: true })
      Object.defineProperty(event, 'dataTransfer', { value: { files: [file], types: ['Files'] } })
      window.dispatchEvent(event)
    }, size)
    await expect.poll(() => inspector.notice()).toContain('파일이 너무 큽니다')
    await inspector.reach('empty')
  })
})

test('a file dropped anywhere on the page is opened', async () => {
  const inspector = await opened()
  await page.evaluate(
    text => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([text], 'dropped.json'))
      for (const type of ['dragover', 'drop'])
        document.body.dispatchEvent(
          new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }),
        )
    },
    json([{ from: 'client', opcode: 1, payload: utf8('떨어뜨린 것') }]),
  )
  await inspector.reach('recording')
  expect((await inspector.sentences()).join()).toContain('떨어뜨린 것')
})

test('a text dragged into a field is the field’s, not a file', async () => {
  const inspector = await opened()
  const taken = await inspector.tool.getByLabel('서브프로토콜').evaluate(field => {
    const transfer = new DataTransfer()
    transfer.setData('text/plain', 'anatomy.v1')
    return !field.dispatchEvent(
      new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }),
    )
  })
  expect(taken).toBe(false)
  await inspector.reach('empty')
})

test('a link that holds no recording says so', async () => {
  const inspector = await InspectorPage.open(page, host.url, '#r=AAAA')
  await expect.poll(() => inspector.notice()).toContain('링크를 끝까지 복사했는지')
  await page.goto('about:blank')
  await InspectorPage.open(page, host.url, '#sample=nothing')
  await expect.poll(() => inspector.notice()).toContain('예시 목록에서')
})

/** For a machine that does other things, too: how long it may take is measured in `bench/`. */
const PATIENT = { timeout: 10_000 }

describe('a recording of 100,000 frames', () => {
  test('is all there: counted, filtered, searched, jumped through, drawn with few nodes', async () => {
    const inspector = await opened()
    await inspector.importFile('long.json', json(manyFrames(100_000), '긴 기록'))
    await inspector.reach('recording')
    await expect.poll(() => inspector.count(), PATIENT).toBe(100_002)
    const filter = inspector.tool.getByRole('form', { name: '거르기' })
    await filter.getByRole('checkbox', { name: '핑' }).check()
    await expect.poll(() => inspector.count(), PATIENT).toBe(500)
    await filter.getByRole('checkbox', { name: '핑' }).uncheck()
    await filter.getByLabel('내용에 든 말로 거르기').fill('천 번째')
    await expect.poll(() => inspector.count(), PATIENT).toBe(100)
    await filter.getByRole('button', { name: '거르기 풀기' }).click()
    await expect.poll(() => inspector.count(), PATIENT).toBe(100_002)
    await inspector.tool.getByLabel('번호나 시각으로 이동하기').fill('77777')
    await inspector.tool.getByLabel('번호나 시각으로 이동하기').press('Enter')
    await expect.poll(() => inspector.list.locator('.line#item-77776').isVisible()).toBe(true)
    expect(await inspector.sentence(77_777)).toContain('{"n":77774,')
    await inspector.list.focus()
    await page.keyboard.press('End')
    await inspector.line(100_002).waitFor()
    const nodes = await inspector.tool.evaluate(tool => {
      const walker = document.createTreeWalker(tool, NodeFilter.SHOW_ALL)
      let count = 0
      while (walker.nextNode()) count++
      return count
    })
    expect(nodes).toBeLessThanOrEqual(2_000)
  })
})
