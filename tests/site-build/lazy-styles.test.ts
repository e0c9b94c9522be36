import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { leaveOutLazyStyles } from '../../site-build/lazy-styles.ts'

const ISLAND = '<astro-island component-url="/_astro/Lab.js" renderer-url="/_astro/client.js"></astro-island>'

/** Names of the style sheets that a page of this body still links, of those it was built with. */
function linkedAfter(body: string, styles: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'lazy-styles-'))
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text)
  mkdirSync(join(folder, '_astro'))
  write('_astro/client.js', '')
  write(
    '_astro/Lab.js',
    'import"./Static.js";const deps=["_astro/Details.js","_astro/Details.css"];import("./Details.js")',
  )
  write('_astro/Static.js', 'x(`<p class="svelte-static">`)')
  write('_astro/Details.js', 'x(`<p class="svelte-details">`)')
  write('_astro/Details.css', '.a.svelte-details{color:red}')
  for (const [name, css] of Object.entries(styles)) write(`_astro/${name}`, css)
  const links = Object.keys(styles).map(name => `<link rel="stylesheet" href="/_astro/${name}">`)
  write('index.html', `<!doctype html><html><head>${links.join('')}</head><body>${body}</body></html>`)
  leaveOutLazyStyles(pathToFileURL(`${folder}/`), '/')
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  return [...html.matchAll(/href="\/_astro\/([^"]+)"/g)].map(([, name = '']) => name)
}

const LAZY = { 'Later.css': '.a.svelte-details{color:red}@media print{.b.svelte-details{color:blue}}' }

test('styles that a script brings when it asks for their component are not linked', () => {
  expect(linkedAfter(ISLAND, LAZY)).toEqual([])
})

test('they stay where the page shows the component already', () => {
  expect(linkedAfter(`${ISLAND}<p class="a svelte-details">`, LAZY)).toEqual(['Later.css'])
})

test.each([
  ['of a component that comes with the island', '.a.svelte-static{color:red}'],
  ['that no script brings', '.a.svelte-unknown{color:red}'],
  ['with a rule for the whole page', '.a.svelte-details{color:red}p{margin:0}'],
  ['with a selector for the whole page', '.a.svelte-details,p{margin:0}'],
])('styles %s stay', (_, css) => {
  expect(linkedAfter(ISLAND, { 'Kept.css': css })).toEqual(['Kept.css'])
})

test('a page without islands keeps all it has', () => {
  expect(linkedAfter('<p>', LAZY)).toEqual(['Later.css'])
})
