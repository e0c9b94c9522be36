import type { Mark, Recording } from '#recording/recording.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import { numberAt } from './jump.ts'

/** Times in a capture file are whole microseconds, so an item may have come this much from its mark. */
const ROUNDING_US = 1

/** Whether a mark of a recording points into one of its connections: without a word of it, into the first. */
export function isMarkOf({ connection }: Mark, { connections }: Recording, index: number): boolean {
  const marked = connection === undefined ? 0 : connections.findIndex(({ id }) => id === connection)
  return marked === index
}

/** Number of the item that a mark points at; undefined when nothing came then or later. */
export function numberOfMark(connection: CapturedConnection, { at, item }: Mark): number | undefined {
  const named = item === undefined ? undefined : connection.itemAt(item)
  return named && Math.abs(named.at - at) <= ROUNDING_US ? item : numberAt(connection, at)
}

/** A mark at an item, by the number that it has in `connection.toRecorded()`. */
export function markOf(connection: CapturedConnection, number: number, label: string): Mark {
  return {
    at: connection.itemAt(number)?.at ?? connection.startedAt,
    connection: connection.id,
    item: connection.recordedNumber(number),
    label,
  }
}
