import type { Mission } from './mission.ts'

/** Every mission by the id lessons use, and where its judge is: a page loads the judges of its own missions only. */
export const MISSIONS = {
  'nine-bytes': async () => (await import('./first-connection.ts')).nineBytes,
  'right-accept': async () => (await import('./accept-key.ts')).rightAccept,
  'refused-accept': async () => (await import('./accept-key.ts')).refusedAccept,
  'three-lengths': async () => (await import('./frames.ts')).threeLengths,
  'one-broken-rule': async () => (await import('./frames.ts')).oneBrokenRule,
  'known-key': async () => (await import('./masking.ts')).knownKey,
  'unmasked-fate': async () => (await import('./masking.ts')).unmaskedFate,
  'second-subprotocol': async () => (await import('./handshake.ts')).secondSubprotocol,
  'spoke-unasked': async () => (await import('./why-websocket.ts')).spokeUnasked,
  'three-between': async () => (await import('./why-websocket.ts')).threeBetween,
  'found-silence': async () => (await import('./ping-pong.ts')).foundSilence,
  'server-verdicts': async () => (await import('./closing.ts')).serverVerdicts,
  'silent-1006': async () => (await import('./closing.ts')).silent1006,
  'one-sign-ten-bytes': async () => (await import('./text-and-binary.ts')).oneSignTenBytes,
  'broken-and-whole': async () => (await import('./text-and-binary.ts')).brokenAndWhole,
  'ping-in-the-middle': async () => (await import('./fragmentation.ts')).pingInTheMiddle,
  'two-broken-orders': async () => (await import('./fragmentation.ts')).twoBrokenOrders,
  'head-in-two-reads': async () => (await import('./tcp-is-not-frames.ts')).headInTwoReads,
  'read-in-the-open': async () => (await import('./ws-and-wss.ts')).readInTheOpen,
  'same-size': async () => (await import('./ws-and-wss.ts')).sameSize,
  'kept-alive': async () => (await import('./proxies.ts')).keptAlive,
  'pressed-out': async () => (await import('./proxies.ts')).pressedOut,
  'foretold-ratio': async () => (await import('./http-vs-websocket.ts')).foretoldRatio,
  'polls-win': async () => (await import('./http-vs-websocket.ts')).pollsWin,
  'resumed-stream': async () => (await import('./sse-and-long-polling.ts')).resumedStream,
  'light-load': async () => (await import('./strengths.ts')).lightLoad,
  'in-flight': async () => (await import('./strengths.ts')).inFlight,
  'came-late': async () => (await import('./use-cases.ts')).cameLate,
  'thinned-out': async () => (await import('./use-cases.ts')).thinnedOut,
  'soon-enough': async () => (await import('./when-to-use.ts')).soonEnough,
  'state-lost': async () => (await import('./weaknesses.ts')).stateLost,
  'state-brought': async () => (await import('./weaknesses.ts')).stateBrought,
  'left-out': async () => (await import('./python-server.ts')).leftOut,
  'alone-and-told': async () => (await import('./python-server.ts')).aloneAndTold,
  'never-arrived': async () => (await import('./scaling.ts')).neverArrived,
  'heard-across': async () => (await import('./scaling.ts')).heardAcross,
  'three-in-one-read': async () => (await import('./tcp-is-not-frames.ts')).threeInOneRead,
} as const satisfies Readonly<Record<string, () => Promise<Mission>>>

export type MissionId = keyof typeof MISSIONS

export function isMissionId(id: string): id is MissionId {
  return Object.hasOwn(MISSIONS, id)
}
