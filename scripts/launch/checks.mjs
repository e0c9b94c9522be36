// @ts-check
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './failure.mjs'
import { readJson } from './files.mjs'
import { run, stopIfInterrupted } from './run.mjs'

/**
 * @typedef {object} Project
 * @property {string} root
 * @property {NodeJS.ProcessEnv} env
 * @property {(name: string) => string[]} tool command that runs an installed tool
 * @property {(line: string) => void} say
 */

/** What is checked about the sources without running them, in this order. */
const SECTIONS = [
  {
    name: 'format',
    tools: [
      ['prettier', '--check', '--cache', '--cache-location', '.cache/prettier', '--log-level', 'warn', '.'],
    ],
  },
  {
    name: 'lint',
    tools: [
      // Astro writes the types of the content collections, which all checkers from here on read.
      ['astro', 'sync', '--silent'],
      ['eslint', '.', '--max-warnings', '0'],
    ],
  },
  {
    name: 'types',
    tools: [
      ['tsc', '--noEmit', '--project', '.'],
      ['astro', 'check', '--noSync', '--minimumFailingSeverity', 'warning'],
      ['svelte-check', '--fail-on-warnings', '--output', 'human'],
    ],
  },
  { name: 'dead code', tools: [['knip', '--no-progress']] },
]

/**
 * @param {Project} project
 * @throws {Failure} naming the first section that does not pass
 */
export async function checkSources({ root, env, tool, say }) {
  for (const { name, tools } of SECTIONS) {
    const started = performance.now()
    for (const [command = '', ...args] of tools) {
      const [program = '', ...before] = tool(command)
      const { ok, output } = await run(program, [...before, ...args], { cwd: root, env, quiet: true })
      if (ok) continue
      process.stderr.write(output)
      throw new Failure(`${name}: ${command} found something, see above.`)
    }
    say(`${name}: ok (${seconds(started)})`)
  }
}

/**
 * Runs the tests and ends with one line that counts them.
 * @param {Project} project
 * @param {readonly string[]} filters
 * @returns {Promise<number>} exit code
 */
export async function runTests({ root, env, tool }, filters) {
  const report = join(root, '.cache', 'test-report.json')
  mkdirSync(join(root, '.cache'), { recursive: true })
  rmSync(report, { force: true })
  const [program = '', ...before] = tool('vitest')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await run(program, [...before, 'run', ...reporters, ...filters], { cwd: root, env })
  stopIfInterrupted()
  if (!existsSync(report)) throw new Failure('tests: Vitest could not run them, see above.')
  const counts = countTests(readJson(report))
  process.stdout.write(`\n${countLine(counts)}\n`)
  return code === 0 && counts.failed > 0 ? 1 : code
}

/**
 * @typedef {{ status: string }} ReportedTest
 * @param {{ testResults: { status: string, assertionResults: ReportedTest[] }[] }} report as Vitest's JSON reporter writes it
 */
export function countTests({ testResults }) {
  const tests = testResults.flatMap(file => file.assertionResults)
  const failed = tests.filter(test => test.status === 'failed').length
  // A file that could not even be loaded, or whose set-up failed, has no failed test; it counts as one.
  const broken = testResults.filter(
    file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
  ).length
  const passed = tests.filter(test => test.status === 'passed').length
  return { passed, failed: failed + broken, skipped: tests.length - passed - failed }
}

/** @param {{ passed: number, failed: number, skipped: number }} counts */
export function countLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** @param {number} started */
function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`
}
