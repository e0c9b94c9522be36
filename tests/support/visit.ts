import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/**
 * Opens a page in a context of its own, lets the test look at it, and closes it whatever happens. Labs that connect by
 * themselves have done so.
 * @param prepare what has to be in place before the page is asked for
 */
export async function visit<T>(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<T>,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<T> {
  const context = await browser.newContext(options)
  try {
    const page = await context.newPage()
    await prepare?.(page)
    await page.goto(url)
    await page.waitForLoadState('networkidle')
    return await look(page)
  } finally {
    await context.close()
  }
}

/** Has the page find something in its storage, under a name of the course's. */
export function remember(page: Page, name: string, value: string): Promise<unknown> {
  return page.addInitScript(
    ([key = '', text = '']) => localStorage.setItem(key, text),
    [`websocket-anatomy:${name}`, value],
  )
}
