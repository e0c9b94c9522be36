import type { Role } from './role.ts'

/**
 * What the other side must do about a broken rule: a number is the HTTP status a server answers with (below 1000) or
 * the close code of the connection's failure (1000 and up); `fail` ends the connection without a Close frame;
 * `decline` passes over the one offer; `nothing` asks for nothing.
 */
export type Duty = number | 'fail' | 'decline' | 'nothing'

/** What a rule binds and what follows when it is broken. What it says in words is the business of the layer above. */
export interface RuleFacts {
  /** Where it is written, ready to show: `RFC 6455 §5.2`. */
  readonly section: string
  /** Who can break it. */
  readonly side: Role | 'either'
  /** Of the server for what a client breaks in its handshake; see `dutyOf` for heads, which both sides send. */
  readonly duty: Duty
}

/** @param section of RFC 6455, or of another RFC that is named */
/* @__NO_SIDE_EFFECTS__ */
export function rule(section: string, side: RuleFacts['side'], duty: Duty): RuleFacts {
  return { section: section.startsWith('RFC') ? section : `RFC 6455 §${section}`, side, duty }
}
