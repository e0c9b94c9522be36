import { GLOSSARY, TERMS, type TermId } from './glossary.ts'
import { ENDING_PATTERN } from './korean.ts'
import { literally } from './literally.ts'

/** A term of the glossary as some prose names it. */
export interface Mention {
  readonly id: TermId
  readonly index: number
  /** Just behind the term. */
  readonly end: number
}

const IDS = new Map(TERMS.map(([id, { ko }]) => [ko, id]))
const MENTION = new RegExp(
  `(?<![가-힣\\w.-])(?:${[...IDS.keys()]
    .toSorted((a, b) => b.length - a.length)
    .map(literally)
    .join('|')})(?=${ENDING_PATTERN}?(?![가-힣\\w]))`,
  'g',
)

/** Every mention of a term by its Korean name, in order; in 종료 핸드셰이크 that is one term, not two. */
export function termMentions(text: string): Mention[] {
  return [...text.matchAll(MENTION)].flatMap(({ 0: name, index }) => {
    const id = IDS.get(name)
    return id === undefined ? [] : [{ id, index, end: index + name.length }]
  })
}

/** True when the text goes on with the English name in brackets, as where a lesson introduces a term. */
export function isIntroduced(text: string, { id, end }: Mention): boolean {
  return text.slice(end).toLowerCase().startsWith(`(${GLOSSARY[id].en.toLowerCase()})`)
}
