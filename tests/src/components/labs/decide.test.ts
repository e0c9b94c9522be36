import { describe, expect, test } from 'vitest'
import {
  decide,
  QUESTIONS,
  questionsFor,
  type Answers,
  type Question,
  type Verdict,
} from '../../../../src/components/labs/decision/decide.ts'
import {
  QUESTION_WORDS,
  REASON_WORDS,
  WAY_WORDS,
} from '../../../../src/components/labs/decision/decision-words.ts'

const NAMES = Object.keys(QUESTIONS) as Question[]

/** Everything that can be answered to all questions. */
function everyAnswer(): Answers[] {
  return NAMES.reduce<Answers[]>(
    (all, question) =>
      all.flatMap(answers => QUESTIONS[question].map(value => ({ ...answers, [question]: value }))),
    [{}],
  )
}

/** A reader who answers what is asked, from the first question to the verdict. */
function asked(all: Answers): { readonly order: readonly Question[]; readonly verdict: Verdict | undefined } {
  let answers: Answers = {}
  for (;;) {
    const open = questionsFor(answers).find(question => answers[question] === undefined)
    if (open === undefined) return { order: questionsFor(answers), verdict: decide(answers) }
    answers = { ...answers, [open]: all[open] }
  }
}

describe('the helper', () => {
  test('comes to a verdict with a reason whatever is answered, and asks nothing twice', () => {
    for (const answers of everyAnswer()) {
      const { order, verdict } = asked(answers)
      expect(verdict?.because.length, JSON.stringify(answers)).toBeGreaterThan(0)
      expect(new Set(order).size).toBe(order.length)
    }
  })

  test('says nothing while a question that matters is open', () => {
    expect(decide({})).toBeUndefined()
    expect(decide({ first: 'both', late: 'now' })).toBeUndefined()
    expect(decide({ first: 'both', late: 'now', road: 'open', often: 'often' })).toBeUndefined()
  })

  test('can come to every way, for every reason, and has words for all of them', () => {
    const verdicts = everyAnswer().flatMap(answers => asked(answers).verdict ?? [])
    expect(new Set(verdicts.map(({ way }) => way))).toEqual(new Set(Object.keys(WAY_WORDS)))
    expect(new Set(verdicts.flatMap(({ because }) => because))).toEqual(new Set(Object.keys(REASON_WORDS)))
    for (const question of NAMES)
      expect(Object.keys(QUESTION_WORDS[question].answers)).toEqual([...QUESTIONS[question]])
  })

  test.each([
    ['a search', { first: 'client' }, 'request'],
    ['a weather report', { first: 'server', late: 'minutes' }, 'polling'],
    ['progress of a build', { first: 'server', late: 'seconds', road: 'open' }, 'sse'],
    [
      'notices with an answer now and then',
      { first: 'both', late: 'now', road: 'open', often: 'rarely' },
      'sse',
    ],
    ['a chat', { first: 'both', late: 'now', road: 'open', often: 'often', loss: 'no' }, 'websocket'],
    ['a shooter', { first: 'both', late: 'now', road: 'open', often: 'often', loss: 'yes' }, 'webtransport'],
    ['a chat behind an old proxy', { first: 'both', late: 'now', road: 'no-upgrade' }, 'sse'],
    ['a chat behind one that collects', { first: 'both', late: 'now', road: 'no-stream' }, 'long-polling'],
    ['notices of functions that come and go', { first: 'server', late: 'now', road: 'no-hold' }, 'polling'],
  ] as const)('sends %s where the lesson does', (_what, answers, way) => {
    expect(decide(answers)?.way).toBe(way)
  })
})
