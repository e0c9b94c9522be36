import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeClosePayload } from '#protocol/close-payload.ts'
import {
  connecting,
  maySend,
  outcomeOf,
  READY_STATES,
  step,
  type ConnectionAction,
  type ConnectionEvent,
  type ConnectionState,
} from '#protocol/connection.ts'
import { encodeFrame } from '#protocol/frame-encoder.ts'
import { FrameStream } from '#protocol/frame-stream.ts'
import { peerOf, ROLES, type Role } from '#protocol/role.ts'
import { violationOf } from '#protocol/violation.ts'
import { hex, utf8 } from './bytes.ts'

function after(
  role: Role,
  ...events: readonly ConnectionEvent[]
): { state: ConnectionState; actions: ConnectionAction[] } {
  let state = connecting(role)
  const actions: ConnectionAction[] = []
  for (const event of events) {
    const next = step(state, event)
    state = next.state
    actions.push(...next.actions)
  }
  return { state, actions }
}

const ESTABLISHED = { type: 'established' } as const
const TCP_CLOSED = { type: 'tcp-closed' } as const
const CLOSE_SENT = { type: 'sent', opcode: 8 } as const

/** The event of an endpoint with this role receiving a frame from its peer. */
function receives(role: Role, opcode: number, payload: Uint8Array): ConnectionEvent {
  const maskingKey = role === 'server' ? hex('01020304') : undefined
  const [judged] = new FrameStream(peerOf(role)).push(encodeFrame({ opcode, payload, maskingKey })).frames
  if (!judged) throw new Error('no frame')
  return { type: 'received', frame: judged.frame, violations: judged.violations }
}

describe.each(ROLES)('a %s', role => {
  const bye = receives(role, 8, encodeClosePayload(1001, 'bye'))

  it('is CONNECTING, then OPEN, then CLOSED', () => {
    expect(connecting(role).readyState).toBe('CONNECTING')
    expect(after(role, ESTABLISHED).state.readyState).toBe('OPEN')
    expect(after(role, ESTABLISHED, TCP_CLOSED).state.readyState).toBe('CLOSED')
  })

  it('sees 1006 when TCP ends without a Close frame', () => {
    expect(outcomeOf(after(role, ESTABLISHED, TCP_CLOSED).state)).toEqual({
      code: 1006,
      reason: '',
      wasClean: false,
    })
  })

  it('answers a ping with its payload', () => {
    const { actions } = after(role, ESTABLISHED, receives(role, 9, utf8('?')))
    expect(actions).toEqual([{ type: 'send-pong', payload: utf8('?') }])
  })

  it('does nothing about data and pongs', () => {
    expect(
      after(role, ESTABLISHED, receives(role, 1, utf8('a')), receives(role, 10, utf8('a'))).actions,
    ).toEqual([])
  })

  it('answers a Close with its code, and the server then closes TCP', () => {
    const received = after(role, ESTABLISHED, bye)
    expect(received.state.readyState).toBe('CLOSING')
    expect(received.actions).toEqual([{ type: 'send-close', code: 1001 }])
    const done = after(role, ESTABLISHED, bye, CLOSE_SENT)
    expect(done.actions.slice(1)).toEqual(role === 'server' ? [{ type: 'close-tcp' }] : [])
    expect(outcomeOf(step(done.state, TCP_CLOSED).state)).toEqual({
      code: 1001,
      reason: 'bye',
      wasClean: true,
    })
  })

  it('answers an empty Close with an empty one and sees 1005', () => {
    const { state, actions } = after(role, ESTABLISHED, receives(role, 8, hex('')))
    expect(actions).toEqual([{ type: 'send-close' }])
    expect(outcomeOf(state).code).toBe(1005)
  })

  it('does not answer the answer to its own Close', () => {
    const { state, actions } = after(role, ESTABLISHED, CLOSE_SENT, bye)
    expect(actions).toEqual(role === 'server' ? [{ type: 'close-tcp' }] : [])
    expect(outcomeOf(state).wasClean).toBe(true)
  })

  it('answers pings while it waits for the answer to its Close', () => {
    expect(after(role, ESTABLISHED, CLOSE_SENT, receives(role, 9, hex(''))).actions).toHaveLength(1)
  })

  it('does nothing about what comes after a Close', () => {
    const { state } = after(role, ESTABLISHED, bye)
    expect(step(state, receives(role, 9, hex(''))).actions).toEqual([])
    expect(step(state, receives(role, 8, encodeClosePayload(4000))).state).toBe(state)
  })

  it('fails the connection at a broken rule with its close code, once, and reads no further', () => {
    const bad = receives(role, 3, hex(''))
    const { state, actions } = after(role, ESTABLISHED, bad, bad, bye)
    expect(actions).toEqual([{ type: 'send-close', code: 1002 }, { type: 'close-tcp' }])
    expect(state).toMatchObject({
      readyState: 'CLOSING',
      failed: 'reserved-opcode',
      closeReceived: undefined,
    })
    expect(outcomeOf(step(state, TCP_CLOSED).state)).toEqual({ code: 1006, reason: '', wasClean: false })
  })

  it('fails the connection at bytes that are no frame', () => {
    const violation = violationOf('length-63-bits', peerOf(role), 2)
    expect(after(role, ESTABLISHED, { type: 'fault', violation }).actions).toEqual([
      { type: 'send-close', code: 1002 },
      { type: 'close-tcp' },
    ])
  })

  it('sends no Close frame when the handshake fails, and cannot be established after', () => {
    const rule = role === 'client' ? 'response-accept' : 'request-version'
    const { state, actions } = after(role, { type: 'handshake-failed', rule }, ESTABLISHED)
    const refusal = role === 'client' ? [] : [{ type: 'refuse', status: 426 }]
    expect(actions).toEqual([...refusal, { type: 'close-tcp' }])
    expect(state).toMatchObject({ readyState: 'CLOSING', failed: rule })
  })

  it('fails the connection, or refuses, at a head that cannot be read', () => {
    const { actions } = after(role, { type: 'handshake-failed', rule: 'head-folding' })
    expect(actions[0]).toEqual(role === 'client' ? { type: 'close-tcp' } : { type: 'refuse', status: 400 })
  })

  it('has nothing to do with frames before the handshake is complete', () => {
    const connectingState = connecting(role)
    const violation = violationOf('length-63-bits', peerOf(role), 2)
    for (const event of [bye, CLOSE_SENT, { type: 'fault', violation } as const])
      expect(step(connectingState, event)).toEqual({ state: connectingState, actions: [] })
  })

  it('closes TCP itself when it has waited long enough for the handshake or for the peer to close', () => {
    const timedOut = { type: 'timed-out' } as const
    const closes = [{ type: 'close-tcp' }]
    expect(after(role, timedOut)).toMatchObject({ state: { readyState: 'CLOSING' }, actions: closes })
    // What comes after that counts no more than what comes before the handshake.
    const tooLate = after(role, timedOut, ESTABLISHED, receives(role, 9, utf8('?')), bye)
    expect(tooLate.actions).toEqual(closes)
    expect(outcomeOf(tooLate.state)).toEqual({ code: 1006, reason: '', wasClean: false })
    expect(after(role, ESTABLISHED, CLOSE_SENT, timedOut).actions).toEqual(closes)
    expect(after(role, ESTABLISHED, timedOut).actions).toEqual([])
  })

  it('discards bytes that are no frame behind the Close of its peer', () => {
    const { state } = after(role, ESTABLISHED, bye)
    const violation = violationOf('length-63-bits', peerOf(role), 2)
    expect(step(state, { type: 'fault', violation })).toEqual({ state, actions: [] })
  })

  it('never moves back, whatever happens in whatever order', () => {
    const events: ConnectionEvent[] = [
      ESTABLISHED,
      TCP_CLOSED,
      CLOSE_SENT,
      { type: 'sent', opcode: 1 },
      { type: 'timed-out' },
      { type: 'handshake-failed', rule: 'head-folding' },
      { type: 'fault', violation: violationOf('length-63-bits', peerOf(role), 2) },
      bye,
      receives(role, 9, utf8('?')),
      receives(role, 3, utf8('?')),
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), happened => {
        let state = connecting(role)
        let closesSent = 0
        for (const event of happened) {
          const next = step(state, event)
          const rank = (one: ConnectionState) => READY_STATES.indexOf(one.readyState)
          expect(rank(next.state)).toBeGreaterThanOrEqual(rank(state))
          closesSent += next.actions.filter(action => action.type === 'send-close').length
          // Pongs are only owed while data counts; a Close is asked for at most once.
          if (state.closeReceived || state.failed !== undefined)
            expect(next.actions.filter(action => action.type === 'send-pong')).toEqual([])
          state = next.state
        }
        expect(closesSent).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is not moved by anything once CLOSED', () => {
    const { state } = after(role, ESTABLISHED, TCP_CLOSED)
    for (const event of [ESTABLISHED, bye, CLOSE_SENT, TCP_CLOSED])
      expect(step(state, event).state).toBe(state)
  })

  it('may send nothing before OPEN, all while OPEN, and after its Close only pings and pongs', () => {
    const opcodes = [0, 1, 2, 8, 9, 10]
    const allowed = (...events: ConnectionEvent[]) =>
      opcodes.filter(opcode => maySend(after(role, ...events).state, opcode))
    expect(allowed()).toEqual([])
    expect(allowed(ESTABLISHED)).toEqual(opcodes)
    expect(allowed(ESTABLISHED, bye)).toEqual(opcodes)
    expect(allowed(ESTABLISHED, CLOSE_SENT)).toEqual([9, 10])
    expect(allowed(ESTABLISHED, receives(role, 3, hex('')))).toEqual([])
    expect(allowed(ESTABLISHED, TCP_CLOSED)).toEqual([])
    expect(allowed({ type: 'timed-out' })).toEqual([])
  })
})
