import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtSite } from '../support/built-site.ts'

test.each([{ base: '' }, { base: '/ws/course' }])(
  'the code of an island placed with client:soon comes with the page, at "$base"',
  async ({ base }) => {
    const folder = await builtSite({ base })
    const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
    const html = read('index.html')
    const announced = [...html.matchAll(/<link rel="modulepreload" href="([^"]*)"/g)].map(
      match => match[1] ?? '',
    )
    for (const name of ['component-url', 'renderer-url'])
      expect(announced).toContain(new RegExp(`<astro-island[^>]* ${name}="([^"]*)"`).exec(html)?.[1])
    for (const module of announced)
      for (const [, imported] of read(module.slice(base.length)).matchAll(/from\s*["'`]\.\/([^"'`]+)/g))
        expect(announced, module).toContain(`${base}/_astro/${imported ?? ''}`)
    expect(announced.length).toBeGreaterThan(2)
    expect(new Set(announced).size).toBe(announced.length)
    expect(read('lessons/handshake/index.html')).not.toContain('modulepreload')
  },
)
