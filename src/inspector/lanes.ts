import { ROLES, type Role } from '#protocol/role.ts'
import type { TraceItem } from '#protocol/trace.ts'
import type { CapturedConnection } from '../wire/captured-connection.ts'
import type { MessageFrames, MessageIndex } from './message-index.ts'
import type { Rows } from './rows.ts'

/** A stretch of a lane, in rows: 2 is the top edge of the third row of the window, 2.5 its middle. */
interface Stretch {
  readonly from: Role
  readonly top: number
  readonly bottom: number
  /** It goes on beyond the window. */
  readonly openTop: boolean
  readonly openBottom: boolean
}

/** One read or write of the server's socket, over the rows of what it carried. */
export interface ChunkBlock extends Stretch {
  /** Number of the chunk; undefined for one block that stands for the many in the middle of an item. */
  readonly chunk: number | undefined
  /** Bytes of the chunk; of a block for many, how many chunks. */
  readonly size: number
}

/** One message, over the rows of its frames. */
export interface MessageBlock extends Stretch {
  /** Number of its first frame. */
  readonly first: number
  readonly frames: 'one' | 'several'
}

/** Chunks of an item that get a block of their own; of more, the first and the last do. */
const MOST_IN_ROW = 4

/**
 * The reads and writes behind rows `start` to `end` (excluded): a chunk that carried several frames is one block over
 * their rows, a frame out of several chunks has them all in its row, from top to bottom.
 */
export function chunkBlocks(
  connection: CapturedConnection,
  rows: Rows,
  start: number,
  end: number,
): ChunkBlock[] {
  return ROLES.flatMap(role => {
    const blocks: ChunkBlock[] = []
    for (let place = start; place < end; place++) {
      const item = itemOf(rows, place, role)
      if (!item) continue
      const pieces = piecesOf(connection, item)
      for (const [index, piece] of pieces.entries()) {
        const top = place - start + index / pieces.length
        const bottom = place - start + (index + 1) / pieces.length
        const before = blocks.at(-1)
        if (before && piece.chunk !== undefined && before.chunk === piece.chunk)
          blocks[blocks.length - 1] = { ...before, bottom }
        else blocks.push({ from: role, ...piece, top, bottom, openTop: false, openBottom: false })
      }
    }
    return openEnds(blocks, rows, start, end, role)
  })
}

/** Whether the first and last block of a direction go on beyond the window. */
function openEnds(blocks: ChunkBlock[], rows: Rows, start: number, end: number, role: Role): ChunkBlock[] {
  const first = blocks[0]
  const above = nearest(rows, start - 1, -1, role)
  if (first && above?.chunks.last === first.chunk && above?.chunks.last !== undefined)
    blocks[0] = { ...first, top: 0, openTop: true }
  const last = blocks.at(-1)
  const below = nearest(rows, end, 1, role)
  if (last && below?.chunks.first === last.chunk && below?.chunks.first !== undefined)
    blocks[blocks.length - 1] = { ...last, bottom: end - start, openBottom: true }
  return blocks
}

/** How far beyond a window the next row of a direction is looked for. */
const LOOK_BEYOND = 32

function nearest(rows: Rows, place: number, step: 1 | -1, role: Role): TraceItem | undefined {
  for (let looked = 0; looked < LOOK_BEYOND; looked++) {
    const item = itemOf(rows, place + looked * step, role)
    if (item) return item
  }
  return undefined
}

function itemOf(rows: Rows, place: number, role: Role): TraceItem | undefined {
  const row = rows.at(place)
  return row?.kind === 'item' && row.item.from === role ? row.item : undefined
}

/** Chunks beyond this many between an item's first and last are not looked at one by one. */
const LOOK_WITHIN = 256

function piecesOf(
  connection: CapturedConnection,
  { chunks: { first, last }, from }: TraceItem,
): { readonly chunk: number | undefined; readonly size: number }[] {
  const piece = (chunk: number) => ({ chunk, size: connection.chunkAt(chunk)?.bytes.length ?? 0 })
  if (last - first > LOOK_WITHIN)
    return [piece(first), { chunk: undefined, size: last - first - 1 }, piece(last)]
  const own: number[] = []
  for (let number = first; number <= last; number++) {
    const chunk = connection.chunkAt(number)
    if (chunk?.from === from && chunk.bytes.length > 0) own.push(number)
  }
  if (own.length <= MOST_IN_ROW) return own.map(piece)
  return [piece(first), { chunk: undefined, size: own.length - 2 }, piece(last)]
}

/** The messages whose frames are in rows `start` to `end` (excluded), each from its first of these to its last. */
export function messageBlocks(
  messages: MessageIndex,
  rows: Rows,
  start: number,
  end: number,
): MessageBlock[] {
  const found = new Map<number, { readonly message: MessageFrames; readonly top: number; bottom: number }>()
  const numbers: number[] = []
  for (let place = start; place < end; place++) {
    const row = rows.at(place)
    if (row?.kind !== 'item') continue
    numbers.push(row.number)
    const message = messages.of(row.number)
    if (!message) continue
    const known = found.get(message.first)
    if (known) known.bottom = place - start + 1
    else found.set(message.first, { message, top: place - start, bottom: place - start + 1 })
  }
  const firstShown = numbers[0] ?? 0
  const lastShown = numbers.at(-1) ?? 0
  return Array.from(found.values(), ({ message, top, bottom }) => {
    const openTop = message.first < firstShown
    const openBottom = message.last > lastShown
    return {
      from: message.from,
      first: message.first,
      frames: message.first === message.last ? 'one' : 'several',
      top: openTop ? 0 : top,
      bottom: openBottom ? end - start : bottom,
      openTop,
      openBottom: openBottom || !message.complete,
    }
  })
}
