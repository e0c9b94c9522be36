import { getChoseong } from 'es-hangul'
import { TERMS, type Term, type TermId } from './glossary.ts'
import { sectionLink } from './rfc.ts'

/** The letters of the index in their order; the last is for words that are written in Latin letters. */
const LETTERS = [
  'ㄱ',
  'ㄴ',
  'ㄷ',
  'ㄹ',
  'ㅁ',
  'ㅂ',
  'ㅅ',
  'ㅇ',
  'ㅈ',
  'ㅊ',
  'ㅋ',
  'ㅌ',
  'ㅍ',
  'ㅎ',
  'A–Z',
] as const
type Letter = (typeof LETTERS)[number]
const PLAIN: Readonly<Record<string, Letter>> = { ㄲ: 'ㄱ', ㄸ: 'ㄷ', ㅃ: 'ㅂ', ㅆ: 'ㅅ', ㅉ: 'ㅈ' }

/** The heading a word stands under: its first consonant, doubled ones with the plain one. */
export function letterOf(word: string): Letter {
  const consonant = getChoseong(word.slice(0, 1))
  return PLAIN[consonant] ?? LETTERS.find(letter => letter === consonant) ?? 'A–Z'
}

type Entry = readonly [id: TermId, term: Term]

/** All terms as a Korean dictionary has them, under the letters that have any. */
export function byLetter(): { readonly letter: Letter; readonly terms: readonly Entry[] }[] {
  const collator = new Intl.Collator('ko')
  const sorted = TERMS.toSorted(([, a], [, b]) => collator.compare(a.ko, b.ko))
  return LETTERS.map(letter => ({
    letter,
    terms: sorted.filter(([, { ko }]) => letterOf(ko) === letter),
  })).filter(({ terms }) => terms.length > 0)
}

/** All terms by their English names. */
export function byEnglish(): readonly Entry[] {
  const collator = new Intl.Collator('en', { sensitivity: 'base' })
  return TERMS.toSorted(([, a], [, b]) => collator.compare(a.en, b.en))
}

/** A term with its English name, as where it is introduced. */
export function fullName({ ko, en }: Term): string {
  return ko === en ? ko : `${ko}(${en})`
}

/** Where a term is defined, with the address. */
export function sourceOf({
  rfc,
  section,
}: Term): { readonly label: string; readonly href: string } | undefined {
  if (rfc === undefined && section === undefined) return undefined
  const number = rfc ?? '6455'
  return {
    label: `RFC ${number}${section === undefined ? '' : ` §${section}`}`,
    href: sectionLink(number, section),
  }
}
