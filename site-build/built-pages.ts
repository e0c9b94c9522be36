import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'

/** Opens every page of the built site, in the order of their addresses. */
export function builtPages(dir: URL): BuiltPage[] {
  const root = fileURLToPath(dir)
  const files = globSync('**/*.html', { cwd: root }).map(file => file.replaceAll('\\', '/'))
  return files.toSorted().map(file => new BuiltPage(root, file))
}

/** A page as Astro wrote it. Edits touch what they name; every other character stays. */
export class BuiltPage {
  /** Below the site, as in `lessons/handshake/` or `404.html`. */
  readonly path: string
  /** Its file below the site, for messages. */
  readonly name: string
  readonly #file: string
  readonly #html: string
  readonly #elements: readonly Tree.Element[]
  readonly #edits: { readonly start: number; readonly end: number; readonly html: string }[] = []

  constructor(root: string, file: string) {
    this.name = file
    this.path = file.replace(/(^|\/)index\.html$/, '$1')
    this.#file = join(root, file)
    this.#html = readFileSync(this.#file, 'utf8')
    this.#elements = [...descendants(parse(this.#html, { sourceCodeLocationInfo: true }))]
  }

  /** Elements of these names, or all, in document order. */
  elements(...names: readonly string[]): readonly Tree.Element[] {
    return names.length === 0
      ? this.#elements
      : this.#elements.filter(({ tagName }) => names.includes(tagName))
  }

  /** The first element of that name with all of these attributes. */
  find(name: string, attributes: Readonly<Record<string, string>> = {}): Tree.Element | undefined {
    return this.elements(name).find(element =>
      Object.entries(attributes).every(([key, value]) => attributeOf(element, key) === value),
    )
  }

  /** `content` of the `<meta>` with that `name` or `property`. */
  meta(name: string): string | undefined {
    const meta = this.find('meta', { name }) ?? this.find('meta', { property: name })
    return meta && attributeOf(meta, 'content')
  }

  replace(element: Tree.Element, html: string): void {
    const at = element.sourceCodeLocation
    if (!at) throw new Error(`${this.name}: <${element.tagName}> is not in the source`)
    this.#edits.push({ start: at.startOffset, end: at.endOffset, html })
  }

  /** Puts elements right after `<meta charset>`, before everything that loads or runs. */
  putFirst(html: string): void {
    const charset = this.elements('meta').find(meta => attributeOf(meta, 'charset') !== undefined)
    const at = charset?.sourceCodeLocation
    if (!at) throw new Error(`${this.name} has no <meta charset>`)
    this.#edits.push({ start: at.endOffset, end: at.endOffset, html })
  }

  /** Puts elements at the end of the head. */
  putLast(html: string): void {
    const at = this.find('head')?.sourceCodeLocation?.endTag
    if (!at) throw new Error(`${this.name} has no </head>`)
    this.#edits.push({ start: at.startOffset, end: at.startOffset, html })
  }

  /** Writes the page with its edits. */
  save(): void {
    if (this.#edits.length === 0) return
    let html = ''
    let end = 0
    for (const edit of this.#edits.toSorted((a, b) => a.start - b.start)) {
      html += this.#html.slice(end, edit.start) + edit.html
      end = edit.end
    }
    writeFileSync(this.#file, html + this.#html.slice(end))
  }
}

export function attributeOf(element: Tree.Element, name: string): string | undefined {
  return element.attrs.find(attribute => attribute.name === name)?.value
}

/** The text in an element, that of its descendants included. */
export function textIn(node: Tree.ParentNode): string {
  return node.childNodes
    .map(child => ('value' in child ? child.value : 'childNodes' in child ? textIn(child) : ''))
    .join('')
}

function* descendants(node: Tree.ParentNode): Generator<Tree.Element> {
  for (const child of node.childNodes) {
    if (!('tagName' in child)) continue
    yield child
    yield* descendants('content' in child ? child.content : child)
  }
}
