// @ts-check
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, diskCodeIn, sentenceFor } from './failure.mjs'
import { cacheFolder } from './files.mjs'
import { run } from './run.mjs'

// The site is built from everything but these; a new folder counts until it is named here.
const NOT_SITE = [
  'bench',
  'deploy',
  'dist',
  'docs',
  'eslint.config.mjs',
  'knip.config.ts',
  'LICENSE',
  'node_modules',
  'release',
  'sandbox-server',
  'scripts',
  'test-results',
  'tests',
  'vitest.config.ts',
]
const SITE_ENV = /^(PUBLIC_SANDBOX_URL|SITE_URL|BASE_PATH)$/

/**
 * Hash of all that the built site depends on.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export function siteHash(root, env) {
  const hash = createHash('sha256')
  for (const name of Object.keys(env)
    .filter(each => SITE_ENV.test(each))
    .sort()) {
    hash.update(`${name}=${env[name]}\0`)
  }
  const entries = readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !NOT_SITE.includes(name) && !name.endsWith('.md') && !name.endsWith('.log'))
    .filter(({ name }) => !name.startsWith('.') || name.startsWith('.env'))
  addEntries(hash, root, '', entries)
  return hash.digest('hex')
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} root
 * @param {string} folder relative to the root, with `/` at its end
 * @param {import('node:fs').Dirent[]} entries
 */
function addEntries(hash, root, folder, entries) {
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder + entry.name
    if (entry.isDirectory()) {
      addEntries(hash, root, `${path}/`, readdirSync(join(root, path), { withFileTypes: true }))
    } else if (entry.isFile()) {
      const bytes = readFileSync(join(root, path))
      hash.update(`${path}\0${bytes.length}\0`).update(bytes)
    }
  }
}

/**
 * Whether `dist/` is what a build would make now.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export function isBuilt(root, env) {
  const stamp = join(root, '.cache', 'site-hash')
  return (
    existsSync(stamp) &&
    existsSync(join(root, 'dist', 'index.html')) &&
    readFileSync(stamp, 'utf8') === siteHash(root, env)
  )
}

/**
 * Builds the site into `dist/`, which stays as it was until the new one is complete.
 * @param {object} options
 * @param {string} options.root
 * @param {readonly string[]} options.astro command that runs Astro
 * @param {NodeJS.ProcessEnv} options.env
 * @param {(line: string) => void} options.say
 */
export async function buildSite({ root, astro, env, say }) {
  say('Building the site…')
  const cache = cacheFolder(root)
  const stamp = join(cache, 'site-hash')
  const next = join(cache, 'site-next')
  const previous = join(cache, 'site-previous')
  const dist = join(root, 'dist')
  const hash = siteHash(root, env)
  rmSync(next, { recursive: true, force: true })
  const [command = '', ...args] = astro
  const { ok, output } = await run(command, [...args, 'build', '--outDir', next], {
    cwd: root,
    env,
    quiet: true,
  })
  if (!ok) {
    const sentence = sentenceFor(diskCodeIn(output), 'The site could not be built', root)
    if (sentence !== undefined) throw new Failure(sentence)
    process.stderr.write(output)
    throw new Failure('The site could not be built; Astro said why above.')
  }
  rmSync(stamp, { force: true })
  rmSync(previous, { recursive: true, force: true })
  if (existsSync(dist)) renameSync(dist, previous)
  renameSync(next, dist)
  writeFileSync(stamp, hash)
  rmSync(previous, { recursive: true, force: true })
}
