import { OPCODES, opcodeInfo } from '#protocol/opcodes.ts'
import type { Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'
import { grouped } from '../wire/grouped.ts'
import type { Inspected } from './inspected.ts'
import {
  brokenRules,
  itemSentence,
  itemWords,
  noteSentence,
  noteWords,
  type ItemWords,
} from './item-words.ts'
import { duration, timeAt } from './quantities.ts'
import type { Row } from './rows.ts'

/** What kind of thing a line is, for its colour. */
export type RowTone = 'head' | 'data' | 'control' | 'fault' | 'socket'

/** One line of the list, ready to be drawn. */
export interface RowView {
  /** As readers count: from 1. Empty for a note. */
  readonly number: string
  readonly time: string
  /** Since the line before, whichever side it came from. */
  readonly delta: string
  readonly from: Role | undefined
  readonly tone: RowTone
  readonly title: string
  readonly preview: string
  readonly bytes: string
  /** More frames of the message follow. */
  readonly goesOn: boolean
  readonly compressed: boolean
  readonly broken: boolean
}

/** Words of items that were drawn: the same item is drawn many times over. */
const drawn = new WeakMap<TraceItem, ItemWords>()

function wordsOf(item: TraceItem): ItemWords {
  const known = drawn.get(item)
  if (known) return known
  const words = itemWords(item)
  drawn.set(item, words)
  return words
}

export function rowView(row: Row, inspected: Inspected): RowView {
  const { startedAt } = inspected.connection
  if (row.kind === 'note') {
    const { from, title, detail } = noteWords(row.note)
    const tone = row.note.kind === 'gap' || row.note.how === 'reset' ? 'fault' : 'socket'
    return { ...PLAIN, time: timeAt(row.note.at - startedAt), from, tone, title, preview: detail }
  }
  const { item, number } = row
  const before = inspected.timeBefore(number)
  const words = wordsOf(item)
  const broken = brokenRules(item).length > 0
  const frame = item.kind === 'frame' ? item.frame : undefined
  return {
    number: String(shownNumber(number)),
    time: timeAt(item.at - startedAt),
    delta: before === undefined ? '' : `+${duration(Math.max(item.at - before, 0))}`,
    from: item.from,
    tone: broken ? 'fault' : !frame ? 'head' : opcodeInfo(frame.opcode).control ? 'control' : 'data',
    title: words.title,
    preview: words.preview,
    bytes: grouped(words.bytes),
    goesOn: frame !== undefined && !frame.fin && frame.opcode <= OPCODES.binary,
    compressed: frame?.rsv1 === true,
    broken,
  }
}

const PLAIN = { number: '', delta: '', bytes: '', goesOn: false, compressed: false, broken: false }

/** What a line tells whoever hears it. */
export function rowSentence(row: Row, { connection }: Inspected): string {
  const at = (micros: number) => (micros - connection.startedAt) / 1000
  return row.kind === 'note'
    ? noteSentence(row.note, at(row.note.at))
    : itemSentence(shownNumber(row.number), row.item, at(row.item.at))
}

/** An item's number as readers count: from 1. */
export function shownNumber(number: number): number {
  return number + 1
}
