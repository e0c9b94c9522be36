import type { Paragraph, PhrasingContent, Root, RootContent } from 'mdast'
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx-jsx'
import type { VFile } from 'vfile'
import { placeOfFile } from '../content/course.ts'
import { FURNITURE, type FurnitureRule } from './furniture.ts'

type JsxElement = MdxJsxFlowElement | MdxJsxTextElement
type Child = RootContent

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/

/**
 * Checks the furniture of a lesson, numbers its figures and puts what authors wrote where components expect it.
 * Nobody checks props in MDX: what is wrong here fails the build with the lesson's name and line.
 *
 * - Any element with `figure="id"` (a plate, or a lab of its own) gets `number="그림 2-1-1"`.
 * - `<Fig of="id" />` becomes a link to it.
 * - The question of a quiz or prediction and the reason of an option go into named slots.
 * - A note goes into one box with the paragraph before it.
 */
export function remarkFurniture() {
  return (tree: Root, file: VFile): void => {
    check(tree, file)
    const figures = numberFigures(tree, file)
    arrange(tree, figures, file)
    setNotesBeside(tree)
  }
}

// Checking

function check(tree: Root, file: VFile): void {
  const ids = new Set<string>()
  const predictions = new Set<string>()
  eachElement(tree, (element, parent) => {
    const rule = element.name === null ? undefined : FURNITURE[element.name]
    if (!rule) return
    const attributes = checkAttributes(element, rule, file)
    if (rule.within && !rule.within.includes(parent ?? ''))
      fail(file, element, `has to stand directly in <${rule.within.join('> or <')}>`)
    checkChildren(element, rule, file)
    const id = attributes.get('id')
    if (id !== undefined) {
      if (ids.has(id)) fail(file, element, `id="${id}" is used twice in this lesson`)
      ids.add(id)
    }
    if (element.name === 'Quiz') checkQuiz(element, file)
    if (element.name === 'Option' && sayingOf(element).length === 0) fail(file, element, 'says nothing')
    if (element.name === 'Predict') {
      checkPredict(element, attributes, file)
      predictions.add(id ?? '')
    }
    const predicted = attributes.get('of') ?? ''
    if (element.name === 'Prediction' && !predictions.has(predicted))
      fail(file, element, `no <Predict id="${predicted}"> stands before it`)
  })
}

function checkAttributes(element: JsxElement, rule: FurnitureRule, file: VFile): Map<string, string> {
  const found = new Map<string, string>()
  for (const attribute of element.attributes) {
    if (attribute.type === 'mdxJsxExpressionAttribute')
      fail(file, element, 'spread attributes cannot be checked: write them out')
    const kind = rule.attributes[attribute.name]
    if (!kind) {
      const known = Object.keys(rule.attributes).join(', ')
      fail(file, element, `has no attribute "${attribute.name}" (it has ${known || 'none'})`)
    }
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

function checkChildren(element: JsxElement, rule: FurnitureRule, file: VFile): void {
  for (const [name, { min, max = Infinity }] of Object.entries(rule.children ?? {})) {
    const count = childrenNamed(element, name).length
    if (count < min) fail(file, element, `needs ${max === min ? 'one' : `at least ${min}`} <${name}> in it`)
    if (count > max) fail(file, element, `may have only ${max} <${name}> in it`)
  }
}

function checkQuiz(quiz: JsxElement, file: VFile): void {
  const options = childrenNamed(quiz, 'Option')
  const correct = options.filter(option => hasAttribute(option, 'correct'))
  if (correct.length !== 1) fail(file, quiz, `has ${correct.length} correct options, expected one`)
  if (childrenBut(quiz, 'Option').length === 0) fail(file, quiz, 'asks nothing: write the question first')
}

function checkPredict(predict: JsxElement, attributes: ReadonlyMap<string, string>, file: VFile): void {
  const choices = childrenNamed(predict, 'Choice')
  if (attributes.has('unit') ? choices.length > 0 : choices.length < 2)
    fail(file, predict, 'needs either unit="…" (a number to guess) or at least two <Choice>')
  const values = choices.map(choice => attributeOf(choice, 'value'))
  if (new Set(values).size < values.length) fail(file, predict, 'has two choices of the same value')
  if (childrenBut(predict, 'Choice').length === 0)
    fail(file, predict, 'asks nothing: write the question first')
}

// Arranging

/** Gives every element with a `figure` its number, in reading order. */
function numberFigures(tree: Root, file: VFile): Map<string, string> {
  const figures = new Map<string, string>()
  eachElement(tree, element => {
    const id = attributeOf(element, 'figure')
    if (id === undefined) return
    if (!ID.test(id)) fail(file, element, `figure="${id}" has to be kebab-case`)
    if (figures.has(id)) fail(file, element, `figure="${id}" is used twice in this lesson`)
    const number = `그림 ${placeOfFile(file.path.replaceAll('\\', '/')).number}-${figures.size + 1}`
    figures.set(id, number)
    setAttribute(element, 'number', number)
  })
  return figures
}

function arrange(tree: Root, figures: ReadonlyMap<string, string>, file: VFile): void {
  let terms = 0
  let quizzes = 0
  eachElement(tree, element => {
    switch (element.name) {
      case 'Fig': {
        const figure = attributeOf(element, 'of') ?? ''
        const number = figures.get(figure)
        if (!number) fail(file, element, `this lesson has no figure="${figure}"`)
        setAttribute(element, 'number', number)
        break
      }
      case 'Term':
        // Its popover needs an id of its own.
        setAttribute(element, 'anchor', `term-${++terms}`)
        break
      case 'Quiz':
        setAttribute(element, 'order', String(++quizzes))
        putQuestionInSlot(element, 'Option')
        break
      case 'Predict':
        putQuestionInSlot(element, 'Choice')
        for (const choice of childrenNamed(element, 'Choice'))
          setAttribute(choice, 'name', `predict-${attributeOf(element, 'id') ?? ''}`)
        break
      case 'Option': {
        // A summary holds words, not paragraphs.
        const reasons = childrenNamed(element, 'Reason')
        for (const reason of reasons) setAttribute(reason, 'slot', 'reason')
        setChildren(element, [...sayingOf(element), ...reasons])
        break
      }
      default:
    }
  })
}

function putQuestionInSlot(element: JsxElement, answers: string): void {
  const question: MdxJsxFlowElement = {
    type: 'mdxJsxFlowElement',
    name: 'div',
    attributes: [{ type: 'mdxJsxAttribute', name: 'slot', value: 'question' }],
    children: [],
  }
  setChildren(question, childrenBut(element, answers))
  setChildren(element, [question, ...childrenNamed(element, answers)])
}

/** The words of an option without its reason, taken out of their paragraph. */
function sayingOf(option: JsxElement): (PhrasingContent | Child)[] {
  return childrenBut(option, 'Reason').flatMap(child =>
    child.type === 'paragraph' ? child.children : [child],
  )
}

/**
 * A note stands in the source after the paragraph it explains, and beside it on wide screens. A float cannot rise
 * above what comes before it, so both go into one box, the note first; narrow screens turn the box round.
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

// Looking at the tree

/** Calls `act` for every JSX element in reading order, with the name of the JSX element it stands in. */
function eachElement(tree: Root, act: (element: JsxElement, parent: string | undefined) => void): void {
  const walk = (node: Root | Child, parent: string | undefined): void => {
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

function childrenNamed(element: JsxElement, name: string): JsxElement[] {
  const children: readonly Child[] = element.children
  return children.filter(child => isElement(child)).filter(child => child.name === name)
}

/** Children that are not elements of that name; white space between elements does not count. */
function childrenBut(element: JsxElement, name: string): Child[] {
  const children: readonly Child[] = element.children
  return children.filter(
    child =>
      !(isElement(child) && child.name === name) && !(child.type === 'text' && child.value.trim() === ''),
  )
}

function setChildren(element: JsxElement, children: readonly Child[]): void {
  // Components take flow and phrasing alike; the types of mdast know only one of them at a place.
  Object.assign(element, { children })
}

function hasAttribute(element: JsxElement, name: string): boolean {
  return element.attributes.some(attribute => attribute.type === 'mdxJsxAttribute' && attribute.name === name)
}

function attributeOf(element: JsxElement, name: string): string | undefined {
  for (const attribute of element.attributes)
    if (
      attribute.type === 'mdxJsxAttribute' &&
      attribute.name === name &&
      typeof attribute.value === 'string'
    )
      return attribute.value
  return undefined
}

function setAttribute(element: JsxElement, name: string, value: string): void {
  element.attributes.push({ type: 'mdxJsxAttribute', name, value })
}

function fail(file: VFile, element: JsxElement, problem: string): never {
  const line = element.position?.start.line
  throw new Error(`${file.path}:${line ?? '?'}: <${element.name ?? ''}> ${problem}`)
}
