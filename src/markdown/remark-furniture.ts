import type { Paragraph, Root } from 'mdast'
import type { VFile } from 'vfile'
import { placeOfFile } from '../content/course.ts'
import { FURNITURE, type FurniturePart, type FurnitureRule } from './furniture.ts'
import { importLabs } from './labs.ts'
import {
  attributeOf,
  childrenBut,
  childrenNamed,
  eachElement,
  fail,
  isElement,
  KEBAB,
  setAttribute,
  type JsxElement,
} from './lesson-tree.ts'
import { arrangeQuestion, checkQuestion, isQuestion } from './questions.ts'

/**
 * Checks the furniture of a lesson, numbers its figures and puts what authors wrote where components expect it.
 * Nobody checks props in MDX: what is wrong here fails the build with the lesson's name and line.
 *
 * - Any element with `figure="id"` (a plate, or a lab of its own) gets `number="그림 2-1-1"`.
 * - `<Fig of="id" />` becomes a link to it.
 * - Questions, their answers and reasons go into named slots; hints and questions are counted.
 * - A note goes into one box with the paragraph before it.
 * - The labs it places are imported.
 */
export function remarkFurniture() {
  return (tree: Root, file: VFile): void => {
    check(tree, file)
    const figures = numberFigures(tree, file)
    arrange(tree, figures, file)
    setNotesBeside(tree)
    importLabs(tree, file.path)
  }
}

// Checking

function check(tree: Root, file: VFile): void {
  const ids = new Set<string>()
  const predictions = new Map<string, JsxElement>()
  const answered = new Set<string>()
  const labs = new Set<string>()
  eachElement(tree, element => {
    if (element.name === 'Lab') labs.add(attributeOf(element, 'name') ?? '')
  })
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
    const lab = attributes.get('lab')
    if (lab !== undefined && !labs.has(lab)) fail(file, element, `this lesson has no <Lab name="${lab}">`)
    if (element.name === 'Mission') checkHints(element, file)
    if (element.name === 'Predict') predictions.set(id ?? '', element)
    if (element.name === 'Prediction') {
      const predicted = attributes.get('of') ?? ''
      const predict = predictions.get(predicted)
      if (!predict) fail(file, element, `no <Predict id="${predicted}"> stands before it`)
      checkPrediction(element, predict, file)
      answered.add(predicted)
    }
  })
  eachElement(tree, element => checkQuestion(element, file))
  for (const [id, predict] of predictions)
    if (!answered.has(id)) fail(file, predict, `no <Prediction of="${id}"> tells how it turned out`)
  checkMissions(tree, file)
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

/** Hints are offered in the order they are written, and the solution when there is no hint left. */
function checkHints(mission: JsxElement, file: VFile): void {
  const last = mission.children.findLast(child => isElement(child))
  if (last?.name !== 'Solution') fail(file, mission, 'has to end with its <Solution>, after the hints')
}

function checkPrediction(prediction: JsxElement, predict: JsxElement, file: VFile): void {
  const answer = attributeOf(prediction, 'answer')
  const values = childrenNamed(predict, 'Choice').map(choice => attributeOf(choice, 'value'))
  if (answer !== undefined && !values.includes(answer))
    fail(
      file,
      prediction,
      `answer="${answer}" is no choice of its prediction (${values.join(', ') || 'a number'})`,
    )
  if (attributeOf(prediction, 'value') !== undefined && values.length > 0)
    fail(file, prediction, 'compares a choice with a recorded value: give answer="…" instead')
}

/** The number of missions is told before the lesson is read, so it stands in the frontmatter too. */
function checkMissions(tree: Root, file: VFile): void {
  const told: unknown = file.data.astro?.frontmatter?.['missions']
  if (told === undefined) return
  let missions = 0
  eachElement(tree, element => {
    if (element.name === 'Mission') missions++
  })
  if (told !== missions)
    throw new Error(
      `${file.path}:1: missions: ${JSON.stringify(told)} in the frontmatter, but ${missions} <Mission>`,
    )
}

// Arranging

/** Gives every element with a `figure` its number, in reading order. */
export function numberFigures(tree: Root, file: VFile): Map<string, string> {
  const figures = new Map<string, string>()
  eachElement(tree, element => {
    const id = attributeOf(element, 'figure')
    if (id === undefined) return
    if (!KEBAB.test(id)) fail(file, element, `figure="${id}" has to be kebab-case`)
    if (figures.has(id)) fail(file, element, `figure="${id}" is used twice in this lesson`)
    const number = `그림 ${placeOfFile(file.path.replaceAll('\\', '/')).number}-${figures.size + 1}`
    figures.set(id, number)
    setAttribute(element, 'number', number)
  })
  return figures
}

function arrange(tree: Root, figures: ReadonlyMap<string, string>, file: VFile): void {
  let terms = 0
  const questions: string[] = []
  const missions: string[] = []
  const units = new Map<string, string>()
  eachElement(tree, element => {
    const id = attributeOf(element, 'id') ?? ''
    if (isQuestion(element)) setAttribute(element, 'order', String(questions.push(id)))
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
      case 'ShortAnswer':
      case 'PutInOrder':
      case 'FindBytes':
        arrangeQuestion(element)
        break
      case 'Predict':
        units.set(id, attributeOf(element, 'unit') ?? '')
        arrangeQuestion(element)
        break
      case 'Prediction': {
        const unit = units.get(attributeOf(element, 'of') ?? '')
        if (unit) setAttribute(element, 'unit', unit)
        break
      }
      case 'Mission':
        missions.push(id)
        childrenNamed(element, 'Hint').forEach((hint, index) =>
          setAttribute(hint, 'order', String(index + 1)),
        )
        break
      default:
        FURNITURE[element.name ?? '']?.compose?.(partOf(element, file), partsIn(element, file))
    }
  })
  // Pages that show how far a reader is have it from here.
  if (file.data.astro?.frontmatter) file.data.astro.frontmatter['outline'] = { questions, missions }
}

function partOf(element: JsxElement, file: VFile): FurniturePart {
  return {
    name: element.name ?? '',
    attributes: new Map(
      element.attributes.flatMap(attribute =>
        attribute.type === 'mdxJsxAttribute' && typeof attribute.name === 'string'
          ? [[attribute.name, typeof attribute.value === 'string' ? attribute.value : '']]
          : [],
      ),
    ),
    empty: element.children.length === 0,
    set: (attribute, value) => setAttribute(element, attribute, value),
    fail: problem => fail(file, element, problem),
  }
}

/** The elements that stand directly in another; anything else there would be lost in a drawing. */
function partsIn(element: JsxElement, file: VFile): FurniturePart[] {
  return childrenBut(element, '').map(child =>
    isElement(child)
      ? partOf(child, file)
      : fail(
          file,
          element,
          `has text in it that it would not draw (line ${child.position?.start.line ?? '?'})`,
        ),
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
