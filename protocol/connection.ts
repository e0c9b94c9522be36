import { parseClosePayload } from './close-payload.ts'
import type { Frame } from './frame.ts'
import { OPCODES } from './opcodes.ts'
import type { Role } from './role.ts'
import type { RuleId } from './rule-facts.ts'
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
  /** Why this endpoint failed the connection (§7.1.7): the rule its peer broke. Then nothing received counts. */
  readonly failed: RuleId | undefined
}

/** What can happen to an endpoint. */
export type ConnectionEvent =
  /** The opening handshake is complete and good (§4.1, §4.2.2). */
  | { readonly type: 'established' }
  /** The opening handshake broke this rule. */
  | { readonly type: 'handshake-failed'; readonly rule: RuleId }
  /** A frame came, with the rules it breaks. */
  | { readonly type: 'received'; readonly frame: Frame; readonly violations: readonly Violation[] }
  /** Bytes came that are no frame. */
  | { readonly type: 'fault'; readonly violation: Violation }
  /** This endpoint wrote a frame. */
  | { readonly type: 'sent'; readonly opcode: number }
  /** TCP is closed, whoever closed it. */
  | { readonly type: 'tcp-closed' }

/** What the endpoint must do now. */
export type ConnectionAction =
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

/** What an event makes of an endpoint. Pure; events that mean nothing in a state leave it as it is. */
export function step(state: ConnectionState, event: ConnectionEvent): Step {
  if (state.readyState === 'CLOSED') return { state, actions: [] }
  switch (event.type) {
    case 'tcp-closed':
      return { state: { ...state, readyState: 'CLOSED' }, actions: [] }
    case 'handshake-failed':
      return fail(state, event.rule, undefined)
    case 'established':
      return state.readyState === 'CONNECTING' && state.failed === undefined
        ? { state: { ...state, readyState: 'OPEN' }, actions: [] }
        : { state, actions: [] }
    case 'fault':
      return fail(state, event.violation.rule, event.violation.closeCode)
    case 'sent':
      return event.opcode === OPCODES.close
        ? closing({ ...state, closeSent: true }, [])
        : { state, actions: [] }
    case 'received':
      return received(state, event.frame, event.violations)
  }
}

function received(state: ConnectionState, frame: Frame, violations: readonly Violation[]): Step {
  // "An endpoint MUST NOT continue to attempt to process data … after being instructed to fail" (§7.1.7), nor after Close.
  if (state.failed !== undefined || state.closeReceived) return { state, actions: [] }
  const broken = violations.find(each => each.closeCode !== undefined)
  if (broken) return fail(state, broken.rule, broken.closeCode)
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
  return {
    state: { ...state, readyState: 'CLOSING' },
    actions: done ? [...actions, { type: 'close-tcp' }] : actions,
  }
}

/** Fails the connection (§7.1.7): with a Close frame when one can still be sent, then TCP. */
function fail(state: ConnectionState, rule: RuleId, code: number | undefined): Step {
  if (state.failed !== undefined) return { state, actions: [] }
  const open = state.readyState !== 'CONNECTING' && !state.closeSent && code !== undefined
  return {
    state: { ...state, readyState: 'CLOSING', failed: rule },
    actions: [...(open ? [{ type: 'send-close', code } as const] : []), { type: 'close-tcp' }],
  }
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
