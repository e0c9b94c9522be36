// @ts-check
import { existsSync, rmSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import { Failure, codeOf, npmCodeIn, npmPathIn, sentenceFor, sentenceForNpm } from './failure.mjs'
import { readJson } from './files.mjs'
import { run } from './run.mjs'

// Long enough for a network that stumbles, short enough to say within a quarter of a minute that there is none.
const RETRIES = 2
const FETCH = [
  `--fetch-retries=${RETRIES}`,
  '--fetch-retry-factor=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
]
// Left alone, npm goes on to try each of hundreds of packages as often.
const NO_NETWORK = new RegExp(`attempt ${RETRIES + 1} failed with`)
// Tests and the build need the development packages too, whatever NODE_ENV or the user's npm configuration says.
const EVERYTHING = ['--include=dev', '--include=optional', '--include=peer', '--engine-strict=false']

/**
 * Installs a folder from its lockfile.
 * @param {object} options
 * @param {string} options.folder
 * @param {string} options.what what is installed, for the progress line and the failure
 * @param {() => boolean} options.isDone
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.say
 */
export async function install({ folder, what, isDone, env, say }) {
  say(`Installing ${what}…`)
  const [command, ...args] = npmCommand(process.env, process.execPath)
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--no-update-notifier', '--loglevel=http']
  const { ok, output } = await run(
    command,
    [...args, 'ci', '--ignore-scripts', '--prefer-offline', ...EVERYTHING, ...FETCH, ...quiet],
    { cwd: folder, env, quiet: true, hopeless: NO_NETWORK },
  ).catch(error => {
    throw codeOf(error) === 'ENOENT'
      ? new Failure('npm was not found. Install Node together with npm.')
      : error
  })
  // npm only warns of files it could not write, and is silent about optional packages it could not fetch.
  const isTruncated = output.includes('TAR_ENTRY_ERROR')
  if (ok && !isTruncated && isDone()) return
  rmSync(recordIn(folder), { force: true })
  const code = npmCodeIn(output) ?? (ok ? 'ENOTCACHED' : undefined)
  const path = npmPathIn(output)
  const isOutside = path !== undefined && isAbsolute(path) && relative(folder, path).startsWith('..')
  const sentence = isOutside
    ? sentenceForNpm(code, 'Installing failed', path)
    : sentenceFor(code, 'Installing failed', folder)
  if (sentence !== undefined) throw new Failure(sentence)
  process.stderr.write(output)
  throw new Failure(
    `Installing failed in ${folder}; npm said why above. Run the same command again when that is put right.`,
  )
}

/**
 * How to run npm: the one that is running us, else the one beside Node, else the one on the PATH.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} execPath
 * @returns {[string, ...string[]]}
 */
export function npmCommand(env, execPath) {
  const running = env['npm_execpath']
  // Under yarn or pnpm this names them, and they do not read npm's lockfile.
  if (running !== undefined && /^npm(-cli\.[cm]?js)?$/.test(basename(running))) return [execPath, running]
  const beside = [
    join(dirname(execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find(existsSync)
  return beside === undefined ? ['npm'] : [execPath, beside]
}

/**
 * Whether `node_modules` is what the lockfile says. npm writes its own record into `node_modules` when an install is
 * complete, so one that was interrupted has none.
 * @param {string} folder
 */
export function isInstalled(folder) {
  const record = recordIn(folder)
  if (!existsSync(record)) return false
  /** @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} Entry */
  /** @type {Record<string, Entry>} */
  let installed
  try {
    installed = readJson(record).packages
  } catch {
    return false
  }
  /** @type {Record<string, Entry>} */
  const locked = readJson(join(folder, 'package-lock.json')).packages
  const same = Object.entries(installed).every(([path, entry]) => {
    const wanted = locked[path]
    return wanted?.version === entry.version && wanted?.integrity === entry.integrity && fitsHere(entry)
  })
  // An optional package may be left out where it does not fit; one made for this platform is what others run on.
  const isNeeded = (/** @type {Entry} */ entry) =>
    entry.optional !== true || (entry.os !== undefined && entry.cpu !== undefined && fitsHere(entry))
  return (
    same &&
    Object.entries(locked).every(([path, entry]) => path === '' || path in installed || !isNeeded(entry))
  )
}

/** @param {string} folder */
function recordIn(folder) {
  return join(folder, 'node_modules', '.package-lock.json')
}

/** @param {{ os?: string[], cpu?: string[], libc?: string[] }} entry */
function fitsHere({ os, cpu, libc }) {
  return (
    fits(os, process.platform) && fits(cpu, process.arch) && (libc === undefined || fits(libc, libcHere()))
  )
}

function libcHere() {
  /** @type {any} the report's shape is not typed */
  const report = process.report?.getReport()
  return report?.header?.glibcVersionRuntime === undefined ? 'musl' : 'glibc'
}

/**
 * Whether a platform is among those of a package, which may also be listed as the ones it is not for (`!win32`).
 * @param {readonly string[] | undefined} list
 * @param {string} value
 */
function fits(list, value) {
  if (list === undefined || list.includes(value)) return true
  return !list.includes(`!${value}`) && list.every(each => each.startsWith('!'))
}
