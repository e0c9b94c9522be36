import type { Page } from 'playwright-core'

/** What a WebSocket of the page was told at its end, as the browser's own event said it. */
export interface ToldScript {
  readonly url: string
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/** Listens to the `close` event of every WebSocket that the page will open; call before it is loaded. */
export async function listenToCloses(page: Page): Promise<(path: string) => Promise<readonly ToldScript[]>> {
  await page.addInitScript(() => {
    window.toldAtClose = []
    const Native = window.WebSocket
    window.WebSocket = class extends Native {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols)
        this.addEventListener('close', ({ code, reason, wasClean }) =>
          window.toldAtClose.push({ url: this.url, code, reason, wasClean }),
        )
      }
    }
  })
  return async path => {
    const told = await page.evaluate(() => window.toldAtClose)
    return told.filter(({ url }) => new URL(url).pathname === path)
  }
}

declare global {
  interface Window {
    toldAtClose: ToldScript[]
  }
}
