import { createProcessor } from '@mdx-js/mdx'
import type { Nodes, Root } from 'mdast'
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx-jsx'
import remarkCjkFriendly from 'remark-cjk-friendly'
import { GLOSSARY, TERMS, type TermId } from '../../../src/content/glossary.ts'
import { isIntroduced, termMentions } from '../../../src/content/term-mentions.ts'
import { wordingFaults } from '../../../src/content/wording.ts'

/** A stretch of prose in a lesson. */
interface Piece {
  readonly text: string
  /** `text`: running prose; the others may use words before the text has introduced them. */
  readonly kind: 'text' | 'title'
  /** Terms set in `<Term>`, by where they stand in the text. */
  readonly defined: ReadonlyMap<number, TermId>
  /** Line of the file at an index of the text. */
  readonly lineAt: (index: number) => number
}

/** Stands for code and whatever else in a sentence is not prose. */
const NOT_PROSE = '\uFFFC'
/** What claims may be worded as people say them. */
const QUOTED_ATTRIBUTES = ['claim']

/** What is wrong with the prose of a lesson, each as `line: what to write instead`. */
export function lessonFaults(source: string, slug: string): string[] {
  const pieces = piecesOf(source)
  const worded = pieces.flatMap(({ text, lineAt }) =>
    wordingFaults(text).map(({ index, advice }) => ({ line: lineAt(index), advice })),
  )
  const faults = [...worded, ...introductionFaults(pieces, source, slug)]
  return faults.toSorted((a, b) => a.line - b.line).map(({ line, advice }) => `${line}: ${advice}`)
}

function introductionFaults(pieces: readonly Piece[], source: string, slug: string) {
  const first = new Map<TermId, { line: number; introduced: boolean }>()
  for (const { text, kind, defined, lineAt } of pieces) {
    if (kind === 'title') continue
    for (const mention of termMentions(text)) {
      if (first.has(mention.id)) continue
      const introduced = isIntroduced(text, mention) || defined.has(mention.index)
      first.set(mention.id, { line: lineAt(mention.index), introduced })
    }
  }
  return TERMS.filter(([, term]) => term.lessons.includes(slug)).flatMap(([id, { ko, en }]) => {
    const use = first.get(id)
    if (use === undefined)
      return ko === en && source.includes(ko)
        ? []
        : [
            {
              line: 1,
              advice: `never says “${ko}”: take "${slug}" out of the lessons of "${id}" in glossary.ts`,
            },
          ]
    if (use.introduced || ko === en) return []
    return [
      { line: use.line, advice: `first use of “${ko}” here: write “${ko}(${en})” or <Term of="${id}">` },
    ]
  })
}

function piecesOf(source: string): Piece[] {
  const { matter, body } = splitMatter(source)
  const tree = createProcessor({ remarkPlugins: [remarkCjkFriendly] }).parse(body)
  const pieces: Piece[] = matter.map(({ text, line }) => title(text, line))
  collect(tree, pieces)
  return pieces
}

/** The front matter by lines, and the rest with empty lines in its place. */
function splitMatter(source: string) {
  const end = /^---\n[\s\S]*?\n---\n/.exec(source)?.[0] ?? ''
  const lines = end.split('\n')
  const matter = lines.map((text, index) => ({ text, line: index + 1 }))
  return { matter, body: '\n'.repeat(lines.length - 1) + source.slice(end.length) }
}

function collect(node: Nodes, pieces: Piece[]): void {
  if (isJsx(node)) pieces.push(...attributePieces(node))
  if (node.type === 'paragraph' || node.type === 'tableCell' || node.type === 'heading') {
    pieces.push(pieceOf(node, node.type === 'heading' ? 'title' : 'text'))
    for (const child of node.children) collectAttributes(child, pieces)
  } else if ('children' in node) {
    for (const child of node.children) collect(child, pieces)
  }
}

function collectAttributes(node: Nodes, pieces: Piece[]): void {
  if (isJsx(node)) pieces.push(...attributePieces(node))
  if ('children' in node) for (const child of node.children) collectAttributes(child, pieces)
}

function attributePieces(element: MdxJsxFlowElement | MdxJsxTextElement): Piece[] {
  return element.attributes.flatMap(attribute => {
    if (attribute.type !== 'mdxJsxAttribute' || typeof attribute.value !== 'string') return []
    if (QUOTED_ATTRIBUTES.includes(attribute.name)) return []
    return [title(attribute.value, (attribute.position ?? element.position)?.start.line ?? 1)]
  })
}

/** The words of a block put together, so that a term may be in one emphasis with its English name, or beside it. */
function pieceOf(block: Nodes, kind: Piece['kind']): Piece {
  let text = ''
  const starts: { index: number; line: number }[] = []
  const defined = new Map<number, TermId>()
  const walk = (node: Nodes): void => {
    if (node.type === 'text') {
      starts.push({ index: text.length, line: node.position?.start.line ?? 1 })
      text += node.value
    } else if ('children' in node) {
      const term = isJsx(node) && node.name === 'Term' ? attributeOf(node, 'of') : undefined
      if (term !== undefined && term in GLOSSARY) defined.set(text.length, term as TermId)
      for (const child of node.children) walk(child)
    } else text += NOT_PROSE
  }
  walk(block)
  const lineAt = (index: number): number => {
    const start = starts.findLast(one => one.index <= index) ?? { index: 0, line: 1 }
    return start.line + (text.slice(start.index, index).match(/\n/g)?.length ?? 0)
  }
  return { text, kind, defined, lineAt }
}

function title(text: string, line: number): Piece {
  return { text, kind: 'title', defined: new Map(), lineAt: () => line }
}

function isJsx(node: Nodes | Root): node is MdxJsxFlowElement | MdxJsxTextElement {
  return node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement'
}

function attributeOf(element: MdxJsxFlowElement | MdxJsxTextElement, name: string): string | undefined {
  for (const attribute of element.attributes)
    if (attribute.type === 'mdxJsxAttribute' && attribute.name === name)
      return typeof attribute.value === 'string' ? attribute.value : undefined
  return undefined
}
