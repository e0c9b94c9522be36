import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Stands for npm: notes that it ran and makes the folders that `npm ci` would, or fails as FAKE_NPM says. */
const NPM = `
const { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require('node:fs')
const { dirname } = require('node:path')
appendFileSync(process.env.FAKE_LOG, 'npm ' + process.argv[2] + '\\n')
const mode = process.env.FAKE_NPM
if (mode && mode.startsWith('code ')) {
  console.error('npm error ' + mode)
  process.exit(1)
}
if (mode === 'silent') process.exit(0)
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
rmSync('node_modules', { recursive: true, force: true })
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '') continue
  mkdirSync(path + '/bin', { recursive: true })
  writeFileSync(path + '/package.json', JSON.stringify({ version: entry.version, bin: 'bin/run.mjs' }))
  if (path.includes('/node-')) symlinkSync(process.env.FAKE_NODE, path + '/bin/node')
  else writeFileSync(path + '/bin/run.mjs', readFileSync(process.env.FAKE_ASTRO))
}
const { '': root, ...installed } = lock.packages
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: installed }))
if (mode === 'truncate') console.error('npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write')
`

/** Stands for Astro: `build --outDir <folder>` copies the lesson, or fails when the lesson says so. */
const ASTRO = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const [command, , outDir] = process.argv.slice(2)
appendFileSync(process.env.FAKE_LOG, 'astro ' + command + '\\n')
const lesson = readFileSync('src/lesson.txt', 'utf8')
if (lesson === 'broken') {
  console.error('lesson.txt:1: it is broken')
  process.exit(1)
}
mkdirSync(outDir, { recursive: true })
writeFileSync(outDir + '/index.html', lesson)
`

const SANDBOX = `
import { createServer } from 'node:http'
const server = createServer().listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log('http://127.0.0.1:' + server.address().port + '/')
})
process.on('SIGTERM', () => process.exit(7))
`

const CONFIG = `
export class ConfigError extends Error {}
export function readConfig(env: Record<string, string | undefined>): void {
  if (env['LIMIT_X'] !== undefined) throw new ConfigError('LIMIT_X is not a limit')
}
`

const SETTINGS = `
export class SettingError extends Error {}
export function checkSiteSettings(env: Record<string, string | undefined>): void {
  if (env['SITE_URL'] === 'bad') throw new SettingError('SITE_URL is bad')
}
`

/** What a run of the launcher came to. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder laid out as the project, with the real launcher and stand-ins for all that it starts. */
export class FakeProject {
  /** With a space and Korean letters in it, as a reader's may have. */
  readonly root: string
  readonly #log: string
  readonly #env: NodeJS.ProcessEnv

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'launch-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    this.root = join(folder, '웹 소켓')
    this.#log = join(folder, 'log')
    const repository = dirname(dirname(import.meta.dirname))
    mkdirSync(this.root)
    cpSync(join(repository, 'scripts', 'launch.mjs'), join(this.root, 'scripts', 'launch.mjs'))
    cpSync(join(repository, 'scripts', 'launch'), join(this.root, 'scripts', 'launch'), { recursive: true })
    // Without it, a package.json somewhere above the folder says what kind of module the fake npm is.
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
    writeFileSync(join(folder, 'npm-cli.js'), NPM)
    writeFileSync(join(folder, 'astro.mjs'), ASTRO)
    writeFileSync(this.#log, '')
    this.engines('>=18.0.0')
    this.lock({ 'node_modules/astro': { version: '1.0.0' } })
    this.write('src/lesson.txt', 'one')
    this.write('sandbox-server/main.ts', SANDBOX)
    this.write('sandbox-server/config.ts', CONFIG)
    this.write('site-build/site-settings.ts', SETTINGS)
    this.#env = {
      PATH: process.env['PATH'],
      PORT: '0',
      npm_execpath: join(folder, 'npm-cli.js'),
      FAKE_LOG: this.#log,
      FAKE_ASTRO: join(folder, 'astro.mjs'),
      FAKE_NODE: process.execPath,
    }
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true })
  }

  /** When a file or a folder was last changed. */
  modified(path: string): number {
    return statSync(join(this.root, path)).mtimeMs
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path))
  }

  engines(range: string): void {
    this.write('package.json', JSON.stringify({ type: 'module', engines: { node: range } }))
  }

  /** Packages of the lockfile by path. */
  lock(packages: Record<string, object>, folder = ''): void {
    this.write(`${folder}package-lock.json`, JSON.stringify({ packages: { '': {}, ...packages } }))
  }

  /** What has been run since the last call, one command each. */
  ran(): string[] {
    const lines = readFileSync(this.#log, 'utf8')
      .split('\n')
      .filter(line => line !== '')
    writeFileSync(this.#log, '')
    return lines
  }

  /** Starts the launcher; it is killed at the end of the test if it still runs. */
  launch(command: string, env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn(process.execPath, ['scripts/launch.mjs', command], {
      cwd: this.root,
      env: { ...this.#env, ...env },
    })
    onTestFinished(() => void child.kill('SIGTERM'))
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', text => (stdout += String(text)))
    child.stderr.on('data', text => (stderr += String(text)))
    const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }))
    return { child, ended }
  }

  /** Runs a command that ends by itself. */
  async run(command: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.launch(command, env).ended
  }

  /** Runs `start` until it is ready, then stops it as npm would. */
  async startAndStop(env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const { child, ended } = this.launch('start', env)
    if (child.stdout === null) throw new Error('no output')
    await Promise.race([once(child.stdout, 'data'), ended])
    child.kill('SIGTERM')
    return ended
  }
}
