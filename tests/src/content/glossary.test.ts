import { describe, expect, test } from 'vitest'
import { PLACES } from '../../../src/content/course.ts'
import { GLOSSARY, TERMS } from '../../../src/content/glossary.ts'
import { byEnglish, byLetter, letterOf, sourceOf } from '../../../src/content/glossary-order.ts'
import { sectionTitle } from '../../../src/content/rfc.ts'
import { isIntroduced, termMentions } from '../../../src/content/term-mentions.ts'
import { wordingFaults } from '../../../src/content/wording.ts'

describe.each(TERMS)('%s', (id, term) => {
  test('has an id that can be an address', () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  })

  test('is defined in one whole sentence that keeps to the house style', () => {
    expect(term.definition).toMatch(/^[^.]*(\.\d[^.]*)*니다\.$/)
    expect(wordingFaults(term.definition)).toEqual([])
    expect(term.definition.length).toBeLessThan(100)
  })

  test('cites a section that exists', () => {
    if (term.section !== undefined) expect(sectionTitle(term.rfc ?? '6455', term.section)).toBeDefined()
    else expect(sourceOf(term) === undefined).toBe(term.rfc === undefined)
  })

  test('leads to other terms and to lessons that exist', () => {
    const related = term.related ?? []
    expect(related.filter(other => !Object.hasOwn(GLOSSARY, other) || other === id)).toEqual([])
    expect(new Set(related).size).toBe(related.length)
    expect(term.lessons.filter(slug => !PLACES.some(place => place.planned.slug === slug))).toEqual([])
  })
})

describe('the words', () => {
  test('are one for each concept', () => {
    const words = TERMS.map(([, term]) => term.ko)
    expect(new Set(words).size).toBe(words.length)
  })

  test('that are avoided are avoided by the glossary itself, and belong to one term', () => {
    const avoided = TERMS.flatMap(([, term]) => term.avoid ?? [])
    expect(new Set(avoided).size).toBe(avoided.length)
    const ours = TERMS.flatMap(([, { ko, en }]) => [ko, en])
    expect(ours.filter(word => wordingFaults(word).length > 0)).toEqual([])
    expect(avoided.filter(word => wordingFaults(word).length === 0)).toEqual([])
  })

  test('that are only synonyms are not the word itself', () => {
    for (const [id, { ko, en, synonyms = [] }] of TERMS)
      expect({ id, same: synonyms.filter(word => word === ko || word === en) }).toEqual({ id, same: [] })
  })
})

describe('a mention', () => {
  test.each([
    ['프레임을 보냅니다', ['frame']],
    ['제어 프레임과 프레임', ['control-frame', 'frame']],
    ['종료 핸드셰이크가', ['closing-handshake']],
    ['마스킹합니다. 마스킹 키로', ['masking', 'masking-key']],
    ['와이어샤크와 확장자, 핑계, 재연결', ['reconnecting']],
    ['연결됩니다', ['connection']],
    ['socket.readyState는 HTTP/2', ['http2']],
  ])('of a term in “%s” is told from other words', (text, ids) => {
    expect(termMentions(text).map(({ id }) => id)).toEqual(ids)
  })

  test('introduces the term when its English name follows in brackets', () => {
    const introduced = (text: string) => termMentions(text).map(mention => isIntroduced(text, mention))
    expect(introduced('핸드셰이크(handshake)와 핸드셰이크, 핸드셰이크(Handshake)')).toEqual([
      true,
      false,
      true,
    ])
  })
})

describe('the order', () => {
  test('is 가나다, by first consonant, Latin last', () => {
    const letters = byLetter()
    expect(letters.map(({ letter }) => letter).join('')).toMatch(/^ㄱㄴㄷㄹㅁㅂㅅㅇ.*ㅎA–Z$/)
    expect(letters.flatMap(({ terms }) => terms)).toHaveLength(TERMS.length)
    for (const { letter, terms } of letters)
      for (const [, term] of terms) expect(letterOf(term.ko)).toBe(letter)
    const hangul = letters.slice(0, -1).flatMap(({ terms }) => terms.map(([, { ko }]) => ko))
    expect(hangul).toEqual(hangul.toSorted((a, b) => a.localeCompare(b, 'ko')))
  })

  test.each([
    ['깨끗한 종료', 'ㄱ'],
    ['핑', 'ㅍ'],
    ['opcode', 'A–Z'],
  ])('%s stands under %s', (word, letter) => {
    expect(letterOf(word)).toBe(letter)
  })

  test('in English is that of the English names', () => {
    const names = byEnglish().map(([, { en }]) => en)
    expect(names).toHaveLength(TERMS.length)
    expect(names.indexOf('backpressure')).toBeLessThan(names.indexOf('Close frame'))
    expect(names.indexOf('Close frame')).toBeLessThan(names.indexOf('close reason'))
  })
})
