import type { Browser, Page } from 'playwright-core'
import type { InspectorPage } from './inspector-page.ts'
import { tasksDuring, type Task } from './thread-time.ts'

/** What was seen of the inspector while 1,000 messages a second went out and came back. */
export interface Flood {
  /** Tasks of the page's main thread after the warm-up. */
  readonly tasks: readonly Task[]
  /** Nodes of every kind in the tool, at each look. */
  readonly nodes: readonly number[]
  /** Bytes of the JavaScript heap after a forced collection, at each look from when the ring was full. */
  readonly heaps: readonly number[]
  /** Messages the page has sent by the end. */
  readonly sent: number
  /** Milliseconds from a filter being asked for to its result, at each look. */
  readonly filtering: readonly number[]
}

export const FLOOD_RATE = 1_000

/** Nodes that the tool is made of, text included. */
async function nodesIn(inspector: InspectorPage): Promise<number> {
  return inspector.tool.evaluate(tool => {
    const walker = document.createTreeWalker(tool, NodeFilter.SHOW_ALL)
    let count = 0
    while (walker.nextNode()) count++
    return count
  })
}

/** Floods a live connection for so many seconds after a warm-up, looking, scrolling and filtering meanwhile. */
export async function flood(
  browser: Browser,
  page: Page,
  inspector: InspectorPage,
  seconds: number,
): Promise<Flood> {
  const devtools = await page.context().newCDPSession(page)
  const nodes: number[] = []
  const heaps: number[] = []
  const filtering: number[] = []
  await inspector.repeat('흐르는 말 {n}', FLOOD_RATE, 1_000_000)
  // Warm until the ring of 10,000 has been full once.
  await inspector.tool.getByText('한도를 넘어 잊음').waitFor({ timeout: 60_000 })
  const filter = inspector.tool.getByRole('form', { name: '거르기' })
  const tasks = await tasksDuring(browser, async () => {
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      nodes.push(await nodesIn(inspector))
      // Up, where the list stays, and back to its end.
      await inspector.list.hover()
      await page.mouse.wheel(0, -2_000)
      await inspector.reach('paused')
      nodes.push(await nodesIn(inspector))
      filtering.push(await timeOfFilter(page))
      await filter.getByRole('button', { name: '거르기 풀기' }).click()
      await inspector.button('따라가기').click()
      await inspector.reach('live')
    }
  })
  for (let look = 0; look < 5; look++) {
    await page.waitForTimeout(500)
    await devtools.send('HeapProfiler.collectGarbage')
    heaps.push((await devtools.send('Runtime.getHeapUsage')).usedSize)
  }
  await inspector.button('되풀이 멈추기').click()
  // The last ones are told of with the next drawing.
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
  const said = (await inspector.composer.textContent()) ?? ''
  const sent = Number(/([\d,]+)번 보냄/.exec(said)?.[1]?.replaceAll(',', ''))
  return { tasks, nodes, heaps, sent, filtering }
}

/** Milliseconds from asking for server frames only to the first frame drawn with nothing else in the list. */
async function timeOfFilter(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const radio = [...document.querySelectorAll<HTMLInputElement>('[name=filter-from]')].at(-1)
    const started = performance.now()
    radio?.click()
    for (;;) {
      await new Promise(requestAnimationFrame)
      const rows = [...document.querySelectorAll('[role=listbox] .row')]
      if (rows.length > 0 && rows.every(row => row.classList.contains('server')))
        return performance.now() - started
    }
  })
}
