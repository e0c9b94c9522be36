/**
 * Fifty readers at once on one sandbox: from a reader's message to its frame, and the answer's, being shown. One of them
 * is a real browser in the first lesson, measured to the row in its DOM; the others are plain clients with a control
 * channel and a captured connection each, measured to the mirrored bytes. The same for the browser alone, before.
 */
import { once } from 'node:events'
import type { Page } from 'playwright-core'
import WebSocket from 'ws'
import { CONTROL_PATH, LAB_PATH_PREFIX, TICKET_PARAMETER } from '#contract/addresses.ts'
import { parseEvent, type Chunk } from '#contract/events.ts'
import { CONTRACT_VERSION } from '#contract/version.ts'
import { percentile } from '../src/wire/report-card.ts'
import { launchBrowser } from '../tests/support/browser.ts'
import { builtSite } from '../tests/support/built-site.ts'
import { LabPage } from '../tests/support/lab-page.ts'
import { startCourse } from '../tests/support/running-course.ts'

const READERS = 50
/** Messages of each reader, and how long it waits before the next: a hurried one. */
const MESSAGES = 40
const PAUSE_MS = 250
/** What the course promises, in milliseconds, of the 95th percentile. */
const GOAL_MS = 150

const pause = (ms: number) => new Promise(done => setTimeout(done, ms))

/** A reader without a browser: waits of every message until both frames of it were mirrored, in milliseconds. */
async function plainReader(url: string, number: number): Promise<{ waits: number[]; errors: number }> {
  const address = url.replace(/^http/, 'ws')
  const control = new WebSocket(new URL(CONTROL_PATH, address))
  let shown = { client: Buffer.alloc(0), server: Buffer.alloc(0) }
  let errors = 0
  control.on('message', (data: Buffer, isBinary) => {
    const event = parseEvent(isBinary ? new Uint8Array(data) : data.toString())
    if (event.type === 'ticket') control.emit('ticket', event.ticket)
    if (event.type === 'error' || event.type === 'dropped') errors++
    if (event.type === 'chunk') take(event)
  })
  const take = ({ from, bytes }: Chunk): void => {
    shown[from] = Buffer.concat([shown[from], bytes])
    control.emit('shown')
  }
  await once(control, 'open')
  control.send(JSON.stringify({ type: 'hello', version: CONTRACT_VERSION }))
  control.send(JSON.stringify({ type: 'ticket', request: 1, lab: 'echo' }))
  const [ticket] = (await once(control, 'ticket')) as [string]
  const lab = new WebSocket(new URL(`${LAB_PATH_PREFIX}echo?${TICKET_PARAMETER}=${ticket}`, address))
  lab.on('error', () => errors++)
  await once(lab, 'open')
  const waits: number[] = []
  await pause((PAUSE_MS * number) / READERS)
  for (let count = 0; count < MESSAGES; count++) {
    shown = { client: Buffer.alloc(0), server: Buffer.alloc(0) }
    const text = `읽는 이 ${number}의 말 ${count}`
    const from = performance.now()
    lab.send(text)
    const length = Buffer.byteLength(text)
    while (shown.client.length < length + 6 || shown.server.length < length + 2) await once(control, 'shown')
    waits.push(performance.now() - from)
    await pause(PAUSE_MS)
  }
  lab.close()
  control.close()
  return { waits, errors }
}

/** The same of the lab in a page, to the row of the answer in its timeline. */
async function browserReader(page: Page): Promise<number[]> {
  return page.evaluate(
    async ({ messages, pauseMs }) => {
      const plate = document.querySelector('#lab-first-connection')
      const send = [...(plate?.querySelectorAll('button') ?? [])].find(
        button => button.textContent.trim() === '보내기',
      )
      const waits: number[] = []
      for (let count = 0; count < messages; count++) {
        const rows = () => plate?.querySelectorAll('button.what.server').length ?? 0
        const before = rows()
        const from = performance.now()
        const shown = new Promise<void>(done => {
          const observer = new MutationObserver(() => {
            if (rows() === before) return
            observer.disconnect()
            done()
          })
          if (plate) observer.observe(plate, { subtree: true, childList: true })
        })
        send?.click()
        await shown
        waits.push(performance.now() - from)
        await new Promise(done => setTimeout(done, pauseMs))
      }
      return waits
    },
    { messages: MESSAGES, pauseMs: PAUSE_MS },
  )
}

function tell(name: string, waits: readonly number[]): void {
  const ascending = waits.toSorted((a, b) => a - b)
  const [median, late, worst] = [0.5, 0.95, 1].map(share => percentile(ascending, share)?.toFixed(1))
  console.log(
    `${name}: median ${median} ms, p95 ${late} ms (goal: under ${GOAL_MS}), worst ${worst} ms, ${waits.length} messages`,
  )
}

const course = await startCourse(await builtSite())
const browser = await launchBrowser()
try {
  const page = await browser.newPage()
  await page.goto(`${course.url}lessons/first-connection/`)
  const lab = new LabPage(page, 'first-connection')
  await lab.hydrated()
  await lab.button('연결하기').click()
  await lab.reach('live')
  tell('the browser alone', await browserReader(page))
  const [own, ...others] = await Promise.all([
    browserReader(page),
    ...Array.from({ length: READERS - 1 }, (_, number) => plainReader(course.url, number)),
  ])
  tell(`the browser among ${READERS} readers`, own)
  tell(
    `the other ${READERS - 1}`,
    others.flatMap(({ waits }) => waits),
  )
  console.log(`errors told to the others: ${others.reduce((sum, { errors }) => sum + errors, 0)}`)
} finally {
  await browser.close()
  await course.stop()
}
