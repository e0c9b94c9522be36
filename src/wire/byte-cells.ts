import { hexByte } from '#protocol/hex.ts'
import type { Span } from '#words/span.ts'

/** What a byte belongs to, for colour: the frame's head, the masking key, the payload, or a head's text. */
export type Tissue = 'head' | 'length' | 'key' | 'payload' | 'text'

/** One byte of a plate. `span` is the first of those that share it (the first two bytes of a frame hold several). */
export interface ByteCell<Named extends Span = Span> {
  readonly index: number
  /** Two lower-case hexadecimal digits. */
  readonly hex: string
  readonly span: Named
  readonly tissue: Tissue
}

/** The first `limit` bytes as cells, each with its span. */
export function byteCells<Named extends Span>(
  bytes: Uint8Array,
  spans: readonly Named[],
  limit: number,
): ByteCell<Named>[] {
  const cells: ByteCell<Named>[] = []
  for (const span of spans) {
    for (let index = Math.max(span.start, cells.length); index < Math.min(span.end, limit); index++) {
      const byte = bytes[index]
      if (byte === undefined) return cells
      cells.push({ index, hex: hexByte(byte), span, tissue: tissueOf(span) })
    }
  }
  return cells
}

function tissueOf({ id, bits }: Span): Tissue {
  if (id === 'masking-key') return 'key'
  if (id === 'payload' || id.startsWith('close-')) return 'payload'
  if (id === 'extended-length') return 'length'
  return bits === undefined ? 'text' : 'head'
}

/** Where a key moves the selection in a grid of bytes; undefined for a key that is not the grid's. */
export function moveInBytes(
  cells: readonly ByteCell[],
  from: number,
  key: string,
  bySpan: boolean,
  perRow: number,
): number | undefined {
  const last = cells.length - 1
  const clamp = (index: number) => Math.min(Math.max(index, 0), last)
  const current = cells[from]
  if (current === undefined) return undefined
  switch (key) {
    case 'ArrowRight':
      return clamp(bySpan ? current.span.end : from + 1)
    case 'ArrowLeft': {
      if (!bySpan) return clamp(from - 1)
      return from > current.span.start ? current.span.start : (cells[from - 1]?.span.start ?? 0)
    }
    case 'ArrowDown':
      return from + perRow <= last ? from + perRow : from
    case 'ArrowUp':
      return from - perRow >= 0 ? from - perRow : from
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return undefined
  }
}
