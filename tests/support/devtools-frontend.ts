import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'

/** A request as the Network panel lists it after an archive was imported there. */
export interface ImportedRequest {
  readonly url: string
  readonly type: string
  readonly status: number
  readonly frames: readonly {
    readonly type: string
    readonly opCode: number
    readonly text: string
    readonly time: number
  }[]
}

/** A browser in which Chromium's own DevTools can be opened on a page, and asked. */
export class DevtoolsBrowser {
  readonly browser: Browser
  readonly #port: number

  private constructor(browser: Browser, port: number) {
    this.browser = browser
    this.#port = port
  }

  static async launch(): Promise<DevtoolsBrowser> {
    const port = await freePort()
    const browser = await launchBrowser([`--remote-debugging-port=${port}`, '--remote-allow-origins=*'])
    return new DevtoolsBrowser(browser, port)
  }

  /** Opens DevTools on a page; from now on they list what it requests. */
  async open(page: Page): Promise<DevtoolsFrontend> {
    const targets = (await (await fetch(`http://127.0.0.1:${this.#port}/json`)).json()) as {
      readonly url: string
      readonly webSocketDebuggerUrl: string
    }[]
    const target = targets.find(({ url }) => url === page.url())
    if (!target) throw new Error(`no target ${page.url()}`)
    const frontend = await this.browser.newPage()
    const address = target.webSocketDebuggerUrl.replace('ws://', 'ws=')
    await frontend.goto(`devtools://devtools/bundled/inspector.html?${address}&panel=network`)
    await frontend.evaluate(
      program('await until(() => TargetManager.TargetManager.instance().primaryPageTarget())'),
    )
    // They may have asked for the network's events, and not have been heard yet.
    while (!(await frontend.evaluate(program('return listed().length > 0'))))
      await page.evaluate(() => fetch(location.href).then(response => response.text()))
    return new DevtoolsFrontend(frontend)
  }
}

/** DevTools that are open on a page. */
export class DevtoolsFrontend {
  readonly #page: Page
  constructor(page: Page) {
    this.#page = page
  }

  /** The archive that “Export HAR” writes, when a WebSocket to this URL is listed with that many messages. */
  async exportHar(url: string, messages: number): Promise<unknown> {
    const isListed = `each => each.url() === ${JSON.stringify(url)} && each.frames().length === ${messages}`
    await this.#page.evaluate(program(`await until(() => listed().some(${isListed}))`))
    return this.#page.evaluate(program('return { log: await Log.Log.build(listed(), { sanitize: false }) }'))
  }

  /** What “Import HAR” makes of an archive. */
  async importHar(har: string): Promise<ImportedRequest[]> {
    return this.#page.evaluate(
      program(`
        const { log } = new HARFormat.HARRoot(JSON.parse(${JSON.stringify(har)}))
        return Importer.Importer.requestsFromHARLog(log).map(each => ({
          url: each.url(),
          type: each.resourceType().name(),
          status: each.statusCode,
          frames: each.frames().map(({ type, opCode, text, time }) => ({ type, opCode, text, time })),
        }))`),
    )
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/**
 * A program that runs inside DevTools, with modules of theirs. A text, since the test runner would make another
 * function of `import()`.
 */
function program(body: string): string {
  return `(async () => {
    const load = path => import(new URL(path, location.href).href)
    const { Log, HARFormat, Importer } = await load('./models/har/har.js')
    const { NetworkLog } = await load('./models/logs/logs.js')
    const { TargetManager } = await load('./core/sdk/sdk.js')
    const until = async isTrue => {
      // Not by animation frames: a page behind another draws none.
      while (!isTrue()) await new Promise(resolve => setTimeout(resolve, 20))
    }
    const listed = () => NetworkLog.NetworkLog.instance().requests()
    ${body}
  })()`
}
