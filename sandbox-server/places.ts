import {
  CONTROL_PATH,
  EVENTS_PATH,
  LAB_PATH_PREFIX,
  PLAYED_LAB,
  TICKET_PARAMETER,
} from '#contract/addresses.ts'
import { LABS } from './labs/lab.ts'

/** What of the sandbox a request asks for: a stream of events, or what a handshake opens. */
export type Place = { readonly kind: 'events'; readonly query: URLSearchParams } | Opened
export type Opened =
  | { readonly kind: 'control' }
  | {
      readonly kind: 'lab'
      readonly name: string
      readonly ticket: string | null
      readonly query: URLSearchParams
    }

/** The place a request target names; undefined when it is none of the sandbox's. */
export function placeOf(target: string | undefined): Place | undefined {
  const url = target === undefined ? null : URL.parse(target, 'http://sandbox')
  if (!url) return undefined
  const { pathname, searchParams: query } = url
  if (pathname === CONTROL_PATH) return { kind: 'control' }
  if (pathname === EVENTS_PATH) return { kind: 'events', query }
  if (!pathname.startsWith(LAB_PATH_PREFIX)) return undefined
  const name = pathname.slice(LAB_PATH_PREFIX.length)
  return { kind: 'lab', name, ticket: query.get(TICKET_PARAMETER), query }
}

export function isLab(name: string): boolean {
  return LABS.has(name) || name === PLAYED_LAB
}
