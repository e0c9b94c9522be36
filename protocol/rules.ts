import type { Role } from './role.ts'
import {
  FRAME_RULES,
  HEAD_RULES,
  REQUEST_RULES,
  RESPONSE_RULES,
  type RuleFacts,
  type RuleId,
} from './rule-facts.ts'
import { ENGLISH_RULES } from './rules-en.ts'
import { KOREAN_RULES } from './rules-ko.ts'

export type { RuleId } from './rule-facts.ts'

/** A rule in one language: what it is called, and the rule itself in one sentence. */
export interface RuleText {
  readonly title: string
  readonly sentence: string
}

/** A rule of the catalogue: its facts and its words. */
export interface Rule extends RuleFacts {
  readonly ko: RuleText
  readonly en: RuleText
}

const RULE_FACTS = { ...HEAD_RULES, ...REQUEST_RULES, ...RESPONSE_RULES, ...FRAME_RULES }

function withWords(id: RuleId): Rule {
  const [koTitle, koSentence] = KOREAN_RULES[id]
  const [enTitle, enSentence] = ENGLISH_RULES[id]
  return {
    ...RULE_FACTS[id],
    ko: { title: koTitle, sentence: koSentence },
    en: { title: enTitle, sentence: enSentence },
  }
}

/** Ids of every rule, in the order of a connection's life. */
export const RULE_IDS: readonly RuleId[] = Object.keys(RULE_FACTS).filter(isRuleId)

/** True for the name of a rule in the catalogue. */
export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(RULE_FACTS, id)
}

/** The catalogue. */
export const RULES: Readonly<Record<RuleId, Rule>> = Object.fromEntries(
  RULE_IDS.map(id => [id, withWords(id)]),
) as Record<RuleId, Rule>

/** One sentence in both languages. */
export interface Explanation {
  readonly ko: string
  readonly en: string
}

const KO_ROLES: Readonly<Record<Role, string>> = { client: '클라이언트', server: '서버' }

/** What a broken rule asks of the other side, in both languages. */
export function dutyOf(rule: RuleId): Explanation {
  const { duty }: RuleFacts = RULE_FACTS[rule]
  if (duty === 'fail')
    return { ko: '받은 쪽은 연결을 실패로 처리합니다.', en: 'The other side must fail the connection.' }
  if (duty === 'decline')
    return { ko: '받은 쪽은 그 제안을 거절합니다.', en: 'The other side declines the offer.' }
  if (duty === 'nothing')
    return { ko: '받은 쪽이 꼭 해야 할 일은 없습니다.', en: 'The other side need not do anything.' }
  return duty < 1000
    ? { ko: `서버는 ${duty} 응답으로 거절합니다.`, en: `The server refuses with ${duty}.` }
    : {
        ko: `받은 쪽은 코드 ${duty}로 연결을 끝냅니다.`,
        en: `The other side fails the connection with ${duty}.`,
      }
}

/** One sentence that says who broke which rule. */
export function explainViolation(violation: { readonly rule: RuleId; readonly by: Role }): Explanation {
  const { ko, en } = RULES[violation.rule]
  return {
    ko: `${KO_ROLES[violation.by]}가 규칙을 어겼습니다: ${ko.sentence}`,
    en: `The ${violation.by} broke a rule: ${en.sentence}`,
  }
}
