import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { connectSources } from '../../site-build/connect-sources.ts'
import { collectFontText } from '../../site-build/font-text.ts'

describe('connect-src', () => {
  test('names the page itself and WebSocket schemes when the sandbox is at home', () => {
    expect(connectSources(undefined)).toEqual(["'self'", 'ws:', 'wss:'])
    expect(connectSources('')).toEqual(["'self'", 'ws:', 'wss:'])
  })

  test.each([
    ['wss://sandbox.example/', ['https://sandbox.example', 'wss://sandbox.example']],
    ['https://sandbox.example:8443', ['https://sandbox.example:8443', 'wss://sandbox.example:8443']],
    ['ws://127.0.0.1:8787', ['http://127.0.0.1:8787', 'ws://127.0.0.1:8787']],
  ])('names the sandbox at %s by both of its schemes', (url, sources) => {
    expect(connectSources(url).slice(3)).toEqual(sources)
  })

  test.each(['sandbox.example', 'ftp://a.example', '/control'])('refuses %s with a sentence', url => {
    expect(() => connectSources(url)).toThrow(`PUBLIC_SANDBOX_URL is "${url}": expected a URL`)
  })
})

describe('the text of the fonts', () => {
  const root = mkdtempSync(join(tmpdir(), 'font-text-'))
  for (const folder of ['src/content/recordings', 'protocol', 'contract', 'recording'])
    mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(
    join(root, 'src', 'a.mdx'),
    '---\ntitle: 닭\n---\n\n## 꿩 {1}\n\n매 <Plate title="뱀">솔</Plate>',
  )
  writeFileSync(join(root, 'protocol', 'b.ts'), "export const label = '곰'")
  const { text, title, code } = collectFontText(root)

  test('holds every character a source can show, and all of ASCII', () => {
    for (const char of '닭꿩매뱀솔곰AZaz09~') expect(text).toContain(char)
  })

  test('gives the title face only what titles show', () => {
    for (const char of '닭꿩뱀') expect(title).toContain(char)
    for (const char of '매솔곰') expect(title).not.toContain(char)
  })

  test('leaves Hangul in code to the text face', () => {
    expect(code).not.toMatch(/[가-힣]/)
    expect(code).toContain('→')
  })
})
