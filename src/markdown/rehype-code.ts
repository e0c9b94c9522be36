import type { Element, ElementContent, Root } from 'hast'
import { createCssVariablesTheme, createHighlighter, type ShikiTransformer } from 'shiki'
import { SKIP, visit } from 'unist-util-visit'
import type { VFile } from 'vfile'
import { HEX_GRAMMAR } from './hex-grammar.ts'

const THEME = createCssVariablesTheme({ name: 'course', variablePrefix: '--', fontStyle: false })
// Signs among the operators are punctuation; words among them (`new`, `in`, `and`) stay keywords.
THEME.tokenColors?.push(
  {
    scope: [
      'keyword.operator',
      'storage.type.function.arrow',
      'punctuation.definition.template-expression',
      'punctuation.separator.key-value',
    ],
    settings: { foreground: 'var(--token-punctuation)' },
  },
  {
    scope: ['keyword.operator.new', 'keyword.operator.expression', 'keyword.operator.logical.python'],
    settings: { foreground: 'var(--token-keyword)' },
  },
)
const LANGUAGES = [
  'http',
  'typescript',
  'javascript',
  'python',
  'shellscript',
  'json',
  'html',
  'nginx',
  HEX_GRAMMAR,
]
const ALIASES: Readonly<Record<string, string>> = {
  ts: 'typescript',
  js: 'javascript',
  py: 'python',
  sh: 'shellscript',
}
/** What a reader sees above code that has no title of its own. */
const LANGUAGE_NAMES: Readonly<Record<string, string>> = {
  http: 'HTTP',
  typescript: 'TypeScript',
  javascript: 'JavaScript',
  python: 'Python',
  shellscript: '셸',
  json: 'JSON',
  nginx: 'nginx',
  html: 'HTML',
  hex: '16진수',
}
/** Columns that fit the reading column; code with longer lines also takes the margin. */
const NARROW_COLUMNS = 68

let loading: ReturnType<typeof createHighlighter> | undefined

function highlighter() {
  loading ??= createHighlighter({ themes: [THEME], langs: LANGUAGES })
  return loading
}

/**
 * Shiki writes colours as `style` attributes, which a content security policy without inline styles forbids:
 * `color:var(--token-keyword)` becomes the class `token-keyword`.
 */
const classesForStyles: ShikiTransformer = {
  pre(node) {
    delete node.properties['style']
  },
  span(node) {
    const token = /var\(--(token-[a-z-]+)\)/.exec(textProperty(node, 'style'))?.[1]
    delete node.properties['style']
    if (token) node.properties['class'] = token
  },
}

/**
 * Turns fenced code into a figure, highlighted at build. The line after the language may hold `title="server.ts"`,
 * lines to mark (`{2,4-5}`) and lines that were added or taken away (`ins={3} del={2}`).
 */
export function rehypeCode() {
  return async (tree: Root, file: VFile): Promise<void> => {
    const shiki = await highlighter()
    visit(tree, 'element', (node, index, parent) => {
      const [code] = node.children
      if (node.tagName !== 'pre' || code?.type !== 'element' || code.tagName !== 'code') return
      if (!parent || index === undefined) return
      const fail = (problem: string): never => {
        throw new Error(`${file.path}:${node.position?.start.line ?? '?'}: ${problem}`)
      }
      const named = languageOf(code)
      const language = named && (ALIASES[named] ?? named)
      if (language && language !== 'text' && !shiki.getLoadedLanguages().includes(language))
        fail(`code in "${named}", which rehype-code.ts does not know`)
      const source = textOf(code).replace(/\n$/, '')
      const lines = source.split('\n')
      const meta = readMeta(textProperty(code, 'metastring'), lines.length, fail)
      const result = shiki.codeToHast(source, {
        lang: language ?? 'text',
        theme: 'course',
        // A line that takes long on a busy machine must not come out half coloured.
        tokenizeTimeLimit: 0,
        transformers: [
          classesForStyles,
          {
            line(line, number) {
              const change = meta.inserted.has(number) ? 'ins' : meta.deleted.has(number) ? 'del' : undefined
              if (change) line.tagName = change
              if (meta.marked.has(number)) this.addClassToHast(line, 'marked')
            },
          },
        ],
      })
      const wide = lines.some(line => columns(line) > NARROW_COLUMNS)
      parent.children[index] = figure(result.children as ElementContent[], meta.title, language, wide)
      return SKIP
    })
  }
}

interface CodeMeta {
  readonly title: string | undefined
  readonly marked: ReadonlySet<number>
  readonly inserted: ReadonlySet<number>
  readonly deleted: ReadonlySet<number>
}

const META_PIECE = /\s*(?:title="(?<title>[^"]+)"|(?:(?<change>ins|del)=)?\{(?<lines>[\d,\s-]+)\})\s*/y

function readMeta(meta: string, length: number, fail: (problem: string) => never): CodeMeta {
  const found = {
    title: undefined as string | undefined,
    marked: new Set<number>(),
    inserted: new Set<number>(),
    deleted: new Set<number>(),
  }
  META_PIECE.lastIndex = 0
  while (META_PIECE.lastIndex < meta.length) {
    const start = META_PIECE.lastIndex
    const piece = META_PIECE.exec(meta)?.groups
    if (!piece)
      return fail(`code says ${meta.slice(start)}, expected title="…", {lines}, ins={lines} or del={lines}`)
    const set =
      piece['change'] === 'ins' ? found.inserted : piece['change'] === 'del' ? found.deleted : found.marked
    if (piece['title'] !== undefined) found.title = piece['title']
    else for (const line of lineNumbers(piece['lines'] ?? '', length, fail)) set.add(line)
  }
  return found
}

function* lineNumbers(list: string, length: number, fail: (problem: string) => never): Generator<number> {
  for (const piece of list.split(',')) {
    const [from = 0, to = from] = piece.split('-').map(Number)
    if (!(from >= 1 && from <= to && to <= length)) fail(`code has no lines {${piece}}: it has ${length}`)
    for (let line = from; line <= to; line++) yield line
  }
}

/** Width of a line in half-width characters: Hangul takes two. */
function columns(line: string): number {
  return [...line].reduce((sum, char) => sum + (char > '\u10ff' ? 2 : 1), 0)
}

function figure(
  pre: ElementContent[],
  title: string | undefined,
  language: string | undefined,
  wide: boolean,
): Element {
  const name = title ?? LANGUAGE_NAMES[language ?? ''] ?? '글'
  const head = element('figcaption', { className: ['code-head'] }, [
    element('span', { className: [title ? 'code-title' : 'code-language'] }, [text(name)]),
    element('span', { className: ['code-said'], role: 'status' }, []),
    // Shown by the script that can copy.
    element('button', { className: ['code-copy'], type: 'button', hidden: true }, [
      element('span', { className: ['visually-hidden'] }, [text(`${name} `)]),
      text('복사하기'),
    ]),
  ])
  return element(
    'figure',
    { className: wide ? ['code', 'wide'] : ['code'], dataLanguage: language ?? 'text' },
    [head, ...pre],
  )
}

function element(tagName: string, properties: Element['properties'], children: ElementContent[]): Element {
  return { type: 'element', tagName, properties, children }
}

function text(value: string): ElementContent {
  return { type: 'text', value }
}

function languageOf(code: Element): string | undefined {
  const names = code.properties['className']
  if (!Array.isArray(names)) return undefined
  return names
    .map(String)
    .find(name => name.startsWith('language-'))
    ?.slice('language-'.length)
}

function textProperty(element: Element, name: string): string {
  const value = element.properties[name]
  return typeof value === 'string' ? value : ''
}

function textOf(node: Element): string {
  return node.children
    .map(child => (child.type === 'text' ? child.value : child.type === 'element' ? textOf(child) : ''))
    .join('')
}
