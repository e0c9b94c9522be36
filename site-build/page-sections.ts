import type { Element, ElementContent, Root, RootContent } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { CONTINUE, EXIT, SKIP, visit } from 'unist-util-visit'
import type { IndexedPage, IndexedSection, PageKind } from '../src/search/search-index.ts'

/** Never what a page says: controls, what is folded away (it holds answers), what scripts draw, definitions in place. */
const SILENT = new Set([
  ...['astro-island', 'button', 'details', 'form', 'nav', 'noscript', 'script', 'style', 'svg', 'template'],
])
const BLOCKS = new Set([
  ...[
    'article',
    'aside',
    'blockquote',
    'caption',
    'dd',
    'div',
    'dl',
    'dt',
    'figcaption',
    'figure',
    'h1',
    'h2',
  ],
  ...['h3', 'h4', 'header', 'hr', 'li', 'ol', 'p', 'pre', 'section', 'table', 'tbody', 'thead', 'tr', 'ul'],
])
const CELLS = new Set(['td', 'th', 'label', 'br', 'b'])
/** Their spans are words of their own, set apart by style alone. */
const TITLES = new Set(['h1', 'h2', 'h3', 'h4', 'header'])
const HEADING = /^h[2-4]$/

/**
 * What a built page says, by its headings: any page with a `<main>` that search engines may show. Every `h2`–`h4`
 * with an `id` begins a section, in whatever it stands. In the markup,
 * - `data-search="skip"` on an element leaves it out,
 * - `data-search="terms"`, `"table"` or `"map"` on `<main>` gives the page its kind,
 * - `data-search-label` on `<main>` is what readers know its place by, as in `2-1`.
 *
 * Undefined for a page that is not to be found.
 */
export function sectionsOfPage(html: string, path: string): IndexedPage | undefined {
  const tree = fromHtml(html)
  if (isHidden(tree)) return undefined
  const main = find(tree, ({ tagName }) => tagName === 'main')
  if (!main) return undefined
  const title = find(main, ({ tagName }) => tagName === 'h1')
  const label = main.properties['dataSearchLabel']
  return {
    path,
    title: title ? tidy(textOf(title)) : '',
    ...(typeof label === 'string' && { label }),
    kind: kindOf(main),
    sections: sectionsIn(main),
  }
}

function isHidden(tree: Root): boolean {
  return find(tree, isNoIndex) !== undefined
}

function isNoIndex({ tagName, properties }: Element): boolean {
  return (
    tagName === 'meta' && properties['name'] === 'robots' && /noindex/.test(String(properties['content']))
  )
}

function kindOf(main: Element): PageKind {
  const kind = main.properties['dataSearch']
  return kind === 'terms' || kind === 'table' || kind === 'map' ? kind : 'page'
}

function sectionsIn(main: Element): IndexedSection[] {
  const sections: { id?: string; heading?: string; text: string }[] = [{ text: '' }]
  const say = (text: string): void => {
    const section = sections.at(-1)
    if (section) section.text += text
  }
  const walk = (node: RootContent, verbatim = false): void => {
    if (node.type === 'text') return say(verbatim ? node.value : node.value.replaceAll(/\s+/g, ' '))
    if (node.type !== 'element' || isSilent(node)) return
    const { id } = node.properties
    if (node.tagName === 'h1') return
    if (HEADING.test(node.tagName) && typeof id === 'string') {
      sections.push({ id, heading: tidy(textOf(node)), text: '' })
      return
    }
    const around = BLOCKS.has(node.tagName) ? '\n' : CELLS.has(node.tagName) ? ' ' : ''
    say(around)
    for (const [index, child] of node.children.entries()) {
      say(gap(node, index))
      walk(child, verbatim || node.tagName === 'pre')
    }
    say(around)
  }
  for (const child of main.children) walk(child)
  const tidied = sections.map(section => ({ ...section, text: tidy(section.text) }))
  return tidied.filter(({ text }, index) => index === 0 || text !== '')
}

function isSilent(element: Element): boolean {
  const { tagName, properties } = element
  // The button of a term holds a word of the sentence it stands in.
  if (tagName === 'button') return properties['popoverTarget'] === undefined
  const { dataSearch, className } = properties
  if (Array.isArray(className) && className.includes('button')) return true
  return SILENT.has(tagName) || dataSearch === 'skip' || 'popover' in properties || 'hidden' in properties
}

function textOf(element: Element): string {
  return element.children
    .map(
      (child, index) =>
        gap(element, index) + (child.type === 'element' && isSilent(child) ? '' : saying(child)),
    )
    .join('')
}

function saying(node: ElementContent): string {
  return node.type === 'text' ? node.value : node.type === 'element' ? textOf(node) : ''
}

/** What parts a child of a title from the one before it; brackets need nothing. */
function gap(title: Element, index: number): string {
  const pair = title.children.slice(Math.max(0, index - 1), index + 1)
  const [, after] = pair
  if (!TITLES.has(title.tagName) || after === undefined || saying(after).startsWith('(')) return ''
  return pair.some(child => child.type === 'element' && child.tagName === 'span') ? ' ' : ''
}

/** One line a block, without the white space of the markup. */
function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n[ \n]*/g, '\n')
    .trim()
}

function find(tree: Root | Element, matches: (element: Element) => boolean): Element | undefined {
  let found: Element | undefined
  visit(tree, 'element', element => {
    if (found) return EXIT
    if (!matches(element)) return element.tagName === 'template' ? SKIP : CONTINUE
    found = element
    return EXIT
  })
  return found
}
