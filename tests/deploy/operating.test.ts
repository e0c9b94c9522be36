import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEFAULT_LIMITS, limitVariable } from '../../sandbox-server/limits.ts'
import { ROOT } from './support/tools.ts'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const operating = read('docs/operating.md')

test('docs/operating.md names limits that there are, with their defaults', () => {
  const defaults = new Map(
    Object.entries(DEFAULT_LIMITS).map(([name, value]) => [limitVariable(name), String(value)]),
  )
  const rows = [...operating.matchAll(/^\| `(LIMIT_\w+)`\s+\| (\d+)/gm)].map(([, name, value]) => [
    name,
    value,
  ])
  expect(rows.length).toBeGreaterThan(5)
  expect(rows).toEqual(rows.map(([name = '']) => [name, defaults.get(name)]))
  const named = [...operating.matchAll(/LIMIT_[A-Z_]+/g)].map(([name]) => name)
  expect(named.filter(name => !defaults.has(name))).toEqual([])
})

test('and metrics and files that there are', () => {
  const code = read('sandbox-server/operations.ts')
  const metrics = [...operating.matchAll(/`anatomy_(\w+)`/g)].flatMap(([, name]) => name ?? [])
  expect(
    metrics.filter(name => !code.includes(`'${name}'`) && !code.includes(`\${PREFIX}${name}\``)),
  ).toEqual([])
  const shipped = [
    'nginx/course.conf',
    'nginx/sandbox.conf',
    'caddy/course.Caddyfile',
    'caddy/sandbox.Caddyfile',
  ]
  for (const file of shipped) expect(read(`deploy/${file}`)).not.toBe('')
})

test('the time-outs of nginx are above what the sandbox ends quiet connections by', () => {
  const proxy = read('deploy/nginx/snippets/websocket-anatomy-proxy.conf')
  const minutes = [...proxy.matchAll(/^(proxy_read|proxy_send|send)_timeout (\d+)m;$/gm)].map(found =>
    Number(found[2]),
  )
  expect(minutes).toHaveLength(3)
  for (const each of minutes)
    expect(each * 60_000).toBeGreaterThan(Math.max(DEFAULT_LIMITS.idleMs, DEFAULT_LIMITS.pingIntervalMs))
})

test('the changelog has the version that package.json names, under what is not released yet', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  const headings = [...read('CHANGELOG.md').matchAll(/^## \[([^\]]+)\]/gm)].map(([, name]) => name)
  expect(headings.slice(0, 2)).toEqual(['Unreleased', version])
})
