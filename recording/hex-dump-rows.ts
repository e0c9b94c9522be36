import { HeldBytes } from '#protocol/held-bytes.ts'
import { MAX_FILE_BYTES } from './limits.ts'
import { damaged, RecordingError } from './recording-error.ts'

/** One line of a dump that begins with an offset. */
export interface Row {
  readonly offset: number
  /** Every byte that the line may hold: text beside the bytes can look like more of them. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** How many of them there are for a reader who does not know the next offset. */
  readonly likely: number
  readonly line: number
}

/** `hexdump -C` and others leave a wider gap in the middle of a row, before this byte. */
const HALF = 8
/** Longest row that is read, in bytes. */
const MAX_WIDTH = 1024

/**
 * Reads an offset and bytes, in pairs or groups of pairs, as `hexdump -C`, `xxd`, `od -Ax -tx1`, `text2pcap` and
 * Wireshark write them, with text behind or without.
 * @returns `undefined` when the line is something else
 */
export function parseRow(text: string, line: number): Row | undefined {
  const [, digits, rest = ''] = /^\s*([\da-f]{3,12})(?::|(?=\s)|$)(.*)$/i.exec(text) ?? []
  if (digits === undefined) return undefined
  const [columns = ''] = rest.split('|', 1)
  const bytes: number[] = []
  let likely: number | undefined
  for (const [, gap = '', group = ''] of columns.trimEnd().matchAll(/(\s*)(\S+)/g)) {
    if (!/^(?:[\da-f]{2})+$/i.test(group) || bytes.length >= MAX_WIDTH) break
    const isMiddle = bytes.length === 0 || bytes.length === HALF
    if (gap.length > 1 && !isMiddle) likely ??= bytes.length
    for (let at = 0; at < group.length; at += 2) bytes.push(Number.parseInt(group.slice(at, at + 2), 16))
  }
  if (bytes.length === 0 && columns.trim() !== '') return undefined
  return {
    offset: Number.parseInt(digits, 16),
    bytes: Uint8Array.from(bytes),
    likely: likely ?? bytes.length,
    line,
  }
}

/** Puts the rows of packets together, one packet after the other. */
export class DumpRows {
  /** The packet as far as its rows are settled, in one piece: rows by themselves would take many times as much. */
  readonly #settled = new HeldBytes()
  /** Settled bytes of the whole file. */
  #total = 0
  #last: Row | undefined
  #isRepeated = false

  /**
   * Takes the next row; its offset tells how many bytes the one above has.
   * @throws RecordingError when that one does not have as many
   */
  add(row: Row): void {
    this.#settle(row.offset, row.line)
    this.#last = row
  }

  /**
   * Notes that the last row repeats up to the next offset, as `hexdump` says with `*`.
   * @throws RecordingError when there is nothing to repeat
   */
  repeat(line: number): void {
    if (!this.#last || this.#last.likely === 0) throw damaged(`line ${line}`, 'nothing to repeat')
    this.#isRepeated = true
  }

  /**
   * The packet, when it has no more rows.
   * @throws RecordingError when its last row repeats to no end
   */
  take(): Uint8Array<ArrayBuffer> {
    const { likely = 0, line = 0 } = this.#last ?? {}
    if (this.#isRepeated) throw damaged(`line ${line}`, 'repeated, and no offset says up to where')
    this.#settle(this.#settled.length + likely, line)
    this.#last = undefined
    return this.#settled.take()
  }

  #settle(end: number, line: number): void {
    const { bytes = new Uint8Array(0), likely = 0 } = this.#last ?? {}
    const settled = this.#settled
    const needed = end - settled.length
    const most = this.#isRepeated ? Infinity : bytes.length
    if (needed < 0 || needed > most)
      throw damaged(`line ${line}`, `offset ${end}, where ${settled.length + likely} bytes came before`)
    this.#total += needed
    if (this.#total > MAX_FILE_BYTES)
      throw new RecordingError('too-large', `line ${line}`, `more than ${MAX_FILE_BYTES} bytes`)
    const part = this.#isRepeated ? new Uint8Array(needed).map((_, i) => bytes[i % likely] ?? 0) : bytes
    settled.append(part, 0, needed, 2 * settled.buffer.length)
    this.#isRepeated = false
  }
}
