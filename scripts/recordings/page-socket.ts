import type { Page } from 'playwright-core'
import type { ScriptEvent } from '#recording/recording.ts'

/** The `WebSocket` of a page, and what JavaScript did with it and was told, in the words of the labs. */
export class PageSocket {
  readonly #page: Page
  private constructor(page: Page) {
    this.#page = page
  }

  /** Has a page open a WebSocket. */
  static async open(page: Page, url: string, protocols: readonly string[]): Promise<PageSocket> {
    await page.evaluate(openInPage, { url, protocols })
    return new PageSocket(page)
  }

  /** Resolves when JavaScript has been told so for that many times, 1 unless said. */
  async told(what: 'open' | 'message' | 'error' | 'close', times = 1): Promise<void> {
    await this.#page.waitForFunction(
      ([name, count]) => window.recorded.script.filter(event => event.what === name).length >= count,
      [what, times] as const,
      { polling: 2 },
    )
  }

  async send(data: string | Uint8Array): Promise<void> {
    await this.#page.evaluate(
      value => window.recorded.send(typeof value === 'string' ? value : Uint8Array.from(value)),
      typeof data === 'string' ? data : [...data],
    )
  }

  async close(code?: number, reason?: string): Promise<void> {
    await this.#page.evaluate(([c, r]) => window.recorded.close(c, r), [code, reason] as const)
  }

  /** Everything so far; times are milliseconds of the system's clock. */
  script(): Promise<ScriptEvent[]> {
    return this.#page.evaluate(() => window.recorded.script)
  }
}

declare global {
  interface Window {
    recorded: {
      readonly script: ScriptEvent[]
      send(data: string | Uint8Array<ArrayBuffer>): void
      close(code?: number, reason?: string): void
    }
  }
}

/** Runs in the page. */
function openInPage({ url, protocols }: { url: string; protocols: readonly string[] }): void {
  const script: ScriptEvent[] = []
  const note = (what: ScriptEvent['what'], ...parts: readonly (string | number | undefined)[]) => {
    const detail = parts.filter(part => part !== undefined && part !== '').join(' ')
    script.push({ at: performance.timeOrigin + performance.now(), what, detail })
  }
  const said = (data: string | Uint8Array) =>
    typeof data === 'string' ? JSON.stringify(data) : `${data.byteLength}바이트 바이너리`
  const heard = (data: string | ArrayBuffer) =>
    typeof data === 'string' ? JSON.stringify(data) : `ArrayBuffer ${data.byteLength}바이트`
  const offered = protocols.map(each => JSON.stringify(each)).join(', ')
  note('new', offered === '' ? '' : `[${offered}]`)
  const socket = protocols.length === 0 ? new WebSocket(url) : new WebSocket(url, [...protocols])
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('open', () => {
    note('open', socket.protocol === '' ? '' : `protocol: ${JSON.stringify(socket.protocol)}`)
  })
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) =>
    note('message', heard(data)),
  )
  socket.addEventListener('error', () => note('error'))
  socket.addEventListener('close', ({ code, reason, wasClean }) => {
    const parts = [`code ${code}`, reason === '' ? '' : JSON.stringify(reason), `wasClean ${wasClean}`]
    note('close', parts.filter(Boolean).join(' · '))
  })
  window.recorded = {
    script,
    send(data) {
      note('send', said(data))
      socket.send(data)
    },
    close(code, reason) {
      note('close()', code, reason)
      socket.close(code, reason)
    },
  }
}
