import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Locator, Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The rules about colours: of the others a theme changes nothing. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** What axe says of a page as it stands, in both themes. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await axeRun(page, COLOUR_RULES)
  await page.emulateMedia({ colorScheme: 'light' })
  return [...(await axeRun(page)), ...dark.map(found => `${found} in the dark theme`)]
}

/** What axe says of a page's colours where the reader's system chooses them. */
export async function axeForcedColours(page: Page): Promise<string[]> {
  await page.emulateMedia({ forcedColors: 'active' })
  const found = await axeRun(page, COLOUR_RULES)
  await page.emulateMedia({ forcedColors: null })
  return found
}

async function axeRun(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  await drawn(page)
  return page.evaluate(async only => {
    const turning = document.getAnimations().filter(each => each instanceof CSSTransition)
    await Promise.allSettled(turning.map(({ finished }) => finished))
    const { violations } = await window.axe.run(only ? { runOnly: [...only] } : {})
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html}`),
    )
  }, rules)
}

/** Resolves when the page has been laid out and drawn as it is now. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
}

/** Goes through the page once, as whoever has read it: all that comes when a reader is near has come, and stands still. */
export async function readThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight) {
      scrollTo({ top, behavior: 'instant' })
      await new Promise(requestAnimationFrame)
    }
    scrollTo({ top: 0, behavior: 'instant' })
  })
  await page.waitForFunction(
    () =>
      document.querySelector(
        ':not(:defined), astro-island[ssr], figure.code .code-copy[hidden], [data-lab-state=connecting]',
      ) === null,
  )
  await drawn(page)
}

/** Resolves when the questions of the lesson on the page can be answered. */
export async function questionsReady(page: Page): Promise<void> {
  await page.locator('[data-question]').first().scrollIntoViewIfNeeded()
  await page.waitForFunction(() => customElements.get('short-answer') !== undefined)
}

export function question(page: Page, id: string): Locator {
  return page.locator(`#question-${id}`)
}

/** Opens an option of a question with one right answer. */
export async function openOption(page: Page, id: string, which: 'right' | 'wrong'): Promise<void> {
  const option = question(page, id)
    .locator(`.option[data-correct=${which === 'right'}]`)
    .first()
  await option.locator('summary').click()
  await question(page, id).locator(`xpath=self::*[@data-result="${which}"]`).waitFor()
}

declare global {
  interface Window {
    axe: typeof axe
  }
}
