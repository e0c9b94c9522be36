import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const CACHE = join(ROOT, '.cache')
const INPUTS = [
  '{src,protocol,words,contract,recording,public,site-build}/**/*',
  'sandbox-server/astro-integration.ts',
  'astro.config.mjs',
  'package-lock.json',
]

/** How often whoever builds says that it still does. */
const LOCK_SIGN_MS = 3_000

/** What distinguishes one built site from another. */
export interface SiteOptions {
  /** Path it is deployed under, as in `/course`. */
  readonly base?: string
  /** PUBLIC_SANDBOX_URL. */
  readonly sandboxUrl?: string
  /** SITE_URL; an empty one leaves the site without an address. */
  readonly siteUrl?: string
}

/**
 * Folder of the site built from the sources as they are, under `.cache/`. Built only when an input has changed;
 * test files that ask at the same time wait for one build.
 */
export async function builtSite(options: SiteOptions = {}): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 8)
  const folder = join(CACHE, `test-site-${name}`)
  const stamp = `${folder}.stamp`
  const lock = `${folder}.lock`
  mkdirSync(CACHE, { recursive: true })
  while (!takeLock(lock)) await sleep(200)
  const alive = setInterval(() => utimesSync(lock, new Date(), new Date()), LOCK_SIGN_MS)
  try {
    const wanted = hashOfInputs()
    if (readIfThere(stamp) === wanted) return folder
    rmSync(stamp, { force: true })
    await build(folder, options)
    writeFileSync(stamp, wanted)
    return folder
  } finally {
    clearInterval(alive)
    rmSync(lock, { recursive: true, force: true })
  }
}

async function build(
  folder: string,
  { base = '', sandboxUrl = '', siteUrl = 'https://course.example' }: SiteOptions,
): Promise<void> {
  const astro = join(ROOT, 'node_modules', 'astro', 'bin', 'astro.mjs')
  try {
    await promisify(execFile)(process.execPath, [astro, 'build', '--outDir', folder], {
      cwd: ROOT,
      env: {
        ...withoutVitest(process.env),
        NODE_ENV: 'production',
        ASTRO_TELEMETRY_DISABLED: '1',
        BASE_PATH: base,
        SITE_URL: siteUrl,
        PUBLIC_SANDBOX_URL: sandboxUrl,
      },
    })
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
    throw new Error(`the site does not build:\n${output}`, { cause: error })
  }
}

/** Vitest puts what `import.meta.env` holds into the environment, and the build would take it for its own. */
export function withoutVitest(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const theirs = /^(NODE_ENV|MODE|BASE_URL|DEV|PROD|SSR|TEST|VITEST.*)$/
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !theirs.test(name)))
}

/** A directory is made by one process only; one left by a run that was killed gets no more signs of life. */
function takeLock(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch {
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - made > 10 * LOCK_SIGN_MS) rmSync(path, { recursive: true, force: true })
    return false
  }
}

function hashOfInputs(): string {
  const hash = createHash('sha256')
  for (const file of INPUTS.flatMap(pattern => globSync(pattern, { cwd: ROOT })).toSorted()) {
    const path = join(ROOT, file)
    if (!statSync(path).isFile()) continue
    hash.update(`${file}\0`).update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
