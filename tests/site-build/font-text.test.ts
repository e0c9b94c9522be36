import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collectFontText } from '../../site-build/font-text.ts'

const FILES: Readonly<Record<string, string>> = {
  'src/content/lessons/01-a/01-a.mdx': '---\ntitle: 닭\n---\n\n## 꿩 {1}\n\n매 <Plate title="뱀">솔</Plate>',
  'src/content/lessons/01-a/02-b.mdx': '---\ntitle: 닭\n---\n\n매 벌 👋',
  'src/content/recordings/c.json': '{"client": "게"}',
  'src/content/glossary.ts':
    "export const GLOSSARY = {\n  a: {\n    ko: '낙타',\n    definition: '등에 혹',\n  },\n}",
  'src/lab.svelte': '<button>범</button>',
  'protocol/b.ts': '',
  'words/ko/f.ts': "export const label = '곰'",
  'contract/d.ts': '',
  'recording/e.ts': '',
}

describe('the text of the fonts', () => {
  const root = mkdtempSync(join(tmpdir(), 'font-text-'))
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const { text, title, code } = collectFontText(root)

  test('has at its core ASCII, what the interface says and what lessons share', () => {
    for (const char of '닭매범곰AZaz09~·') expect(text.core).toContain(char)
    for (const char of '꿩뱀솔벌낙등') expect(text.core).not.toContain(char)
  })

  test('leaves to the rest what few lessons use, or the glossary alone, and nothing twice', () => {
    expect(text.rest).toBe('꿩낙등뱀벌솔에타혹')
    expect(title.rest).toBe('꿩낙뱀타')
    for (const char of title.rest) expect(title.core).not.toContain(char)
  })

  test('leaves emoji to the reader’s system', () => {
    expect(text.core + text.rest + code.core).not.toContain('👋')
  })

  test('gives the title face only what titles show', () => {
    expect(title.core).toContain('닭')
    expect(title.core + title.rest).toContain('낙')
    for (const char of '매등범곰솔') expect(title.core + title.rest).not.toContain(char)
  })

  test('leaves Hangul in code to the text face, and recordings out', () => {
    expect(code.core).not.toMatch(/[가-힣]/)
    expect(code.core).toContain('→')
    expect(text.core + text.rest).not.toContain('게')
  })
})
