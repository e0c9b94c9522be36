import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { describeBuild } from '../../site-build/offline.ts'

function siteOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'offline-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

test('what is read without a network is kept, by the address it is asked for', () => {
  const folder = siteOf({
    'index.html': 'a',
    'index.html.br': '',
    'index.html.gz': '',
    '404.html': 'b',
    'lessons/handshake/index.html': 'c',
    'lessons/handshake.md': '',
    '_astro/lab.abc.js': 'd',
    '_astro/face.abc.woff2': 'e',
    'icon-192.png': 'f',
    'manifest.webmanifest': '{}',
    'social/home.png': '',
    'sw.js': '',
    'sitemap.xml': '',
    'rss.xml': '',
    'llms.txt': '',
  })
  const { files } = describeBuild(folder, '/')
  expect(Object.keys(files).toSorted()).toEqual([
    '',
    '404.html',
    '_astro/face.abc.woff2',
    '_astro/lab.abc.js',
    'icon-192.png',
    'lessons/handshake/',
    'manifest.webmanifest',
  ])
  // echo -n a | openssl dgst -sha256 -binary | base64
  expect(files['']).toBe('sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=')
})

test('a build has another id as soon as one file is another one, and the same id otherwise', () => {
  const one = describeBuild(siteOf({ 'index.html': 'a', 'a.js': 'b' }), '/')
  expect(describeBuild(siteOf({ 'a.js': 'b', 'index.html': 'a' }), '/').id).toBe(one.id)
  expect(describeBuild(siteOf({ 'index.html': 'a', 'a.js': 'c' }), '/').id).not.toBe(one.id)
  expect(describeBuild(siteOf({ 'index.html': 'a', 'b.js': 'b' }), '/').id).not.toBe(one.id)
})
