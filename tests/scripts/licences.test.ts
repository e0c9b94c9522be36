import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { licenceList } from '../../scripts/launch/licences.mjs'
import { SERVER_PACKAGES, withNeeded, type Locked } from '../../scripts/launch/runtime.mjs'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }

/** What may be used without more than naming it, or, of the last two, as long as it stays a package of its own. */
const KNOWN = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Python-2.0',
  'Zlib',
  'LGPL-3.0-or-later',
  'MPL-2.0',
]

test('docs/licences.md says what the lock says (npm run licences writes it)', () => {
  expect(read('docs/licences.md')).toBe(licenceList(packages))
})

test('every licence is one that has been thought about', () => {
  const entries = Object.entries(packages).filter(([path]) => path !== '')
  const unknown = entries.filter(([, { license = 'none' }]) =>
    license
      .replaceAll(/[()]/g, '')
      .split(/ AND | OR /)
      .some(each => !KNOWN.includes(each)),
  )
  expect(unknown.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
})

test('what the server runs on asks nobody to pass its source on', () => {
  const licences = withNeeded(packages, SERVER_PACKAGES).map(path => packages[path]?.license)
  expect(
    licences.filter(licence => !/^(0BSD|Apache-2\.0|BSD-3-Clause|ISC|MIT)$/.test(licence ?? '')),
  ).toEqual([])
})

test('a package is found as Node finds it: nearest first', () => {
  const locked = {
    'node_modules/a': { version: '1', dependencies: { b: '1', c: '1' } },
    'node_modules/a/node_modules/b': { version: '1', dependencies: { c: '1' } },
    'node_modules/b': { version: '2' },
    'node_modules/c': { version: '1' },
    'node_modules/d': { version: '1' },
  }
  expect(withNeeded(locked, ['a'])).toEqual([
    'node_modules/a',
    'node_modules/a/node_modules/b',
    'node_modules/c',
  ])
})
