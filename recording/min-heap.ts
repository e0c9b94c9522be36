/** A priority queue: whatever order things come in, the least goes first. Adding and taking cost O(log n). */
export class MinHeap<T> {
  readonly #isLess: (a: T, b: T) => boolean
  readonly #items: T[] = []

  constructor(isLess: (a: T, b: T) => boolean) {
    this.#isLess = isLess
  }

  /** The least, left where it is. */
  get first(): T | undefined {
    return this.#items[0]
  }

  add(item: T): void {
    const items = this.#items
    let at = items.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent]
      if (above === undefined || !this.#isLess(item, above)) break
      items[at] = above
      at = parent
    }
    items[at] = item
  }

  /** Takes the least out. */
  take(): T | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const left = items[child]
      const right = items[child + 1]
      if (left === undefined) break
      let least = left
      if (right !== undefined && this.#isLess(right, left)) {
        least = right
        child++
      }
      if (!this.#isLess(least, last)) break
      items[at] = least
      at = child
    }
    items[at] = last
    return first
  }
}
