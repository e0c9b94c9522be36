import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { SERVER_PACKAGES } from '../../scripts/launch/runtime.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

test('a release has the packages that the server imports, and no others', () => {
  const sources = globSync('{sandbox-server,contract,protocol,words}/**/*.ts', { cwd: ROOT }).filter(
    file => file !== 'sandbox-server/astro-integration.ts',
  )
  const imported = sources.flatMap(file =>
    [
      ...readFileSync(`${ROOT}${file}`, 'utf8').matchAll(
        /^(?:import|export|\}) .*?from '((?:@[\w-]+\/)?[a-z][\w-]*)(?=['/])/gm,
      ),
    ].map(([, name]) => name),
  )
  expect([...new Set(imported)].toSorted()).toEqual([...SERVER_PACKAGES].toSorted())
})
