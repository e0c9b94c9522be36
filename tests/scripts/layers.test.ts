import { ESLint } from 'eslint'
import { beforeAll, describe, expect, test } from 'vitest'

let eslint: ESLint

beforeAll(() => {
  eslint = new ESLint({
    // The samples are not files of the project, so the rules that ask the type checker are left out.
    overrideConfig: [
      {
        files: ['**/*.ts'],
        languageOptions: { parserOptions: { projectService: false, project: false, program: null } },
      },
    ],
    ruleFilter: ({ ruleId }) => ['layers/imports', 'no-restricted-globals', 'no-console'].includes(ruleId),
  })
})

async function faults(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: file })
  return result?.messages.map(message => message.message) ?? []
}

describe('an import the layers forbid is reported', () => {
  test.each([
    ['protocol/sample.ts', `import '#contract/events.ts'`, 'protocol/ must not import contract/'],
    ['protocol/sample.ts', `import { x } from '../contract/events.ts'`, `alias '#contract/…'`],
    ['protocol/sample.ts', `import { readFileSync } from 'node:fs'`, `Node's 'node:fs'`],
    ['protocol/sample.ts', `import { readFileSync } from 'fs'`, `Node's 'fs'`],
    ['protocol/sample.ts', `import * as v from 'valibot'`, `the package 'valibot'`],
    ['protocol/sample.ts', `export * from '#recording/recording.ts'`, 'protocol/ must not import recording/'],
    ['protocol/sample.ts', `const x = await import('../src/app.ts')`, 'protocol/ must not import src/'],
    ['protocol/sample.ts', `import '#protocol/frame.ts'`, 'by relative path'],
    ['protocol/sample.ts', `import '#words/ko/rules.ts'`, 'protocol/ must not import words/'],
    ['words/ko/sample.ts', `import '#contract/events.ts'`, 'words/ must not import contract/'],
    ['words/ko/sample.ts', `import '#words/span.ts'`, 'by relative path'],
    ['contract/sample.ts', `import '#words/ko/rules.ts'`, 'contract/ must not import words/'],
    ['contract/sample.ts', `import '#recording/recording.ts'`, 'contract/ must not import recording/'],
    ['contract/sample.ts', `import { WebSocket } from 'ws'`, `the package 'ws'`],
    [
      'recording/sample.ts',
      `import '../sandbox-server/tap.ts'`,
      'recording/ must not import sandbox-server/',
    ],
    ['sandbox-server/sample.ts', `import '../src/app.ts'`, 'sandbox-server/ must not import src/'],
    ['sandbox-server/sample.ts', `import '#recording/recording.ts'`, 'must not import recording/'],
    ['sandbox-server/sample.ts', `import '../protocol/frame.ts'`, `alias '#protocol/…'`],
    ['sandbox-server/labs/sample.ts', `import '../../tests/support/x.ts'`, 'must not reach outside itself'],
    ['src/sample.ts', `import '../sandbox-server/tap.ts'`, 'src/ must not import sandbox-server/'],
    ['src/sample.ts', `import '#words/en/rules.ts'`, 'src/ speaks Korean'],
    ['src/deep/sample.ts', `export { x } from '../../contract/events.ts'`, `alias '#contract/…'`],
    ['src/sample.ts', `import { WebSocketServer } from 'ws'`, `must not import 'ws'`],
    [
      'src/sample.ts',
      `type T = import('../sandbox-server/tap.ts').Tap`,
      'src/ must not import sandbox-server/',
    ],
    ['tests/sample.test.ts', `import '../protocol/frame.ts'`, `alias '#protocol/…'`],
  ])('%s: %s', async (file, code, expected) => {
    expect(await faults(file, code)).toEqual([expect.stringContaining(expected)])
  })

  test('in an Astro page', async () => {
    const code = `---\nimport { tap } from '../../sandbox-server/tap.ts'\n---\n<p>{tap}</p>\n`
    expect(await faults('src/pages/sample.astro', code)).toEqual([
      expect.stringContaining('src/ must not import sandbox-server/'),
    ])
  })

  test('in a Svelte component', async () => {
    const code = `<script lang="ts">\n  import { tap } from '../../sandbox-server/tap.ts'\n</script>\n<p>{tap}</p>\n`
    expect(await faults('src/components/Sample.svelte', code)).toEqual([
      expect.stringContaining('src/ must not import sandbox-server/'),
    ])
  })
})

test.each([
  ['protocol/sample.ts', `import './frame.ts'`],
  ['words/ko/sample.ts', `import '#protocol/rules.ts'\nimport '../span.ts'`],
  ['contract/sample.ts', `import '#protocol/role.ts'\nimport 'valibot'`],
  ['recording/sample.ts', `import '#protocol/role.ts'\nimport '#contract/events.ts'`],
  [
    'sandbox-server/labs/sample.ts',
    `import 'node:net'\nimport 'ws'\nimport '../tap.ts'\nimport '#protocol/frame.ts'\nimport '#words/en/rules.ts'`,
  ],
  [
    'src/lib/sample.ts',
    `import 'svelte'\nimport 'astro:content'\nimport '#recording/recording.ts'\nimport '#words/ko/rules.ts'\nimport '../x.css'`,
  ],
  ['tests/sample.test.ts', `import 'ws'\nimport '../sandbox-server/tap.ts'\nimport '#protocol/frame.ts'`],
])('what the layers allow passes: %s', async (file, code) => {
  expect(await faults(file, code)).toEqual([])
})

test.each([
  ['document.title', 'document'],
  ['process.exit()', 'process'],
  ['Buffer.alloc(1)', 'Buffer'],
  ['setTimeout(f, 1)', 'setTimeout'],
  ['performance.now()', 'performance'],
])('protocol/ may not use the global of %s', async (code, name) => {
  expect(await faults('protocol/sample.ts', `export const f = () => ${code}`)).toEqual([
    expect.stringContaining(`'${name}'`),
  ])
})

test('protocol/ may use the language and the text codecs', async () => {
  const code = `export const f = () => new DataView(new TextEncoder().encode(new TextDecoder().decode()).buffer)`
  expect(await faults('protocol/sample.ts', code)).toEqual([])
})

test.each(['src', 'protocol', 'contract', 'recording'])('%s/ may not write to the console', async folder => {
  expect(await faults(`${folder}/sample.ts`, `console.log('x')`)).toContainEqual(
    expect.stringContaining('console'),
  )
})
