import type { Role } from './role.ts'
import { FRAME_RULES, type FrameRuleId } from './frame-rule-facts.ts'
import type { RuleId } from './rule-facts.ts'
import type { RuleFacts } from './rule.ts'

/** One rule broken at one place. */
export interface Violation {
  readonly rule: RuleId
  /** Who broke it. */
  readonly by: Role
  /**
   * Byte at which it shows: counted in the sender's stream after the handshake for frames (like `Frame.offset`), from
   * the first byte of the head for heads.
   */
  readonly offset: number
  /** Code with which the peer must fail the connection; `undefined` when it need not, or when there is no frame to say it in. */
  readonly closeCode: number | undefined
}

/** What a frame that keeps every rule breaks: one list for all of them. */
export const NO_VIOLATIONS: readonly Violation[] = []

/** A violation of a frame rule, with the close code the catalogue gives. */
export function violationOf(rule: FrameRuleId, by: Role, offset: number): Violation {
  return { rule, by, offset, closeCode: closeCodeOf(rule) }
}

/** Close code (RFC 6455 §7.4.1) that answers a broken frame rule; `undefined` when the peer need not fail the connection. */
export function closeCodeOf(rule: FrameRuleId): number | undefined {
  const { duty }: RuleFacts = FRAME_RULES[rule]
  return typeof duty === 'number' ? duty : undefined
}
