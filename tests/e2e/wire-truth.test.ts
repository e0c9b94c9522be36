import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { watchSockets, type DevtoolsSocket } from '../support/devtools.ts'
import { LabPage } from '../support/lab-page.ts'
import { startCourse, type RunningCourse } from '../support/running-course.ts'

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
  page = await browser.newPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  sockets = await watchSockets(page)
})
afterEach(() => page.close())

const labSocket = () => {
  const socket = sockets.findLast(({ url }) => new URL(url).pathname.startsWith('/lab/'))
  if (socket === undefined) throw new Error('the page opened no lab connection')
  return socket
}

/** Header lines without the first: devtools rewrites the request line. */
const headerLines = (text: string) =>
  text
    .split('\r\n')
    .slice(1)
    .filter(line => line !== '')

async function openFirstConnection(): Promise<LabPage> {
  await page.goto(`${course.url}lessons/first-connection/`)
  const lab = new LabPage(page, 'first-connection')
  await lab.hydrated()
  await lab.button('연결하기').click()
  await lab.reach('live')
  return lab
}

test('the handshake in the lesson is what devtools says the browser sent and received, in order and case', async () => {
  await page.goto(`${course.url}lessons/handshake/`)
  const lab = new LabPage(page, 'handshake')
  await lab.hydrated()
  await lab.reach('live')
  const socket = labSocket()
  // Devtools tells in its own time.
  await expect.poll(() => socket.status).toBe(101)

  await lab.wireRows('client').first().click()
  const request = await lab.headLines()
  expect(request[0]).toBe(`GET ${new URL(socket.url).pathname}${new URL(socket.url).search} HTTP/1.1`)
  expect(request.slice(1)).toEqual(headerLines(socket.requestHeadersText))

  await lab.wireRows('server').first().click()
  const response = await lab.headLines()
  expect(response).toEqual(socket.responseHeadersText.split('\r\n').filter(line => line !== ''))
})

const cases: readonly { readonly name: string; readonly hex?: string; readonly text?: string }[] = [
  { name: 'Korean text', text: '안녕하세요, 웹소켓 👋' },
  { name: 'three bytes of binary', hex: '00ff80' },
  { name: 'no byte of text', text: '' },
  { name: 'no byte of binary', hex: '' },
  ...[125, 126, 65_535, 65_536].map(length => ({
    name: `${length} bytes of text`,
    text: 'a'.repeat(length - 3) + '끝',
  })),
  ...[125, 126, 65_535, 65_536].map(length => ({
    name: `${length} bytes of binary`,
    hex: Buffer.from(Uint8Array.from({ length }, (_, index) => index * 7)).toString('hex'),
  })),
]

test.each(cases)('a message of $name is shown as devtools reports it, both ways', async ({ text, hex }) => {
  const lab = await openFirstConnection()
  if (hex === undefined) await lab.sendText(text ?? '')
  else await lab.sendHex(hex)
  await lab.plate.locator('li.script', { hasText: 'message 이벤트' }).waitFor()
  // The handshake and the one frame each way.
  await lab.wireRows('server').nth(1).waitFor()

  const { messages } = labSocket()
  await expect.poll(() => messages).toHaveLength(2)
  for (const [index, side] of (['client', 'server'] as const).entries()) {
    const reported = messages[index]
    await lab.wireRows(side).nth(1).click()
    const bits = await lab.shownBits()
    const bytes = await lab.copiedBytes()
    const shown = await lab.gridBytes()
    expect(shown.length).toBe(Math.min(bytes.length, 256))
    expect(Buffer.compare(shown, bytes.subarray(0, shown.length)), 'grid and copy agree').toBe(0)
    expect(Number.parseInt(bits.slice(4, 8), 2)).toBe(reported?.opcode)
    expect(bits[8] === '1').toBe(reported?.mask)
    expect(bits).toBe([bytes[0], bytes[1]].map(byte => (byte ?? 0).toString(2).padStart(8, '0')).join(''))
    const payload = Buffer.from(reported?.payload ?? '', reported?.opcode === 2 ? 'base64' : 'utf8')
    expect(Buffer.compare(payloadOf(bytes), payload), 'same payload').toBe(0)
    expect(payload.toString('hex')).toBe(hex ?? Buffer.from(text ?? '').toString('hex'))
  }
})

/** Reads a frame by RFC 6455 §5.2, with no help from the code under test. */
function payloadOf(frame: Uint8Array): Buffer {
  const bytes = Buffer.from(frame)
  const short = bytes.readUInt8(1) & 0x7f
  const extended = short === 127 ? 8 : short === 126 ? 2 : 0
  const masked = bytes.readUInt8(1) >= 0x80
  const key = masked ? bytes.subarray(2 + extended, 6 + extended) : Buffer.alloc(4)
  const payload = bytes.subarray(2 + extended + (masked ? 4 : 0))
  return Buffer.from(payload.map((byte, index) => byte ^ key.readUInt8(index % 4)))
}

/** What the page was told when each of its WebSockets closed, by path, as it comes. */
async function watchCloses(): Promise<() => Promise<unknown>> {
  await page.addInitScript(() => {
    const Native = WebSocket
    window.WebSocket = class extends Native {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols ?? [])
        this.addEventListener('close', ({ code, reason, wasClean }) => {
          if (new URL(this.url).pathname.startsWith('/lab/'))
            document.documentElement.setAttribute('data-close', JSON.stringify({ code, reason, wasClean }))
        })
      }
    }
  })
  return async () => {
    await page.locator('html[data-close]').waitFor()
    const told: unknown = JSON.parse((await page.locator('html').getAttribute('data-close')) ?? 'null')
    return told
  }
}

/** The payload of the last frame a side sent, which must be a Close. */
async function closePayload(
  lab: LabPage,
  side: 'client' | 'server',
): Promise<{ code: number; reason: string }> {
  await lab.wireRows(side).last().click()
  const bytes = await lab.gridBytes()
  expect((bytes[0] ?? 0) & 0x0f).toBe(0x8)
  const payload = payloadOf(bytes)
  return { code: payload.readUInt16BE(), reason: payload.toString('utf8', 2) }
}

test.each([
  {
    who: 'the page',
    code: 1000,
    reason: '',
    act: (lab: LabPage) => lab.button('끊기').click(),
  },
  {
    who: 'the server, of a message that is too long,',
    code: 1009,
    reason: 'Message size limit (RFC 6455 §10.4)',
    act: (lab: LabPage) => lab.sendHex('00'.repeat(65_537)),
  },
])('when $who closes with $code, the wire shows what the page was told', async ({ code, reason, act }) => {
  const closed = await watchCloses()
  const lab = await openFirstConnection()
  await act(lab)
  await lab.reach('ended')
  expect(await closed()).toEqual({ code, reason, wasClean: true })
  const line = await lab.plate.locator('li.script', { hasText: 'close 이벤트' }).textContent()
  expect(line).toContain(`code ${code}`)
  expect(line).toContain('wasClean true')
  expect(await closePayload(lab, 'server')).toEqual({ code, reason })
  expect((await closePayload(lab, 'client')).code).toBe(code)
})

test('when the sandbox shuts down, the wire shows the 1001 the page was told', async () => {
  const ending = await startCourse(await builtSite())
  const closed = await watchCloses()
  await page.goto(`${ending.url}lessons/first-connection/`)
  const lab = new LabPage(page, 'first-connection')
  await lab.hydrated()
  await lab.button('연결하기').click()
  await lab.reach('live')
  expect(await ending.stop()).toBe(0)
  const reason = 'the sandbox is shutting down'
  expect(await closed()).toEqual({ code: 1001, reason, wasClean: true })
  await lab.reach('absent')
  await lab.button('끊기기 전 내 연결 보기').click()
  expect(await closePayload(lab, 'server')).toEqual({ code: 1001, reason })
})

test('two readers who speak at once see each their own connection and nothing of the other', async () => {
  const readers = await Promise.all(
    ['가나다라', '마바사아'].map(async secret => {
      const context = await browser.newContext()
      const own = await context.newPage()
      await own.goto(`${course.url}lessons/first-connection/`)
      const lab = new LabPage(own, 'first-connection')
      await lab.hydrated()
      await lab.button('연결하기').click()
      await lab.reach('live')
      return { secret, context, lab }
    }),
  )
  await Promise.all(
    readers.map(async ({ secret, lab }) => {
      for (let i = 0; i < 10; i++) await lab.sendText(`${secret} ${i}`)
      await lab.wireRows('server').nth(10).waitFor()
    }),
  )
  for (const { secret, lab, context } of readers) {
    const other = readers.find(each => each.secret !== secret)?.secret ?? ''
    const shown = (await lab.plate.textContent()) ?? ''
    // Sent, on the wire both ways, received.
    expect(shown.split(`${secret} 9`).length - 1).toBeGreaterThanOrEqual(4)
    expect(shown).not.toContain(other)
    await context.close()
  }
})
