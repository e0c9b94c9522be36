import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The characters a subset font has to draw, each once. */
export interface FontText {
  /** Everything the pages may show. */
  readonly text: string
  /** What titles may show: headings, `title` attributes and properties, names in the course map. */
  readonly title: string
  /** What the monospaced face has to draw; Hangul in code is drawn by the text face. */
  readonly code: string
}

const SOURCES = /\.(astro|svelte|mdx?|ts|json)$/
/** Whose strings reach a page. Comments are read too: a few glyphs too many do no harm, one too few does. */
const FOLDERS = ['src', 'protocol', 'contract', 'recording']
const ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')
const PUNCTUATION = '·…‥→←↑↓↔↗“”‘’–—×÷±≤≥≠§©®°•※「」『』《》〈〉✓✗○●△▲▽▼◀▶─│┌┐└┘├┤\u00a0'
const HANGUL_OR_KANA = /[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\uac00-\ud7a3]/

/** Collects the characters of every source that can reach a page below `root`. */
export function collectFontText(root: string): FontText {
  const text = new Set(ASCII + PUNCTUATION)
  const title = new Set(ASCII + PUNCTUATION)
  for (const source of sources(root)) {
    add(text, source.content)
    for (const piece of titlesIn(source.path, source.content)) add(title, piece)
  }
  const sorted = [...text].filter(char => char >= ' ').toSorted()
  return {
    text: sorted.join(''),
    title: [...title]
      .filter(char => char >= ' ')
      .toSorted()
      .join(''),
    code: sorted.filter(char => !HANGUL_OR_KANA.test(char)).join(''),
  }
}

function* sources(root: string): Generator<{ path: string; content: string }> {
  for (const folder of FOLDERS) {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      if (!entry.isFile() || !SOURCES.test(entry.name) || entry.parentPath.includes('recordings')) continue
      const path = join(entry.parentPath, entry.name)
      yield { path, content: readFileSync(path, 'utf8') }
    }
  }
}

function* titlesIn(path: string, content: string): Generator<string> {
  if (path.endsWith('course.ts') || path.endsWith('glossary.ts')) yield content
  for (const [, heading] of content.matchAll(/^#{1,4}\s+(.+)$/gm)) yield heading ?? ''
  for (const [, , title] of content.matchAll(/\btitle\??\s*[:=]\s*\{?\s*(["'`]?)([^\n]+?)(\1|$)/gm))
    yield title ?? ''
  for (const [, heading] of content.matchAll(/<h[1-4][^>]*>([\s\S]*?)<\/h[1-4]>/g)) yield heading ?? ''
}

function add(set: Set<string>, content: string): void {
  for (const char of content.normalize('NFC')) set.add(char)
}
