import type { Answer, Case, End, Event } from './case.ts'
import type { Outcome } from './outcome.ts'
import { PROBED } from './probe.ts'

/** What is wrong with an outcome by what the RFC demands; `undefined` when nothing is. */
export function judge(each: Case, outcome: Outcome): string | undefined {
  return judged(each, outcome, allowed(each.answer), false)
}

/** As `judge`, and of what the RFC allows the server has to have done the best, and ended TCP with its FIN. */
export function judgeStrictly(each: Case, outcome: Outcome): string | undefined {
  return judged(each, outcome, [each.answer], true)
}

function allowed(answer: Answer): Answer[] {
  return [answer, ...(answer.or ? allowed(answer.or) : [])]
}

function judged(
  each: Case,
  outcome: Outcome,
  answers: readonly Answer[],
  strictly: boolean,
): string | undefined {
  const { status, agreed, broken } = outcome
  if (status !== 101) return `the handshake was answered ${status}`
  if (each.agreed === '' ? agreed !== '' : each.agreed !== undefined && !each.agreed.test(agreed))
    return `agreed on ${JSON.stringify(agreed)}`
  if (broken.length > 0) return `the server sent ${broken.join(', ')}`
  const faults = answers.map(answer => faultOf(answer, outcome, strictly))
  return faults.includes(undefined) ? undefined : faults[0]
}

function faultOf(answer: Answer, outcome: Outcome, strictly: boolean): string | undefined {
  const { end } = answer
  const wanted = end.how === 'open' ? [...answer.events, PROBED] : answer.events
  const { events } = outcome
  if (!(sameEvents(wanted, events) || (!strictly && areAllowed(wanted, events, end.how === 'open'))))
    return `heard ${told(events)} instead of ${told(wanted)}`
  return faultOfClose(end, outcome.close, strictly) ?? faultOfTcp(outcome.tcp, strictly)
}

/** How the probe's Close is answered. */
const OPENED = { how: 'closed', codes: [1000, 'none'] } as const

function faultOfClose(end: End, close: Outcome['close'], strictly: boolean): string | undefined {
  if (end.how === 'gone') return undefined
  const { how, codes } = end.how === 'open' ? OPENED : end
  if (!close) {
    // "SHOULD send a Close frame" (§7.1.7) when it fails; in answer to one it MUST (§5.5.1).
    return how === 'failed' && !strictly ? undefined : 'no Close came'
  }
  if (!(strictly ? codes.slice(0, 1) : codes).includes(close.code)) return `closed with ${close.code}`
  const reason = end.how === 'closed' ? end.reason : undefined
  return strictly && reason !== undefined && reason !== close.reason
    ? `closed for ${JSON.stringify(close.reason)}`
    : undefined
}

function faultOfTcp(tcp: Outcome['tcp'], strictly: boolean): string | undefined {
  if (tcp === 'open') return 'TCP was left open'
  return strictly && tcp === 'reset' ? 'TCP ended with a RST' : undefined
}

export function sameEvent(one: Event, other: Event): boolean {
  return one.kind === other.kind && Buffer.compare(one.payload, other.payload) === 0
}

function sameEvents(ones: readonly Event[], others: readonly Event[]): boolean {
  return ones.length === others.length && begins(ones, others)
}

/** Whether `all` begins with these. */
function begins(these: readonly Event[], all: readonly Event[]): boolean {
  return these.every((event, i) => all.slice(i, i + 1).some(each => sameEvent(event, each)))
}

/**
 * Whether a server may have said that: pongs and messages in what order it likes, and of the messages that the
 * connection closed behind only the first, as they are answered by an application that may be slower.
 */
function areAllowed(wanted: readonly Event[], heard: readonly Event[], isOpen: boolean): boolean {
  const pongs = (events: readonly Event[]) => events.filter(event => event.kind === 'pong')
  const messages = (events: readonly Event[]) => events.filter(event => event.kind !== 'pong')
  const same = isOpen ? sameEvents : begins
  return same(messages(heard), messages(wanted)) && areEnough(pongs(heard), pongs(wanted))
}

/** A server may answer only the latest of several pings (§5.5.3). */
function areEnough(pongs: readonly Event[], wanted: readonly Event[]): boolean {
  const latest = wanted.at(-1)
  const heard = pongs.at(-1)
  if (!latest || !heard) return latest === heard
  let from = 0
  const isSubsequence = pongs.every(pong => {
    const found = wanted.findIndex((each, i) => i >= from && sameEvent(pong, each))
    from = found + 1
    return found >= 0
  })
  return isSubsequence && sameEvent(heard, latest)
}

function told(events: readonly Event[]): string {
  const each = ({ kind, payload }: Event) =>
    `${kind}(${payload.length}) ${Buffer.from(payload).toString('hex', 0, 24)}`
  return events.length === 0 ? 'nothing' : events.map(each).join(', ')
}
