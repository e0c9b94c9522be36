import { combineCharacter, disassemble, disassembleCompleteCharacter } from 'es-hangul'
import { ENDING_PATTERN } from '../content/korean.ts'
import { literally } from '../content/literally.ts'

/** Where a word stands in a text. */
export interface Match {
  readonly start: number
  /** Just behind it. */
  readonly end: number
  /** From 0 to 1: 1 is the whole word, as the reader typed it. */
  readonly quality: number
}

/** Finds one word of a query. */
export interface Matcher {
  /** False when a text cannot have the word, told from its `compact` form; much quicker than to look for it. */
  readonly mayBeIn: (compactText: string) => boolean
  /** `name`: short texts that name things; `prose`: the rest, where chance hits are likelier. */
  readonly find: (text: string, field: 'name' | 'prose') => readonly Match[]
}

type Script = 'hangul' | 'initials' | 'latin' | 'digits'

const SYLLABLE = /[가-힣]/
const CONSONANT = /[ㄱ-ㅎ]/
/** May stand between two characters of a word without parting them: 웹 소켓, Sec-WebSocket-Accept, ready_state. */
const SEPARATOR = "[\\s_.'’·/-]?"
const WHOLE_KOREAN = new RegExp(`${ENDING_PATTERN}?(?![가-힣])`, 'y')
/** Fewer letters than these are sought only where a word begins. */
const INNER_LATIN = 4
const INNER_HANGUL = 2
/** More matches than these in one text change nothing. */
const ENOUGH = 24

/**
 * A matcher for a word of the query: with any spacing, in any case, by initial consonants where these were typed.
 * @param word as typed, without white space
 * @param typing the reader may be in the middle of its last character
 */
export function matcherOf(word: string, typing: boolean): Matcher {
  // In 1-1, 4.2.2 and 127.0.0.1 what stands between is part of the name.
  const numeric = /^\d[\d.-]*$/.test(word)
  const typed = [...disassembleCompounds(word.normalize('NFC').toLowerCase())]
  const characters = numeric ? typed : typed.filter(isSought)
  if (characters.length === 0) return { mayBeIn: () => false, find: () => [] }
  const script = numeric ? 'digits' : scriptOf(characters)
  const sources = characters.map((character, index) =>
    sourceOf(character, typing && index === characters.length - 1),
  )
  const spaced = new RegExp(sources.join(SEPARATOR), 'gi')
  const closed = new RegExp(sources.join(''), 'gi')
  const plain = characters.join('')
  // What comes before the first character that stands for several.
  const open = characters.findIndex(
    (character, index) => CONSONANT.test(character) || (typing && index === characters.length - 1),
  )
  const certain = compact(open < 0 ? plain : characters.slice(0, open).join(''))
  return {
    mayBeIn: compactText => compactText.includes(certain),
    find(text, field) {
      // Initials run into the next word by chance wherever there is enough text, and §1.3 is not 13.
      const pattern = script === 'digits' || (script === 'initials' && field === 'prose') ? closed : spaced
      const matches: Match[] = []
      for (const { 0: found, index: start } of text.matchAll(pattern)) {
        const end = start + found.length
        const quality = qualityOf(text, start, end, script, characters.length, field)
        if (quality === 0) continue
        const asTyped = numeric || script === 'initials' || compact(found) === plain
        matches.push({ start, end, quality: asTyped ? quality : quality * 0.8 })
        if (matches.length === ENOUGH) break
      }
      return matches
    },
  }
}

const NOT_SOUGHT = /[\s_.'’·/-]/g

/** A text with nothing between its words, in one case. */
export function compact(text: string): string {
  return text.toLowerCase().replaceAll(NOT_SOUGHT, '')
}

function isSought(character: string): boolean {
  return compact(character) !== ''
}

/** Consonants that an input method has put together: ㄳ is ㄱ and ㅅ, typed one after the other. */
function disassembleCompounds(word: string): string {
  return word.replaceAll(/[ㄱ-ㅎ]/g, jamo => disassemble(jamo))
}

function scriptOf(characters: readonly string[]): Script {
  if (characters.every(character => CONSONANT.test(character))) return 'initials'
  return characters.some(character => SYLLABLE.test(character) || CONSONANT.test(character))
    ? 'hangul'
    : 'latin'
}

function sourceOf(character: string, unfinished: boolean): string {
  if (CONSONANT.test(character)) return beginningWith(character)
  if (unfinished && SYLLABLE.test(character)) return growingFrom(character)
  return literally(character)
}

/** Every syllable with this initial. */
function beginningWith(consonant: string): string {
  // ㄳ and its like have been taken apart; what is left can begin a syllable.
  return `[${combineCharacter(consonant, 'ㅏ')}-${combineCharacter(consonant, 'ㅣ', 'ㅎ')}]`
}

const FINALS = 28
/** How many vowels begin with this one and come right behind it in Unicode: ㅗ is also the start of ㅘ, ㅙ and ㅚ. */
const LONGER_VOWELS: Readonly<Record<string, number>> = { ㅗ: 3, ㅜ: 3, ㅡ: 1 }

/** Every way a syllable can go on while it is typed: 크 to 큰, 셍 to 세이. */
function growingFrom(syllable: string): string {
  const parts = disassembleCompleteCharacter(syllable)
  if (!parts) return literally(syllable)
  const { choseong, jungseong, jongseong } = parts
  if (jongseong === '') {
    const more = FINALS * (LONGER_VOWELS[jungseong] ?? 0) + FINALS - 1
    return `[${syllable}-${String.fromCodePoint((syllable.codePointAt(0) ?? 0) + more)}]`
  }
  const next = jongseong.slice(-1)
  const base = combineCharacter(choseong, jungseong, jongseong.slice(0, -1))
  return `(?:${syllable}|${base}${beginningWith(next)})`
}

function qualityOf(
  text: string,
  start: number,
  end: number,
  script: Script,
  length: number,
  field: 'name' | 'prose',
): number {
  const before = text[start - 1] ?? ' '
  const after = text[end] ?? ' '
  if (script === 'hangul' || script === 'initials') {
    const begins = !SYLLABLE.test(before)
    WHOLE_KOREAN.lastIndex = end
    const whole = begins && WHOLE_KOREAN.test(text)
    if (script === 'initials')
      return begins && (field === 'name' || length > INNER_HANGUL) ? (whole ? 1 : 0.8) : 0
    if (whole) return 1
    if (begins) return length >= INNER_HANGUL || field === 'name' ? 0.8 : 0
    return length >= INNER_HANGUL ? 0.5 : 0
  }
  const same = script === 'digits' ? /\d/ : /[a-z]/i
  const begins = !same.test(before)
  const ends = !same.test(after)
  if (script === 'digits') return begins ? (ends ? 1 : 0.5) : 0
  if (begins) return ends ? 1 : 0.7
  return length >= INNER_LATIN ? 0.5 : 0
}
