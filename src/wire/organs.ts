import type { Worded } from '#words/ko/span-words.ts'
import type { Span } from '#words/span.ts'
import type { ByteCell } from './byte-cells.ts'

type NamedCell = ByteCell<Worded<Span>>

/** Where a byte stands in its organ: the run of bytes that is outlined and named as one. */
export interface OrganPlace {
  readonly first: boolean
  readonly last: boolean
  /** Its name, at the first byte only. */
  readonly name: string | undefined
}

/** The place of each cell. The first two bytes of a frame hold several spans and are one organ: its head. */
export function organPlaces(cells: readonly NamedCell[]): OrganPlace[] {
  return cells.map((cell, at) => {
    const next = cells[at + 1]
    const first = !inOneOrgan(cells[at - 1], cell)
    return {
      first,
      last: next === undefined ? cell.index + 1 >= cell.span.end : !inOneOrgan(cell, next),
      name: !first ? undefined : cell.span.bits ? '헤더' : cell.span.label,
    }
  })
}

function inOneOrgan(a: NamedCell | undefined, b: NamedCell): boolean {
  return a !== undefined && (a.span === b.span || (a.span.bits !== undefined && b.span.bits !== undefined))
}
