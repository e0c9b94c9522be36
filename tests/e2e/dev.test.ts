import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { launchBrowser } from '../support/browser.ts'
import { withoutVitest } from '../support/built-site.ts'
import { LabPage } from '../support/lab-page.ts'

const LAUNCH = fileURLToPath(new URL('../../scripts/launch.mjs', import.meta.url))

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

/** Starts `npm run dev` without npm, and waits for the address it prints. */
async function startDev() {
  const child = spawn(process.execPath, [LAUNCH, 'dev'], {
    env: { ...withoutVitest(process.env), PORT: '0', HOST: '127.0.0.1', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close')
  let printed = ''
  child.stderr.on('data', (bytes: Buffer) => (printed += bytes.toString()))
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      printed += bytes.toString()
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(printed)?.[0]
      if (address !== undefined) resolve(address)
    })
    void ended.then(() => reject(new Error(`npm run dev ended:\n${printed}`)))
  })
  return { url: await url, child, ended }
}

test(
  'npm run dev serves the course, hot reload and the sandbox on one port, and says 1001 when it stops',
  { timeout: 120_000 },
  async () => {
    const { url, child, ended } = await startDev()
    const { host } = new URL(url)
    const page = await browser.newPage()
    const sockets: string[] = []
    page.on('websocket', socket => sockets.push(new URL(socket.url()).host))
    await page.goto(`${url}lessons/first-connection/`)
    const lab = new LabPage(page, 'first-connection')
    // The first visit compiles what the page needs, and reloads it when a dependency was new.
    await expect
      .poll(
        async () => {
          await lab.hydrated()
          await lab.button('연결하기').click()
          return lab.plate.getAttribute('data-lab-state')
        },
        { timeout: 90_000 },
      )
      .not.toBe('waiting')
    await lab.reach('live')
    await lab.sendText('개발')
    await lab.plate.locator('li.script', { hasText: 'message 이벤트' }).waitFor()
    // Vite's own, the control channel, the lab.
    expect(new Set(sockets)).toEqual(new Set([host]))
    expect(sockets.length).toBeGreaterThanOrEqual(3)

    const socket = new WebSocket(`ws://${host}/lab/echo`)
    await once(socket, 'open')
    const closed = once(socket, 'close')
    child.kill('SIGTERM')
    expect((await closed)[0]).toBe(1001)
    await ended
    await page.close()
  },
)
