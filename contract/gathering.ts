/** Query of the lab `gathering`, beside the room: what the others call this one, and the last number it has heard of. */
export const GATHERING_NAME = 'name'
export const GATHERING_SINCE = { name: 'since', least: 0, most: 1_000_000_000, usual: 0 } as const

/** Connections that a room of the lab `gathering` takes. */
export const GATHERING_MOST = 100
/** Characters of a name, and of what is said. */
export const GATHERING_NAME_LENGTH = 12
export const GATHERING_TEXT_LENGTH = 200
/** What a room remembers for those who come later. */
export const GATHERING_REMEMBERS = 50

/**
 * What may be said, as `{"kind":"say","text":"…"}`. All but `typing` get a number and are remembered: a word of a chat, a
 * post of a feed, a notice, and (its text the number of a notice) that it was read.
 */
export const SAID_KINDS = ['say', 'post', 'notice', 'read', 'typing'] as const
export type SaidKind = (typeof SAID_KINDS)[number]

/** What a room of the lab `gathering` tells: what somebody said, who is there, and what could not be understood. */
export type Told =
  | { readonly kind: SaidKind; readonly number: number; readonly from: string; readonly text: string }
  | { readonly kind: 'people'; readonly people: readonly string[] }
  | { readonly kind: 'fault'; readonly text: string }

/** Reads what a client says; undefined when it is nothing that may be said. */
export function readSaid(message: string): { readonly kind: SaidKind; readonly text: string } | undefined {
  const json = objectOf(message)
  const kind = SAID_KINDS.find(each => each === json?.['kind'])
  const text = json?.['text']
  if (!kind || typeof text !== 'string' || text.length > GATHERING_TEXT_LENGTH) return undefined
  return { kind, text }
}

/** Reads what a room tells; undefined when this contract does not know it. */
export function readTold(message: string): Told | undefined {
  const json = objectOf(message)
  if (!json) return undefined
  const { kind, number, from, text, people } = json
  if (kind === 'people' && Array.isArray(people) && people.every(each => typeof each === 'string'))
    return { kind, people }
  if (kind === 'fault' && typeof text === 'string') return { kind, text }
  const said = SAID_KINDS.find(each => each === kind)
  if (!said || typeof number !== 'number' || typeof from !== 'string' || typeof text !== 'string')
    return undefined
  return { kind: said, number, from, text }
}

function objectOf(message: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(message)
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
