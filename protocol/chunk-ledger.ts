/** Indexes, both included, of the pushed chunks that carried something; both directions are counted together. */
export interface ChunkRange {
  readonly first: number
  readonly last: number
}

/** Where and when an item crossed. */
export interface Placed {
  /** Time of the last chunk that carried it, in the unit the chunks were pushed with. */
  readonly at: number
  readonly chunks: ChunkRange
}

interface Chunk {
  /** Stream offset behind its last byte. */
  readonly end: number
  readonly index: number
  readonly at: number
}

/** Knows which of one direction's chunks carried which of its bytes, as long as they are in no item yet. */
export class ChunkLedger {
  #pushed = 0
  #placed = 0
  /** Chunks with bytes in no item yet, oldest first, behind `#used` that have none left. */
  #chunks: Chunk[] = []
  #used = 0

  /** Bytes pushed. */
  get pushed(): number {
    return this.#pushed
  }

  /** Bytes that are in items. */
  get placed(): number {
    return this.#placed
  }

  /**
   * Takes note of the next chunk.
   * @param inOneItem whether all bytes not placed yet will be in one item, of whose chunks only the first and the
   *   newest are then remembered
   */
  add(length: number, index: number, at: number, inOneItem: boolean): void {
    this.#pushed += length
    if (inOneItem && this.#chunks.length - this.#used > 1) this.#drop(this.#chunks[this.#used])
    this.#chunks.push({ end: this.#pushed, index, at })
  }

  /** Moves on by as many bytes as an item has, one at least, and says where they came from. */
  place(length: number): Placed {
    this.#placed += length
    const chunks = this.#chunks
    const first = chunks[this.#used]
    let last = first
    while (this.#used < chunks.length) {
      last = chunks[this.#used]
      if (last && last.end > this.#placed) break
      this.#used++
      if (last?.end === this.#placed) break
    }
    if (this.#used === chunks.length) this.#drop()
    return { at: last?.at ?? 0, chunks: { first: first?.index ?? 0, last: last?.index ?? 0 } }
  }

  #drop(...but: (Chunk | undefined)[]): void {
    this.#chunks = but.filter(chunk => chunk !== undefined)
    this.#used = 0
  }
}
