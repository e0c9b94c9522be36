import { SERVED_BY } from '#contract/addresses.ts'
import { fieldValues } from '#protocol/http-head.ts'
import type { Role } from '#protocol/role.ts'
import type { CapturedConnection } from './captured-connection.ts'

interface Said {
  readonly text: string
  /** Microseconds, by the clock of the session. */
  readonly at: number
}

/** Texts of one side of a connection, in order. */
export function saidBy({ items }: CapturedConnection, from: Role): readonly Said[] {
  return items.flatMap(item =>
    item.kind === 'frame' && item.from === from && item.message?.text !== undefined
      ? [{ text: item.message.text, at: item.at }]
      : [],
  )
}

/** When a connection was open for both sides. */
export function openedAt({ items }: CapturedConnection): number | undefined {
  return items.find(({ kind }) => kind === 'response')?.at
}

/** The server behind a balancer that answered a connection, as its response says. */
export function servedBy({ items }: CapturedConnection): string | undefined {
  for (const item of items) if (item.kind === 'response') return fieldValues(item.head, SERVED_BY)[0]
  return undefined
}

/**
 * Instances time what crosses them by clocks of their own, which they compare by asking each other: those are apart by half
 * of what an answer may take at most (`claimMs` of the sandbox).
 */
const CLOCKS_APART_US = 1_000_000

/** What was said last among connections of one room, by whom, and who of them were told it since. */
export function lastSaid(
  connections: readonly (CapturedConnection | undefined)[],
): { readonly speaker: number; readonly text: string; readonly heardBy: readonly boolean[] } | undefined {
  const [last] = connections
    .flatMap((connection, speaker) =>
      connection === undefined ? [] : saidBy(connection, 'client').map(said => ({ ...said, speaker })),
    )
    .sort((one, other) => other.at - one.at)
  if (last === undefined) return undefined
  const { speaker, text, at } = last
  const hasHeard = (connection: CapturedConnection) =>
    saidBy(connection, 'server').some(said => said.text === text && said.at >= at - CLOCKS_APART_US)
  return {
    speaker,
    text,
    heardBy: connections.map(each => each !== undefined && hasHeard(each)),
  }
}
