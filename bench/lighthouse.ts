/** Lighthouse's scores for one page of each kind, as a phone on a slow network, served as in production. */
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import lighthouse, { type Result } from 'lighthouse'
import { findBrowser } from '../tests/support/browser.ts'
import { builtSite } from '../tests/support/built-site.ts'
import { startCourse } from '../tests/support/running-course.ts'

const site = await builtSite()
/** The home page, lessons with labs, and what stands beside them for search engines to find, such as a glossary. */
const PAGES = [
  '',
  'lessons/first-connection/',
  'lessons/handshake/',
  ...globSync('*/index.html', { cwd: site })
    .filter(file => !readFileSync(join(site, file), 'utf8').includes('content="noindex"'))
    .map(file => `${dirname(file)}/`),
]
/** The least that a page may score. */
const GOALS = { performance: 98, accessibility: 100, 'best-practices': 100, seo: 100 } as const
const CATEGORIES = Object.keys(GOALS) as (keyof typeof GOALS)[]
/** A score is the median of these runs: one alone varies with what else the machine does. */
const RUNS = 5
const ATTEMPTS = 4
/**
 * Lighthouse's mobile preset stands for a phone that is four times slower than a fast desktop, whose benchmark index
 * is this. On a machine that is itself slower, or busy, the factor is lowered by as much, as Lighthouse advises.
 */
const FAST_DESKTOP = 1750
const SLOWDOWN = 4

/** A browser that Lighthouse can steer; its own way of starting one leaves the profile behind. */
async function startBrowser(): Promise<{ port: number; stop: () => Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'lighthouse-'))
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(
    findBrowser(),
    [
      '--headless=new',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...sandbox,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let printed = ''
  for await (const bytes of child.stderr) {
    printed += String(bytes)
    const port = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(printed)?.[1]
    if (port === undefined) continue
    child.stderr.resume()
    return {
      port: Number(port),
      stop: async () => {
        const exit = once(child, 'exit')
        child.kill()
        await exit
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  }
  throw new Error(`the browser did not start: ${printed}`)
}

async function measure(url: string, port: number, cpuSlowdownMultiplier: number): Promise<Result> {
  const flags = { port, logLevel: 'error', onlyCategories: CATEGORIES } as const
  for (let attempt = 1; ; attempt++) {
    const run = await lighthouse(url, { ...flags, throttling: { cpuSlowdownMultiplier } })
    const problem = run ? run.lhr.runtimeError?.message : 'no result'
    if (run && problem === undefined) return run.lhr
    // A busy machine loses the beginning of a trace now and then.
    if (attempt === ATTEMPTS) throw new Error(`${url}: ${problem ?? ''}`)
  }
}

/** How much slower than this machine, as it was a moment ago, the phone is. */
function slowdownFor({ environment }: Result): number {
  return Math.min(SLOWDOWN, Math.max(1, (SLOWDOWN * environment.benchmarkIndex) / FAST_DESKTOP))
}

const scoreOf = (result: Result, category: string): number =>
  Math.round((result.categories[category]?.score ?? 0) * 100)

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/** The times and shifts that performance is made of. */
const VITALS = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'speed-index',
  'total-blocking-time',
  'cumulative-layout-shift',
]

function vitalOf(results: readonly Result[], id: string): string {
  const value = median(results.map(({ audits }) => audits[id]?.numericValue ?? Number.NaN))
  const short = id.replaceAll(/(\w)\w*-?/g, '$1').toUpperCase()
  return id === 'cumulative-layout-shift' ? `${short} ${value.toFixed(3)}` : `${short} ${value.toFixed(0)} ms`
}

/** What a page does wrong, beside being slow. */
function failed({ categories, audits }: Result): string[] {
  return CATEGORIES.filter(category => category !== 'performance')
    .flatMap(category => categories[category]?.auditRefs ?? [])
    .flatMap(({ id, weight }) => {
      const audit = audits[id]
      return audit && weight > 0 && audit.score !== null && audit.score < 1 ? [`  ${audit.title}`] : []
    })
}

const course = await startCourse(site)
const browser = await startBrowser()
let missed = false
try {
  let before = await measure(course.url, browser.port, SLOWDOWN)
  console.log(`${`median of ${RUNS}`.padEnd(28)}${CATEGORIES.map(name => name.padStart(15)).join('')}`)
  for (const path of PAGES) {
    const results: Result[] = []
    const slowdowns: number[] = []
    for (let run = 0; run < RUNS; run++) {
      slowdowns.push(slowdownFor(before))
      before = await measure(course.url + path, browser.port, slowdowns[run] ?? SLOWDOWN)
      results.push(before)
    }
    const scores = CATEGORIES.map(category => median(results.map(result => scoreOf(result, category))))
    console.log(`${`/${path}`.padEnd(28)}${scores.map(score => String(score).padStart(15)).join('')}`)
    console.log(
      `  ${VITALS.map(id => vitalOf(results, id)).join(', ')}, CPU slowed down ${median(slowdowns).toFixed(1)}×`,
    )
    if (CATEGORIES.some((category, index) => (scores[index] ?? 0) < GOALS[category])) missed = true
    for (const line of new Set(results.flatMap(failed))) console.log(line)
  }
} finally {
  await browser.stop()
  await course.stop()
}
if (missed) {
  console.log(`short of the goal: ${CATEGORIES.map(category => `${category} ${GOALS[category]}`).join(', ')}`)
  process.exitCode = 1
}
