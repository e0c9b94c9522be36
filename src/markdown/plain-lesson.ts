import type { Nodes, Root, RootContent } from 'mdast'
import remarkMdx from 'remark-mdx'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { VFile } from 'vfile'
import type { Recording } from '#recording/recording.ts'
import type { RaceRecord } from '../content/race-record.ts'
import { isElement, type JsxElement } from './lesson-tree.ts'
import { plainFurniture } from './plain-furniture.ts'
import { numberFigures } from './remark-furniture.ts'

/** What a lesson as plain Markdown needs from around it. */
export interface PlainContext {
  /** The lesson's file, as in `02-anatomy/01-handshake.mdx`: figures are numbered by it. */
  readonly path: string
  /** Address of the lesson's page, for what can only be done there. */
  readonly page: string
  /** Address of what the lesson links to from the root of the site, as in `/lessons/handshake/`. */
  readonly link: (path: string) => string
  readonly recording: (name: string) => Recording
  readonly race: (name: string) => RaceRecord
}

/**
 * The body of a lesson as Markdown that any reader of Markdown understands: furniture becomes headings, lists,
 * quotes, tables and code, with what the recordings hold written out. The author's own Markdown stays as written.
 */
export function plainLesson(source: string, context: PlainContext): string {
  const tree = unified().use(remarkParse).use(remarkMdx).parse(source)
  unravel(tree)
  const file = new VFile({ path: context.path })
  return new PlainWriter(source, context, numberFigures(tree, file)).write(tree.children)
}

/** Elements on lines of their own are parsed into a paragraph; as in MDX, they stand without it. */
function unravel(node: Root | RootContent): void {
  if (!('children' in node)) return
  for (const child of node.children) unravel(child)
  const children: RootContent[] = node.children.flatMap((child: RootContent) =>
    child.type === 'paragraph' && child.children.every(isElementOrSpace) ? child.children : [child],
  )
  Object.assign(node, { children })
}

function isElementOrSpace(node: RootContent): boolean {
  return isElement(node) || (node.type === 'text' && node.value.trim() === '')
}

/** Writes parts of one source, with replacements for what Markdown does not know. */
export class PlainWriter {
  readonly context: PlainContext
  readonly #source: string
  readonly #figures: ReadonlyMap<string, string>
  #quizzes = 0

  constructor(source: string, context: PlainContext, figures: ReadonlyMap<string, string>) {
    this.#source = source
    this.context = context
    this.#figures = figures
  }

  /** As in `그림 2-1-1`. */
  figureNumber(id: string): string {
    const number = this.#figures.get(id)
    if (number === undefined) throw new Error(`${this.context.path}: there is no figure="${id}"`)
    return number
  }

  /** Counts the quizzes of the lesson. */
  nextQuiz(): number {
    return ++this.#quizzes
  }

  /** The nodes as Markdown, without white space around them. */
  write(nodes: readonly RootContent[]): string {
    const [first] = nodes
    const last = nodes.at(-1)
    if (!first || !last) return ''
    let text = ''
    let end = startOf(first)
    for (const { at, to, by } of this.#replacements(nodes)) {
      text += this.#source.slice(end, at) + by
      end = to
    }
    return dedent(text + this.#source.slice(end, endOf(last))).trim()
  }

  *#replacements(nodes: readonly Nodes[]): Generator<{ at: number; to: number; by: string }> {
    for (const node of nodes) {
      if (isElement(node)) {
        yield { at: startOf(node), to: endOf(node), by: this.#element(node) }
      } else if (node.type.startsWith('mdx')) {
        // Imports, expressions and comments.
        yield { at: startOf(node), to: endOf(node), by: '' }
      } else if (node.type === 'link' && node.url.startsWith('/')) {
        yield* this.#replacements(node.children)
        const lastChild = node.children.at(-1)
        yield {
          at: lastChild ? endOf(lastChild) : startOf(node),
          to: endOf(node),
          by: `](${this.context.link(node.url)})`,
        }
      } else if ('children' in node) {
        yield* this.#replacements(node.children)
      }
    }
  }

  #element(element: JsxElement): string {
    const name = element.name ?? ''
    if (/^[a-z]/.test(name)) return `<${name}>${this.write(element.children)}</${name}>`
    return plainFurniture(element, this)
  }
}

function startOf(node: Root | RootContent): number {
  return node.position?.start.offset ?? 0
}

function endOf(node: Root | RootContent): number {
  return node.position?.end.offset ?? 0
}

/** Without the indentation that all lines after the first share. */
function dedent(text: string): string {
  const [first = '', ...others] = text.split('\n')
  const indents = others.filter(line => line.trim() !== '').map(line => /^ */.exec(line)?.[0].length ?? 0)
  const shared = Math.min(...indents, Infinity)
  return shared === 0 || shared === Infinity
    ? text
    : [first, ...others.map(line => line.slice(shared))].join('\n')
}
