import type { Role } from '#protocol/role.ts'
import type { CapturedConnection } from './captured-connection.ts'

/** What a connection has carried, and what that cost. */
export interface ReportCard {
  /** Messages, by sender. */
  readonly messages: Readonly<Record<Role, number>>
  /** Bytes that were to be told, and bytes of the frames that told them. */
  readonly payload: Readonly<Record<Role, number>>
  readonly wire: Readonly<Record<Role, number>>
  /** Bytes of the request and the response that opened it. */
  readonly opening: number
  /** Messages that the page had sent and not yet heard the answers to, at most. */
  readonly inFlight: number
  /** From `send()` to the `message` event that answers it, in microseconds, ascending. */
  readonly roundTrips: readonly number[]
}

/** Counts what a connection to an echo has carried so far. */
export function reportCard({ items, script }: CapturedConnection): ReportCard {
  const messages = { client: 0, server: 0 }
  const payload = { client: 0, server: 0 }
  const wire = { client: 0, server: 0 }
  let opening = 0
  let inFlight = 0
  for (const item of items) {
    if (item.kind === 'request' || item.kind === 'response') opening += item.head.bytes.length
    if (item.kind !== 'frame' || item.frame.opcode >= 0x8) continue
    wire[item.from] += item.frame.wire.length
    payload[item.from] += item.frame.payloadLength
    if (item.message !== undefined) messages[item.from]++
  }
  let unanswered = 0
  for (const { what } of script) {
    if (what === 'send') unanswered++
    else if (what === 'message') unanswered--
    inFlight = Math.max(inFlight, unanswered)
  }
  const at = (what: 'send' | 'message') => script.filter(event => event.what === what).map(each => each.at)
  const sent = at('send')
  const roundTrips = at('message')
    .flatMap((heard, index) => (sent[index] === undefined ? [] : [heard - sent[index]]))
    .toSorted((a, b) => a - b)
  return { messages, payload, wire, opening, inFlight, roundTrips }
}

/** Bytes of frames that are none of the payload, as a share of it; undefined before there is a payload. */
export function overheadOf({ payload, wire }: ReportCard, from: Role): number | undefined {
  return payload[from] === 0 ? undefined : (wire[from] - payload[from]) / payload[from]
}

/** What so many of the ascending values do not exceed; undefined when there are none. @param share 0 to 1 */
export function percentile(ascending: readonly number[], share: number): number | undefined {
  return ascending[Math.max(Math.ceil(ascending.length * share) - 1, 0)]
}
