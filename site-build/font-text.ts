import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Characters that a face has to draw, each once and sorted. */
export interface Characters {
  /** Those of the interface, and those that lessons and glossary share: in the file that comes with every page. */
  readonly core: string
  /** The others: a page brings its own; what a script shows besides comes from one more file. */
  readonly rest: string
}

/** What each face of the course may have to draw. */
export interface FontText {
  readonly text: Characters
  /** Headings, `title` attributes and properties, names of lessons and terms. */
  readonly title: Characters
  /** What the monospaced face draws; Hangul in code is drawn by the text face. */
  readonly code: Characters
}

const SOURCES = /\.(astro|svelte|mdx?|ts|json)$/
/** Whose strings reach a page. Comments are read too: a few glyphs too many do no harm, one too few does. */
const FOLDERS = ['src', 'protocol', 'words', 'contract', 'recording']
const ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')
const PUNCTUATION = '·…‥→←↑↓↔↗“”‘’–—×÷±≤≥≠§©®°•※「」『』《》〈〉✓✗○●△▲▽▼◀▶─│┌┐└┘├┤\u00a0'
const HANGUL_OR_KANA = /[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\uac00-\ud7a3]/
/** What a page shows of these it has in its HTML, where its own cut is taken from. */
const CONTENT = /\.mdx$|\bglossary\.ts$/
/** A character that this share of the content's files uses belongs to all of them. */
const COMMON = 0.4

/** Collects the characters of every source that can reach a page below `root`. */
export function collectFontText(root: string): FontText {
  const shared = { text: [ASCII + PUNCTUATION], title: [ASCII + PUNCTUATION] }
  const content = { text: new Array<string>(), title: new Array<string>() }
  for (const { path, source } of sources(root)) {
    const group = CONTENT.test(path) ? content : shared
    group.text.push(source)
    group.title.push([...titlesIn(path, source)].join(''))
  }
  const text = divide(shared.text, content.text)
  const all = sort(new Set(text.core + text.rest))
  return {
    text,
    title: divide(shared.title, content.title),
    code: { core: [...all].filter(char => !HANGUL_OR_KANA.test(char)).join(''), rest: '' },
  }
}

function divide(shared: readonly string[], files: readonly string[]): Characters {
  const core = charactersOf(shared.join(''))
  const uses = new Map<string, number>()
  for (const file of files) for (const char of charactersOf(file)) uses.set(char, (uses.get(char) ?? 0) + 1)
  const rest = new Set<string>()
  for (const [char, count] of uses) {
    if (count >= Math.max(2, files.length * COMMON)) core.add(char)
    else if (!core.has(char)) rest.add(char)
  }
  return { core: sort(core), rest: sort(rest) }
}

/** Emoji, and what joins them, are for the reader's system to draw: no face of the course has them. */
const EMOJI = /\p{Emoji_Presentation}|\u200d/u

/** The characters of a text that faces of the course may have. */
export function charactersOf(content: string): Set<string> {
  return new Set([...content.normalize('NFC')].filter(char => char >= ' ' && !EMOJI.test(char)))
}

function sort(characters: ReadonlySet<string>): string {
  return [...characters].toSorted().join('')
}

function* sources(root: string): Generator<{ path: string; source: string }> {
  for (const folder of FOLDERS) {
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      if (!entry.isFile() || !SOURCES.test(entry.name) || entry.parentPath.includes('recordings')) continue
      const path = join(entry.parentPath, entry.name)
      yield { path, source: readFileSync(path, 'utf8') }
    }
  }
}

function* titlesIn(path: string, content: string): Generator<string> {
  if (path.endsWith('glossary.ts'))
    for (const [, name] of content.matchAll(/^ {4}(?:ko|en): (.+)$/gm)) yield name ?? ''
  for (const [, heading] of content.matchAll(/^#{1,4}\s+(.+)$/gm)) yield heading ?? ''
  for (const [, , title] of content.matchAll(
    /\b(?:COURSE_TITLE|title)\??\s*[:=]\s*\{?\s*(["'`]?)([^\n]+?)(\1|$)/gm,
  ))
    yield title ?? ''
  for (const [, heading] of content.matchAll(/<h[1-4][^>]*>([\s\S]*?)<\/h[1-4]>/g)) yield heading ?? ''
}
