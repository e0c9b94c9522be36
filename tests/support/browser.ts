import { chromium, type Browser } from 'playwright-core'
import { findBrowser as findInstalled } from '../../scripts/launch/browser.mjs'

/** Path of the browser that tests use. */
export function findBrowser(): string {
  const path = findInstalled(process.env)
  if (path === undefined)
    throw new Error('No Chrome or Chromium found: set CHROME_PATH, or let npm test install one.')
  return path
}

// The browser speaks to nobody but the pages under test.
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a headless browser; `args` are added to its command line. */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    args: [...QUIET, ...args],
    // Chromium refuses to start its sandbox as root.
    chromiumSandbox: process.getuid?.() !== 0,
  })
}
