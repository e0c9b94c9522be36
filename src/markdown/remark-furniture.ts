import type { Paragraph, Root, RootContent } from 'mdast'
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx-jsx'
import type { VFile } from 'vfile'
import { placeOfFile } from '../content/course.ts'
import { FURNITURE, type FurnitureRule } from './furniture.ts'

type JsxElement = MdxJsxFlowElement | MdxJsxTextElement

/**
 * Checks the furniture of a lesson, numbers its figures and sets margin notes beside what they explain.
 * Nobody checks props in MDX: what is wrong here fails the build with the lesson's name and line.
 *
 * - Any element with `figure="id"` (a plate, or a lab of its own) gets `number="그림 2-1-1"`.
 * - `<Fig of="id" />` becomes a link to it; `<Prediction of="id">` must follow the `<Predict id="id">` it shows.
 */
export function remarkFurniture() {
  return (tree: Root, file: VFile): void => {
    const figures = numberFigures(tree, file)
    const ids = new Set<string>()
    const predictions = new Set<string>()
    let counter = 0
    eachElement(tree, (element, parent) => {
      const rule = element.name === null ? undefined : FURNITURE[element.name]
      if (!rule) return
      const attributes = readAttributes(element, rule, file)
      checkPlace(element, parent, rule, file)
      checkChildren(element, rule, file)
      const id = attributes.get('id')
      if (id !== undefined) {
        if (ids.has(id)) fail(file, element, `id="${id}" is used twice in this lesson`)
        ids.add(id)
      }
      switch (element.name) {
        case 'Quiz':
          checkQuiz(element, file)
          break
        case 'Predict':
          checkPredict(element, attributes, file)
          predictions.add(id ?? '')
          break
        case 'Prediction':
          if (!predictions.has(attributes.get('of') ?? ''))
            fail(file, element, `no <Predict id="${attributes.get('of') ?? ''}"> stands before it`)
          break
        case 'Fig': {
          const number = figures.get(attributes.get('of') ?? '')
          if (!number) fail(file, element, `this lesson has no figure="${attributes.get('of') ?? ''}"`)
          setAttribute(element, 'number', number)
          break
        }
        case 'Term':
          // Its popover needs an id of its own.
          setAttribute(element, 'anchor', `term-${++counter}`)
          break
      }
    })
    setNotesBeside(tree)
  }
}

/** Gives every element with a `figure` its number, in reading order. */
function numberFigures(tree: Root, file: VFile): Map<string, string> {
  const figures = new Map<string, string>()
  eachElement(tree, element => {
    const id = stringAttribute(element, 'figure')
    if (id === undefined) return
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) fail(file, element, `figure="${id}" has to be kebab-case`)
    if (figures.has(id)) fail(file, element, `figure="${id}" is used twice in this lesson`)
    const number = `그림 ${placeOfFile(file.path.replaceAll('\\', '/')).number}-${figures.size + 1}`
    figures.set(id, number)
    setAttribute(element, 'number', number)
  })
  return figures
}

function readAttributes(element: JsxElement, rule: FurnitureRule, file: VFile): Map<string, string> {
  const found = new Map<string, string>()
  for (const attribute of element.attributes) {
    if (attribute.type === 'mdxJsxExpressionAttribute')
      return fail(file, element, 'spread attributes cannot be checked: write them out')
    const kind =
      attribute.name === 'number' && 'figure' in rule.attributes
        ? 'optional'
        : rule.attributes[attribute.name]
    if (!kind && !(element.name === 'Fig' && attribute.name === 'number'))
      fail(
        file,
        element,
        `has no attribute "${attribute.name}" (${Object.keys(rule.attributes).join(', ') || 'none'})`,
      )
    if (kind === 'flag') {
      if (attribute.value !== null && attribute.value !== undefined)
        fail(file, element, `"${attribute.name}" takes no value`)
      found.set(attribute.name, '')
    } else if (typeof attribute.value === 'string' && attribute.value.trim() !== '') {
      found.set(attribute.name, attribute.value)
    } else {
      fail(file, element, `"${attribute.name}" needs a text in quotes`)
    }
  }
  for (const [name, kind] of Object.entries(rule.attributes))
    if (kind === 'text' && !found.has(name)) fail(file, element, `needs ${name}="…"`)
  const wrong = rule.check?.(found)
  if (wrong) fail(file, element, wrong)
  return found
}

function checkPlace(element: JsxElement, parent: string | undefined, rule: FurnitureRule, file: VFile): void {
  if (rule.within && !rule.within.includes(parent ?? ''))
    fail(file, element, `has to stand directly in <${rule.within.join('> or <')}>`)
}

function checkChildren(element: JsxElement, rule: FurnitureRule, file: VFile): void {
  for (const [name, { min, max = Infinity }] of Object.entries(rule.children ?? {})) {
    const count = childElements(element, name).length
    if (count < min) fail(file, element, `needs ${max === min ? 'one' : `at least ${min}`} <${name}> in it`)
    if (count > max) fail(file, element, `may have only ${max} <${name}> in it`)
  }
}

function checkQuiz(element: JsxElement, file: VFile): void {
  const correct = childElements(element, 'Option').filter(option =>
    option.attributes.some(attribute => attribute.type === 'mdxJsxAttribute' && attribute.name === 'correct'),
  )
  if (correct.length !== 1) fail(file, element, `has ${correct.length} correct options, expected one`)
  if (childElements(element, 'Option').length === element.children.length)
    fail(file, element, 'asks nothing: write the question before the options')
}

function checkPredict(element: JsxElement, attributes: ReadonlyMap<string, string>, file: VFile): void {
  const choices = childElements(element, 'Choice')
  if (attributes.has('unit') ? choices.length > 0 : choices.length < 2)
    fail(file, element, 'needs either unit="…" (a number to guess) or at least two <Choice>')
  const values = choices.map(choice => stringAttribute(choice, 'value'))
  if (new Set(values).size < values.length) fail(file, element, 'has two choices of the same value')
}

/** Direct children of that name; MDX may have put one that stands alone on its line into a paragraph. */
function childElements(element: JsxElement, name: string): JsxElement[] {
  const children: readonly (RootContent | Paragraph)[] = element.children
  return children
    .flatMap(child => (child.type === 'paragraph' ? child.children : [child]))
    .filter(child => isElement(child))
    .filter(child => child.name === name)
}

/** Calls `act` for every JSX element in reading order, with the name of the nearest JSX element around it. */
function eachElement(tree: Root, act: (element: JsxElement, parent: string | undefined) => void): void {
  const walk = (node: Root | RootContent, parent: string | undefined): void => {
    if (isElement(node)) act(node, parent)
    if (!('children' in node)) return
    const around = isElement(node) ? (node.name ?? undefined) : parent
    for (const child of node.children) walk(child, around)
  }
  walk(tree, undefined)
}

function isElement(node: { type: string }): node is JsxElement {
  return node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement'
}

function stringAttribute(element: JsxElement, name: string): string | undefined {
  for (const attribute of element.attributes)
    if (
      attribute.type === 'mdxJsxAttribute' &&
      attribute.name === name &&
      typeof attribute.value === 'string'
    )
      return attribute.value
  return undefined
}

function setAttribute(element: JsxElement, name: string, value: string | undefined): void {
  element.attributes.push({ type: 'mdxJsxAttribute', name, value: value ?? null })
}

/**
 * A note stands in the source after the paragraph it explains, and beside it on wide screens. A float cannot rise
 * above what comes before it, so both go into one box, the note first; on narrow screens the box turns them round.
 */
function setNotesBeside(tree: Root): void {
  for (let index = 1; index < tree.children.length; index++) {
    const note = tree.children[index]
    const explained = tree.children[index - 1]
    if (!note || !isElement(note) || note.name !== 'Note' || explained?.type !== 'paragraph') continue
    const box: Paragraph = {
      type: 'paragraph',
      data: { hName: 'div', hProperties: { className: ['annotated'] } },
      children: [],
    }
    Object.assign(box, { children: [note, explained] })
    tree.children.splice(index - 1, 2, box)
    index--
  }
}

function fail(file: VFile, element: JsxElement, problem: string): never {
  const place = element.position?.start
  throw new Error(
    `${file.path}:${place?.line ?? '?'}: <${element.name ?? ''}> ${problem}`,
    place && { cause: { line: place.line, column: place.column } },
  )
}
