import { PROXY_COLLECTS_BYTES, PROXY_IDLE_MS, type ProxyKind } from '#contract/proxies.ts'
import { fieldValues } from '#protocol/http-head.ts'
import { OPCODES } from '#protocol/opcodes.ts'
import type { TraceItem } from '#protocol/trace.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { openedAt } from '../wire/room-talk.ts'
import { NOT_YET, PASSED, type Mission } from './mission.ts'

/** How long the connection has to have been open, in microseconds: longer than the proxy bears twice over. */
const ALIVE = 12_000_000

/** Whether that head was signed by that proxy (RFC 9110 §7.6.3). */
const isSigned = (item: TraceItem, kind: 'request' | 'response', by: ProxyKind) =>
  item.kind === kind && fieldValues(item.head, 'Via').includes(`1.1 ${by}`)

/** The latest connection whose client or server is that proxy, which signs what it passes on. */
function latest(
  connections: readonly CapturedConnection[],
  by: ProxyKind,
  side: 'front' | 'behind',
): CapturedConnection | undefined {
  const kind = side === 'front' ? 'response' : 'request'
  return connections.findLast(({ items }) => items.some(item => isSigned(item, kind, by)))
}

const framesOf = ({ items }: CapturedConnection, from: 'client' | 'server') =>
  items.flatMap(item => (item.kind === 'frame' && item.from === from ? [item] : []))

/** A connection through the impatient proxy lives longer than the proxy bears silence. */
export const keptAlive: Mission = connections => {
  const front = latest(connections, 'impatient', 'front')
  const began = front && openedAt(front)
  if (front === undefined || began === undefined) return NOT_YET
  const aliveFor = (front.items.at(-1)?.at ?? began) - began
  if (aliveFor >= ALIVE) return PASSED
  const ended = front.endings.find(({ how }) => how === 'server-fin')
  const saidGoodbye = framesOf(front, 'client').some(({ frame }) => frame.opcode === OPCODES.close)
  if (ended === undefined || saidGoodbye) return NOT_YET
  const silence = PROXY_IDLE_MS / 1000
  return {
    passed: false,
    near: `${((ended.at - began) / 1e6).toFixed(1)}초 만에 프록시가 끊었습니다. ${silence}초 동안 아무것도 지나가지 않았습니다.`,
  }
}

/** The collecting proxy gives what it holds before anybody closes. */
export const pressedOut: Mission = connections => {
  const front = latest(connections, 'collecting', 'front')
  if (front === undefined) return NOT_YET
  const closing = framesOf(front, 'client').find(({ frame }) => frame.opcode === OPCODES.close)
  const given = framesOf(front, 'server').filter(({ at }) => at < (closing?.at ?? Infinity))
  if (given.length > 0) return PASSED
  const behind = latest(connections, 'collecting', 'behind')
  const held = behind === undefined ? [] : framesOf(behind, 'server')
  if (held.length === 0) return NOT_YET
  if (closing !== undefined) return { passed: false, near: '끊어서 받아 냈습니다. 열린 채로 받아야 합니다.' }
  const bytes = held.reduce((sum, { frame }) => sum + frame.headLength + frame.payload.length, 0)
  return {
    passed: false,
    near: `프록시가 ${bytes.toLocaleString('ko')}바이트를 들고 있습니다. ${(PROXY_COLLECTS_BYTES - bytes).toLocaleString('ko')}바이트가 모자랍니다.`,
  }
}
