import { gzipSync } from 'node:zlib'
import type { Page, Response } from 'playwright-core'

export const KINDS = ['document', 'stylesheet', 'script', 'font'] as const
export type Kind = (typeof KINDS)[number]
/** Bytes by kind: text compressed with gzip, fonts as sent. */
export type Weight = Readonly<Record<Kind, number>>

/** What a page loads, counted in a real browser. */
export interface PageWeight {
  /** On a small screen, without scrolling. */
  readonly first: Weight
  /** After every lab has been in view. */
  readonly all: Weight
}

const isKind = (kind: string): kind is Kind => KINDS.some(each => each === kind)

/** @param page a new one, whose context keeps service workers out: they load on their own account */
export async function weighPage(page: Page, url: string): Promise<PageWeight> {
  const sizes: Record<Kind, number> = { document: 0, stylesheet: 0, script: 0, font: 0 }
  const counted: Promise<void>[] = []
  const count = (response: Response): void => {
    const kind = response.request().resourceType()
    if (!isKind(kind)) return
    counted.push(
      response.body().then(body => {
        sizes[kind] += kind === 'font' ? body.length : gzipSync(body, { level: 9 }).length
      }),
    )
  }
  page.on('response', count)
  const settled = async (): Promise<Weight> => {
    await page.waitForLoadState('networkidle')
    await Promise.all(counted)
    return { ...sizes }
  }
  await page.setViewportSize({ width: 390, height: 700 })
  await page.goto(url)
  const first = await settled()
  await showEveryLab(page)
  const all = await settled()
  // What comes from now on is nobody's: the page may be closed before it is there.
  page.off('response', count)
  await Promise.allSettled(counted)
  return { first, all }
}

/** Scrolls to each island and waits until its script runs. */
export async function showEveryLab(page: Page): Promise<void> {
  for (const island of await page.locator('astro-island').all()) {
    await island.locator('> *').first().scrollIntoViewIfNeeded()
    await island.and(page.locator(':not([ssr])')).waitFor({ state: 'attached' })
  }
}
