import { parseClosePayload } from './close-payload.ts'
import type { Frame } from './frame.ts'
import { OPCODES } from './opcodes.ts'
import { peerOf, type Role } from './role.ts'
import { dutyOf, type RuleId } from './rules.ts'
import type { Violation } from './violation.ts'

/** The states of RFC 6455 §4.1 and §7.1, as `WebSocket.readyState` numbers them from 0. */
export const READY_STATES = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'] as const
export type ReadyState = (typeof READY_STATES)[number]

/** What one endpoint knows of its connection. A value: `step` makes the next one. */
export interface ConnectionState {
  /** Which endpoint this is. */
  readonly role: Role
  readonly readyState: ReadyState
  readonly closeSent: boolean
  /** The first Close frame received: its code (1005 when it had none, §7.1.5) and reason. */
  readonly closeReceived: { readonly code: number; readonly reason: string } | undefined
  /**
   * Why this endpoint failed the connection (§7.1.7): the rule its peer broke, or that the handshake took too long. Then
   * nothing received counts.
   */
  readonly failed: RuleId | 'timed-out' | undefined
}

/** What can happen to an endpoint. */
export type ConnectionEvent =
  /** The opening handshake is complete and good (§4.1, §4.2.2). */
  | { readonly type: 'established' }
  /** The peer's part of the opening handshake broke this rule. */
  | { readonly type: 'handshake-failed'; readonly rule: RuleId }
  /** A frame came, with the rules it breaks. */
  | { readonly type: 'received'; readonly frame: Frame; readonly violations: readonly Violation[] }
  /** Bytes came that are no frame. */
  | { readonly type: 'fault'; readonly violation: Violation }
  /** This endpoint wrote a frame. */
  | { readonly type: 'sent'; readonly opcode: number }
  /** This endpoint has waited long enough for the handshake, for an answer to its Close, or for the end of TCP. */
  | { readonly type: 'timed-out' }
  /** TCP is closed, whoever closed it. */
  | { readonly type: 'tcp-closed' }

/** What the endpoint must do now. */
export type ConnectionAction =
  /** Answer the request with this HTTP status (§4.2.1); the fields of the answer are those of `refusalOf`. */
  | { readonly type: 'refuse'; readonly status: number }
  | { readonly type: 'send-pong'; readonly payload: Uint8Array }
  /** `code` absent: a Close frame without payload. Report it with a `sent` event. */
  | { readonly type: 'send-close'; readonly code?: number }
  | { readonly type: 'close-tcp' }

/** An endpoint's next state and what it owes the peer. */
export interface Step {
  readonly state: ConnectionState
  readonly actions: readonly ConnectionAction[]
}

/** An endpoint before its opening handshake. */
export function connecting(role: Role): ConnectionState {
  return { role, readyState: 'CONNECTING', closeSent: false, closeReceived: undefined, failed: undefined }
}

const CLOSE_TCP: ConnectionAction = { type: 'close-tcp' }

/**
 * What an event makes of an endpoint. Pure; an event that means nothing in a state leaves it as it is. Neither the pages
 * nor the sandbox need it, which have endpoints of their own: it is what RFC 6455 says of one, in code.
 */
export function step(state: ConnectionState, event: ConnectionEvent): Step {
  const same: Step = { state, actions: [] }
  const { readyState } = state
  if (readyState === 'CLOSED') return same
  if (event.type === 'tcp-closed') return { state: { ...state, readyState: 'CLOSED' }, actions: [] }
  // "An endpoint MUST NOT continue to attempt to process data (including a responding Close frame) from the remote
  // endpoint after being instructed to _Fail the WebSocket Connection_." (§7.1.7)
  const isDeaf = state.failed !== undefined
  if (readyState === 'CONNECTING') {
    if (event.type === 'established') return { state: { ...state, readyState: 'OPEN' }, actions: [] }
    if (event.type === 'handshake-failed') return failHandshake(state, event.rule)
    return event.type === 'timed-out' ? giveUp({ ...state, failed: 'timed-out' }) : same
  }
  switch (event.type) {
    case 'sent':
      return event.opcode === OPCODES.close ? closing({ ...state, closeSent: true }, []) : same
    case 'received':
      return isDeaf ? same : received(state, event.frame, event.violations)
    case 'fault':
      return isDeaf || state.closeReceived ? same : fail(state, event.violation)
    case 'timed-out':
      return readyState === 'CLOSING' ? giveUp(state) : same
    case 'established':
    case 'handshake-failed':
      return same
  }
}

function received(state: ConnectionState, frame: Frame, violations: readonly Violation[]): Step {
  // Nothing counts behind a Close frame: TCP's trailing bytes are discarded (§7.1.1).
  if (state.closeReceived) return { state, actions: [] }
  const broken = violations.find(each => each.closeCode !== undefined)
  if (broken) return fail(state, broken)
  if (frame.opcode === OPCODES.ping)
    return { state, actions: [{ type: 'send-pong', payload: frame.payload }] }
  if (frame.opcode !== OPCODES.close) return { state, actions: [] }
  const { code, reason } = parseClosePayload(frame.payload)
  // An answer typically echoes the code it received (§5.5.1).
  const answer: ConnectionAction = { type: 'send-close', ...(code !== undefined && { code }) }
  return closing({ ...state, closeReceived: { code: code ?? 1005, reason } }, state.closeSent ? [] : [answer])
}

/** One Close frame makes it CLOSING; both, and the server closes TCP first (§7.1.1). */
function closing(state: ConnectionState, actions: readonly ConnectionAction[]): Step {
  const done = state.closeSent && state.closeReceived !== undefined && state.role === 'server'
  return { state: { ...state, readyState: 'CLOSING' }, actions: done ? [...actions, CLOSE_TCP] : actions }
}

/** Fails an open connection (§7.1.7): with a Close frame when one can still be sent, then TCP. */
function fail(state: ConnectionState, { rule, closeCode: code }: Violation): Step {
  const mayTell = !state.closeSent && code !== undefined
  return {
    state: { ...state, readyState: 'CLOSING', failed: rule },
    actions: mayTell ? [{ type: 'send-close', code }, CLOSE_TCP] : [CLOSE_TCP],
  }
}

/** A server says no in HTTP (§4.2.1), a client just leaves (§4.1). */
function failHandshake(state: ConnectionState, rule: RuleId): Step {
  const duty = dutyOf(rule, peerOf(state.role))
  return {
    state: { ...state, readyState: 'CLOSING', failed: rule },
    actions: typeof duty === 'number' ? [{ type: 'refuse', status: duty }, CLOSE_TCP] : [CLOSE_TCP],
  }
}

/** "a client MAY initiate the TCP Close" when the peer does not in "a reasonable amount of time" (§7.1.1). */
function giveUp(state: ConnectionState): Step {
  return { state: { ...state, readyState: 'CLOSING' }, actions: [CLOSE_TCP] }
}

/**
 * Whether an endpoint may write such a frame now: nothing before OPEN or after failing; after its own Close no data and
 * no second Close (§5.5.1), but pings and pongs until TCP is closed (§5.5.2). A received Close may be answered after
 * the rest of a message.
 */
export function maySend(state: ConnectionState, opcode: number): boolean {
  if (state.readyState === 'CONNECTING' || state.readyState === 'CLOSED' || state.failed !== undefined)
    return false
  return !state.closeSent || opcode > OPCODES.close
}

/** How it ended for this endpoint: what a `CloseEvent` tells a script (§7.1.4 to §7.1.6). */
export function outcomeOf(state: ConnectionState): {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
} {
  const { closeReceived, closeSent } = state
  return {
    code: closeReceived?.code ?? 1006,
    reason: closeReceived?.reason ?? '',
    wasClean: closeReceived !== undefined && closeSent,
  }
}
