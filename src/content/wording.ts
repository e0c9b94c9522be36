import { TERMS } from './glossary.ts'
import { literally } from './literally.ts'
import { CITED_RFCS, sectionTitle } from './rfc.ts'

/** Something our prose must not say. */
export interface WordingFault {
  /** Where in the text it stands. */
  readonly index: number
  readonly found: string
  /** What to write instead, for the author. */
  readonly advice: string
}

interface Rule {
  readonly pattern: RegExp
  readonly advise: (found: string) => string | undefined
}

/** Spellings and words that belong to no term of the glossary. */
const SPELLINGS: Readonly<Record<string, string>> = {
  당신: '내 …',
  어플리케이션: '애플리케이션',
  컨텐츠: '콘텐츠',
  브라우져: '브라우저',
  네트웍: '네트워크',
  쓰레드: '스레드',
  캐쉬: '캐시',
}

const AVOIDED: Readonly<Record<string, string>> = {
  ...SPELLINGS,
  ...Object.fromEntries(TERMS.flatMap(([, { ko, avoid = [] }]) => avoid.map(word => [word, ko]))),
}

const RULES: readonly Rule[] = [
  {
    pattern: anyOf(Object.keys(AVOIDED)),
    advise: found => `write “${AVOIDED[found] ?? ''}”, not “${found}”`,
  },
  {
    // 단지 is also a word for a jar and a housing estate; ours is the adverb, which stands alone.
    pattern: /간단히|그냥|쉽게|(?<![가-힣])단지(?![가-힣])/g,
    advise: found => `“${found}” is not for our own voice: leave it out, or say what makes it so`,
  },
  {
    pattern: /RFC (\d+)(?:의)? ?(?:§ ?|섹션 |절 )(\d+(?:\.\d+)*)/g,
    advise: found => {
      const [, rfc = '', section = ''] = /(\d+)\D+([\d.]+)$/.exec(found) ?? []
      if (!CITED_RFCS.includes(rfc) || sectionTitle(rfc, section) !== undefined) return undefined
      return `RFC ${rfc} has no section ${section}`
    },
  },
]

/**
 * A variant counts where a word begins: 시분할 is not 분할. What follows is an ending or the rest of a longer wrong
 * word; after Latin letters none may follow.
 */
function anyOf(words: readonly string[]): RegExp {
  const longestFirst = words.toSorted((a, b) => b.length - a.length)
  const sources = longestFirst.map(word =>
    /[a-z]$/i.test(word) ? `${literally(word)}(?![a-z])` : literally(word),
  )
  return new RegExp(`(?<![가-힣\\w/.-])(?:${sources.join('|')})`, 'g')
}

/** What is quoted is somebody else's word. */
const QUOTED = /“[^”]*”|‘[^’]*’|「[^」]*」|"[^"\n]*"/g

/** Same length, without the words that are not our own. */
function ownWords(text: string): string {
  return text.replaceAll(QUOTED, quote => ' '.repeat(quote.length))
}

/** Everything in a piece of prose that our house style forbids, in order; quotations may say what they like. */
export function wordingFaults(prose: string): WordingFault[] {
  const own = ownWords(prose)
  const faults = RULES.flatMap(({ pattern, advise }) =>
    [...own.matchAll(pattern)].flatMap(match => {
      const advice = advise(match[0])
      return advice === undefined ? [] : [{ index: match.index, found: match[0], advice }]
    }),
  )
  return faults.toSorted((a, b) => a.index - b.index)
}
