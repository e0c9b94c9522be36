import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'
import { findBrowser as findInstalled } from '../../scripts/launch/browser.mjs'

/** Path of the browser that tests use. */
export function findBrowser(): string {
  const path = findInstalled(process.env)
  if (path === undefined)
    throw new Error('No Chrome or Chromium found: set CHROME_PATH, or let npm test install one.')
  return path
}

/**
 * Features of the browser that no page under test needs. The list takes the place of Playwright's own, whose names are
 * here too. The pop-ups of the address bar are pages themselves: made for every window, they took more of the processor
 * than what was tested.
 */
const FEATURES_OFF = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'PreloadTopChromeWebUI',
  'ThirdPartyStoragePartitioning',
]

// The browser speaks to nobody but the pages under test.
const QUIET = [
  `--disable-features=${FEATURES_OFF.join(',')}`,
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

/** A browser whose user has set it up: `preferences` as in the file of that name in a profile. Ends when closed. */
export async function launchProfile(preferences: object): Promise<BrowserContext> {
  const profile = mkdtempSync(join(tmpdir(), 'profile-'))
  mkdirSync(join(profile, 'Default'))
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findBrowser(),
    args: QUIET,
    chromiumSandbox: process.getuid?.() !== 0,
  })
  context.on('close', () => rmSync(profile, { recursive: true, force: true }))
  return context
}
