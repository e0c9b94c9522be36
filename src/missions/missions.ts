import type { Mission } from './mission.ts'

const firstConnection = () => import('./first-connection.ts')
const acceptKey = () => import('./accept-key.ts')
const frames = () => import('./frames.ts')
const masking = () => import('./masking.ts')
const handshake = () => import('./handshake.ts')
const whyWebsocket = () => import('./why-websocket.ts')
const pingPong = () => import('./ping-pong.ts')
const closing = () => import('./closing.ts')
const textAndBinary = () => import('./text-and-binary.ts')
const fragmentation = () => import('./fragmentation.ts')
const tcpIsNotFrames = () => import('./tcp-is-not-frames.ts')
const wsAndWss = () => import('./ws-and-wss.ts')
const proxies = () => import('./proxies.ts')
const httpVsWebsocket = () => import('./http-vs-websocket.ts')
const sseAndLongPolling = () => import('./sse-and-long-polling.ts')
const strengths = () => import('./strengths.ts')
const useCases = () => import('./use-cases.ts')
const whenToUse = () => import('./when-to-use.ts')
const weaknesses = () => import('./weaknesses.ts')
const pythonServer = () => import('./python-server.ts')
const scaling = () => import('./scaling.ts')

/** Every mission by the id lessons use, and where its judge is: a page loads the judges of its own missions only. */
export const MISSIONS = {
  'nine-bytes': async () => (await firstConnection()).nineBytes,
  'right-accept': async () => (await acceptKey()).rightAccept,
  'refused-accept': async () => (await acceptKey()).refusedAccept,
  'three-lengths': async () => (await frames()).threeLengths,
  'one-broken-rule': async () => (await frames()).oneBrokenRule,
  'known-key': async () => (await masking()).knownKey,
  'unmasked-fate': async () => (await masking()).unmaskedFate,
  'second-subprotocol': async () => (await handshake()).secondSubprotocol,
  'spoke-unasked': async () => (await whyWebsocket()).spokeUnasked,
  'three-between': async () => (await whyWebsocket()).threeBetween,
  'found-silence': async () => (await pingPong()).foundSilence,
  'server-verdicts': async () => (await closing()).serverVerdicts,
  'silent-1006': async () => (await closing()).silent1006,
  'one-sign-ten-bytes': async () => (await textAndBinary()).oneSignTenBytes,
  'broken-and-whole': async () => (await textAndBinary()).brokenAndWhole,
  'ping-in-the-middle': async () => (await fragmentation()).pingInTheMiddle,
  'two-broken-orders': async () => (await fragmentation()).twoBrokenOrders,
  'head-in-two-reads': async () => (await tcpIsNotFrames()).headInTwoReads,
  'read-in-the-open': async () => (await wsAndWss()).readInTheOpen,
  'same-size': async () => (await wsAndWss()).sameSize,
  'kept-alive': async () => (await proxies()).keptAlive,
  'pressed-out': async () => (await proxies()).pressedOut,
  'foretold-ratio': async () => (await httpVsWebsocket()).foretoldRatio,
  'polls-win': async () => (await httpVsWebsocket()).pollsWin,
  'resumed-stream': async () => (await sseAndLongPolling()).resumedStream,
  'light-load': async () => (await strengths()).lightLoad,
  'in-flight': async () => (await strengths()).inFlight,
  'came-late': async () => (await useCases()).cameLate,
  'thinned-out': async () => (await useCases()).thinnedOut,
  'soon-enough': async () => (await whenToUse()).soonEnough,
  'state-lost': async () => (await weaknesses()).stateLost,
  'state-brought': async () => (await weaknesses()).stateBrought,
  'left-out': async () => (await pythonServer()).leftOut,
  'alone-and-told': async () => (await pythonServer()).aloneAndTold,
  'never-arrived': async () => (await scaling()).neverArrived,
  'heard-across': async () => (await scaling()).heardAcross,
  'three-in-one-read': async () => (await tcpIsNotFrames()).threeInOneRead,
} as const satisfies Readonly<Record<string, () => Promise<Mission>>>

export type MissionId = keyof typeof MISSIONS

export function isMissionId(id: string): id is MissionId {
  return Object.hasOwn(MISSIONS, id)
}
