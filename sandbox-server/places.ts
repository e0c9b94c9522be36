import { CONTROL_PATH, LAB_PATH_PREFIX, PLAYED_LAB, TICKET_PARAMETER } from '#contract/addresses.ts'
import { LABS } from './labs/lab.ts'

/** What of the sandbox a request asks for. */
export type Place =
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
  if (url?.pathname === CONTROL_PATH) return { kind: 'control' }
  if (!url?.pathname.startsWith(LAB_PATH_PREFIX)) return undefined
  const name = url.pathname.slice(LAB_PATH_PREFIX.length)
  return { kind: 'lab', name, ticket: url.searchParams.get(TICKET_PARAMETER), query: url.searchParams }
}

/** The query of a request target; empty when it cannot be read. */
export function queryOf(target: string | undefined): URLSearchParams {
  return URL.parse(target ?? '', 'http://sandbox')?.searchParams ?? new URLSearchParams()
}

export function isLab(name: string): boolean {
  return LABS.has(name) || name === PLAYED_LAB
}
