// @ts-check
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { administrator, installDebianPackage } from './debian.mjs'
import { Failure } from './failure.mjs'
import { run } from './run.mjs'

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome']

/**
 * Path of a Chrome or Chromium that runs: CHROME_PATH, else one installed on the machine, else Playwright's.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 * @throws {Failure} when CHROME_PATH names none
 */
export function findBrowser(env) {
  const given = env['CHROME_PATH']
  if (given !== undefined && given !== '') {
    if (!runs(given))
      throw new Failure(`CHROME_PATH=${given} is not a browser that runs here. Correct it or leave it out.`)
    return given
  }
  return [...installedPlaces(env), playwrightPlace()].find(runs)
}

/** @param {NodeJS.ProcessEnv} env */
function installedPlaces(env) {
  if (process.platform === 'darwin')
    return ['Google Chrome', 'Chromium'].map(name => `/Applications/${name}.app/Contents/MacOS/${name}`)
  if (process.platform === 'win32')
    return [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']]
      .filter(folder => folder !== undefined)
      .map(folder => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'))
  const folders = (env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '')
  return NAMES.flatMap(name => folders.map(folder => join(folder, name)))
}

/** Where Playwright keeps its Chromium, whether it is there or not. */
function playwrightPlace() {
  return createRequire(import.meta.url)('playwright-core').chromium.executablePath()
}

/** @param {string} file */
function runs(file) {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    return false
  }
  // Chrome on Windows opens a window instead of telling its version.
  if (process.platform === 'win32') return true
  // A package may leave a stub, or a browser whose libraries are missing: only an answer counts.
  return spawnSync(file, ['--version'], { timeout: 30_000, stdio: 'ignore' }).status === 0
}

/**
 * As `findBrowser`, installing one when there is none: Playwright's, else the distribution's.
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.node
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.say
 * @returns {Promise<string>}
 * @throws {Failure} when none can be had
 */
export async function ensureBrowser({ root, node, env, say }) {
  const found = findBrowser(env)
  if (found !== undefined) return found

  say('Installing a browser for the tests: there is no Chrome or Chromium here…')
  const playwright = join(root, 'node_modules', 'playwright-core', 'cli.js')
  const options = { cwd: root, env, quiet: true }
  let { output } = await run(node, [playwright, 'install', 'chromium'], options)
  if (!runs(playwrightPlace()) && existsSync('/usr/bin/apt-get')) {
    output += await installDebianPackage('chromium', options, say)
    if (findBrowser(env) === undefined && existsSync(playwrightPlace()) && administrator() !== undefined) {
      output += (await run(node, [playwright, 'install-deps', 'chromium'], options)).output
    }
  }
  const installed = findBrowser(env)
  if (installed !== undefined) return installed
  process.stderr.write(output)
  throw new Failure(
    'The tests need a browser and none could be installed; the reasons are above. Install Google Chrome or Chromium, or set CHROME_PATH to the one you have.',
  )
}
