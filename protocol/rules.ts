import type { Role } from './role.ts'
import { FRAME_RULES } from './frame-rule-facts.ts'
import { HEAD_RULES, REQUEST_RULES, RESPONSE_RULES, type RuleId } from './rule-facts.ts'
import type { Duty, RuleFacts } from './rule.ts'

export type { RuleId } from './rule-facts.ts'

/** The catalogue: every rule about bytes that RFC 6455 and what it builds on know, in the order of a connection's life. */
export const RULES: Readonly<Record<RuleId, RuleFacts>> = {
  ...HEAD_RULES,
  ...REQUEST_RULES,
  ...RESPONSE_RULES,
  ...FRAME_RULES,
}

/** True for the name of a rule in the catalogue. */
export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(RULES, id)
}

/** Ids of every rule, in the catalogue's order. */
export const RULE_IDS: readonly RuleId[] = Object.keys(RULES).filter(isRuleId)

/** What the other side must do when this side broke the rule: a client answers no status, it fails the connection. */
export function dutyOf(rule: RuleId, by: Role): Duty {
  const { duty } = RULES[rule]
  return by === 'server' && typeof duty === 'number' && duty < 1000 ? 'fail' : duty
}
