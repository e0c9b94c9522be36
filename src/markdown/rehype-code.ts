import type { Element, ElementContent, Root } from 'hast'
import { createCssVariablesTheme, createHighlighter, type ShikiTransformer } from 'shiki'
import { SKIP, visit } from 'unist-util-visit'
import type { VFile } from 'vfile'
import { HEX_GRAMMAR } from './hex-grammar.ts'

const THEME = createCssVariablesTheme({ name: 'course', variablePrefix: '--', fontStyle: false })
const LANGUAGES = ['http', 'typescript', 'javascript', 'python', 'shellscript', 'json', 'html', HEX_GRAMMAR]
const ALIASES: Readonly<Record<string, string>> = {
  ts: 'typescript',
  js: 'javascript',
  py: 'python',
  sh: 'shellscript',
}

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
 * Turns fenced code into a figure, highlighted at build. The line after the language may hold
 * `title="server.ts"` and lines to mark: `{2,4-5}`.
 */
export function rehypeCode() {
  return async (tree: Root, file: VFile): Promise<void> => {
    const shiki = await highlighter()
    visit(tree, 'element', (node, index, parent) => {
      const [code] = node.children
      if (node.tagName !== 'pre' || code?.type !== 'element' || code.tagName !== 'code') return
      if (!parent || index === undefined) return
      const named = languageOf(code)
      const language = named && (ALIASES[named] ?? named)
      if (language && language !== 'text' && !shiki.getLoadedLanguages().includes(language))
        throw new Error(
          `${file.path}:${node.position?.start.line ?? '?'}: code in "${named}", which rehype-code.ts does not know`,
        )
      const meta = textProperty(code, 'metastring')
      const marked = markedLines(meta)
      const result = shiki.codeToHast(textOf(code).replace(/\n$/, ''), {
        lang: language ?? 'text',
        theme: 'course',
        transformers: [
          classesForStyles,
          {
            line(line, number) {
              if (marked.has(number)) this.addClassToHast(line, 'marked')
            },
          },
        ],
      })
      const title = /\btitle="([^"]*)"/.exec(meta)?.[1]
      parent.children[index] = figure(result.children as ElementContent[], title, language)
      return SKIP
    })
  }
}

function figure(pre: ElementContent[], title: string | undefined, language: string | undefined): Element {
  const caption: Element = {
    type: 'element',
    tagName: 'figcaption',
    properties: {},
    children: [{ type: 'text', value: title ?? '' }],
  }
  return {
    type: 'element',
    tagName: 'figure',
    properties: { className: ['code'], dataLanguage: language ?? 'text' },
    children: title ? [caption, ...pre] : pre,
  }
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

function markedLines(meta: string): Set<number> {
  const lines = new Set<number>()
  const list = /\{([\d,\s-]+)\}/.exec(meta)?.[1] ?? ''
  for (const piece of list.split(',')) {
    const [from, to = from] = piece.split('-').map(Number)
    for (let line = from ?? 0; line > 0 && line <= (to ?? 0); line++) lines.add(line)
  }
  return lines
}

function textOf(node: Element): string {
  return node.children
    .map(child => (child.type === 'text' ? child.value : child.type === 'element' ? textOf(child) : ''))
    .join('')
}
