import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serializeRecording } from '#recording/recording-writer.ts'
import { launchBrowser } from '../support/browser.ts'
import { builtSite } from '../support/built-site.ts'
import { InspectorPage } from '../support/inspector-page.ts'
import { manyFrames, recordingOf } from '../support/long-recording.ts'
import { serveFolder, type StaticHost } from '../support/static-host.ts'
import { tasksDuring } from '../support/thread-time.ts'

const BASE = '/ws/course'
/** Twice as long for each letter more. */
const ENDLESS = '^(a|a)+$'
const FRAMES = 20_000

let browser: Browser
let hosts: Readonly<Record<'own' | 'shared', StaticHost>>
beforeAll(async () => {
  hosts = {
    own: await serveFolder(await builtSite()),
    shared: await serveFolder(await builtSite({ base: BASE }), BASE),
  }
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  for (const host of Object.values(hosts ?? {})) await host.stop()
})

function* frames() {
  yield* manyFrames(FRAMES)
  yield { from: 'server', opcode: 1, payload: new TextEncoder().encode(`${'a'.repeat(500)}!`) } as const
}
const matching = (pattern: RegExp) =>
  [...frames()].filter(({ payload }) => pattern.test(new TextDecoder().decode(payload))).length

describe.each([
  ['on a host of its own', 'own'],
  ['under a path of a host', 'shared'],
] as const)('a filter by a regular expression, %s', (_, host) => {
  test('keeps the page answering, and is given up when it does not come to an end', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const complaints: string[] = []
    page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    const inspector = await InspectorPage.open(page, hosts[host].url)
    await inspector.importFile('long.json', serializeRecording(recordingOf(frames())))
    await inspector.reach('recording')
    const filter = inspector.tool.getByRole('form', { name: '거르기' })
    const field = filter.getByLabel('내용에 든 말로 거르기')
    await filter.getByRole('checkbox', { name: '정규식' }).check()

    const found = matching(/"n":\d*5,/)
    const typed = await tasksDuring(browser, async () => {
      await field.fill('"n":\\d*5,')
      await expect.poll(() => inspector.count()).toBe(found)
    })
    expect(Math.max(...typed.map(({ worked }) => worked))).toBeLessThan(200)

    const tried = await tasksDuring(browser, async () => {
      await field.fill(ENDLESS)
      await expect.poll(() => filter.textContent(), { timeout: 20_000 }).toContain('너무 오래 걸려')
    })
    expect(Math.max(...tried.map(({ worked }) => worked))).toBeLessThan(200)
    // The former one is in force again.
    await expect.poll(() => inspector.count()).toBe(found)
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')

    await field.fill('"n":\\d*7,')
    await expect.poll(() => inspector.count()).toBe(matching(/"n":\d*7,/))
    expect(await filter.textContent()).not.toContain('너무 오래 걸려')
    expect(complaints).toEqual([])
    await page.close()
  })
})
