import type { VFile } from 'vfile'
import { formsOf, normalForm, numberIn } from '../components/questions/answer-forms.ts'
import { recordedValue } from '../content/recorded.ts'
import { readRecordingFile } from '../content/recording-files.ts'
import {
  attributeOf,
  childrenBut,
  childrenNamed,
  fail,
  hasAttribute,
  setAttribute,
  setChildren,
  type Child,
  type JsxElement,
} from './lesson-tree.ts'

/** Every element that asks something, with the elements in it that are not the question itself. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  Quiz: ['Option'],
  ShortAnswer: ['Accept', 'Wrong'],
  PutInOrder: ['Step'],
  FindBytes: ['Reason'],
  Predict: ['Choice'],
}

/** Whether an element is a question with a right answer, which the lesson counts. */
export function isQuestion(element: JsxElement): boolean {
  return element.name !== 'Predict' && partsOf(element).length > 0
}

function partsOf(element: JsxElement): readonly string[] {
  return (element.name === null ? undefined : PARTS[element.name]) ?? []
}

/** Fails when an element that asks could not be answered as it stands; for the others it does nothing. */
export function checkQuestion(element: JsxElement, file: VFile): void {
  const parts = partsOf(element)
  if (parts.length === 0) return
  if (childrenBut(element, ...parts).length === 0)
    fail(file, element, 'asks nothing: write the question first')
  for (const part of parts.flatMap(name => childrenNamed(element, name)))
    if (sayingOf(part).length === 0) fail(file, part, 'says nothing')
  switch (element.name) {
    case 'Quiz':
      checkOptions(element, file)
      break
    case 'ShortAnswer':
      checkForms(element, file)
      break
    case 'PutInOrder':
      checkAlike(childrenNamed(element, 'Step'), file)
      break
    case 'Predict':
      checkPredict(element, file)
      break
    default:
  }
}

function checkOptions(quiz: JsxElement, file: VFile): void {
  const options = childrenNamed(quiz, 'Option')
  const correct = options.filter(option => hasAttribute(option, 'correct')).length
  const multiple = hasAttribute(quiz, 'multiple')
  if (multiple ? correct === 0 : correct !== 1)
    fail(file, quiz, `has ${correct} correct options, expected ${multiple ? 'one or more' : 'one'}`)
  checkAlike(options, file)
}

/** An answer is remembered by what it says. */
function checkAlike(parts: readonly JsxElement[], file: VFile): void {
  const seen = new Set<string>()
  for (const part of parts) {
    const says = fingerprintOf(part)
    if (seen.has(says)) fail(file, part, 'says the same as one before it')
    seen.add(says)
  }
}

function checkForms(question: JsxElement, file: VFile): void {
  const number = hasAttribute(question, 'number')
  const unit = attributeOf(question, 'unit')
  const seen = new Map<string, string>()
  for (const answer of [...childrenNamed(question, 'Accept'), ...childrenNamed(question, 'Wrong')]) {
    const forms = formsOf(acceptedBy(answer))
    if (forms.length === 0) fail(file, answer, 'is="…" holds no form of an answer')
    for (const form of forms) {
      const value = number ? numberIn(form, unit)?.toString() : normalForm(form)
      if (value === undefined || value === '') fail(file, answer, `"${form}" is no number`)
      const other = seen.get(value)
      if (other !== undefined) fail(file, answer, `"${form}" is the same answer as "${other}"`)
      seen.set(value, form)
    }
  }
}

function checkPredict(predict: JsxElement, file: VFile): void {
  const choices = childrenNamed(predict, 'Choice')
  if (hasAttribute(predict, 'unit') ? choices.length > 0 : choices.length < 2)
    fail(file, predict, 'needs either unit="…" (a number to guess) or at least two <Choice>')
  const values = choices.map(choice => attributeOf(choice, 'value'))
  if (new Set(values).size < values.length) fail(file, predict, 'has two choices of the same value')
}

/** Puts the question, the answers and their reasons where the components expect them. */
export function arrangeQuestion(element: JsxElement): void {
  const parts = partsOf(element)
  const answers = parts.flatMap(name => childrenNamed(element, name))
  for (const option of childrenNamed(element, 'Option')) {
    setAttribute(option, 'fingerprint', fingerprintOf(option))
    if (hasAttribute(element, 'multiple')) setAttribute(option, 'multiple', 'true')
  }
  for (const accept of childrenNamed(element, 'Accept'))
    if (!hasAttribute(accept, 'is')) setAttribute(accept, 'is', acceptedBy(accept))
  for (const choice of childrenNamed(element, 'Choice'))
    setAttribute(choice, 'name', `predict-${attributeOf(element, 'id') ?? ''}`)
  const steps = childrenNamed(element, 'Step')
  steps.forEach((step, index) => {
    setAttribute(step, 'fingerprint', fingerprintOf(step))
    setAttribute(step, 'place', String(index + 1))
  })
  const question: JsxElement = {
    type: 'mdxJsxFlowElement',
    name: 'div',
    attributes: [{ type: 'mdxJsxAttribute', name: 'slot', value: 'question' }],
    children: [],
  }
  setChildren(question, childrenBut(element, ...parts))
  setChildren(element, [question, ...(steps.length > 0 ? shuffled(steps) : answers)])
  for (const part of [...childrenNamed(element, 'Option'), ...steps]) {
    const reasons = childrenNamed(part, 'Reason')
    for (const reason of reasons) setAttribute(reason, 'slot', 'reason')
    setChildren(part, [...sayingOf(part), ...reasons])
  }
}

/** What an answer says without its reason, taken out of its paragraph: a label holds words, not paragraphs. */
function sayingOf(part: JsxElement): Child[] {
  return childrenBut(part, 'Reason').flatMap((child): Child[] =>
    child.type === 'paragraph' ? child.children : [child],
  )
}

/** The forms an `Accept` or `Wrong` stands for: written out, or what a recording holds. */
function acceptedBy(answer: JsxElement): string {
  const name = attributeOf(answer, 'of')
  if (name === undefined) return attributeOf(answer, 'is') ?? ''
  return recordedValue(name, readRecordingFile(name), attributeOf(answer, 'value') ?? '').text
}

/** In an order that depends on nothing but what the steps say, and is never the right one. */
function shuffled(steps: readonly JsxElement[]): JsxElement[] {
  const order = steps.toSorted((a, b) => (fingerprintOf(a) < fingerprintOf(b) ? -1 : 1))
  const [first] = order
  return first && order.every((step, index) => step === steps[index]) ? [...order.slice(1), first] : order
}

/** A short name for what an answer says, the same in every build: a stored answer means what it meant. */
function fingerprintOf(part: JsxElement): string {
  const existing = attributeOf(part, 'fingerprint')
  if (existing !== undefined) return existing
  const said = JSON.stringify(sayingOf(part), (name, value: unknown) =>
    name === 'position' ? undefined : value,
  )
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(said)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return `k${hash.toString(36)}`
}
