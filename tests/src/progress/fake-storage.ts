import type { StoragePort } from '../../../src/progress/store.ts'

/** Local storage as tabs of one browser share it: synchronous, by name, with an end to its room. */
export class FakeStorage implements StoragePort {
  readonly entries = new Map<string, string>()
  /** Characters of names and values that fit. */
  room = Infinity
  /** Called after each change, with what a storage event would say. */
  onChange: (name: string, text: string | null) => void = () => {}

  constructor(entries: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(entries)) this.entries.set(name, text)
  }

  get length(): number {
    return this.entries.size
  }

  key(index: number): string | null {
    return [...this.entries.keys()][index] ?? null
  }

  getItem(name: string): string | null {
    return this.entries.get(name) ?? null
  }

  setItem(name: string, text: string): void {
    const used = [...this.entries].reduce((sum, [each, value]) => sum + each.length + value.length, 0)
    const freed = this.entries.has(name) ? name.length + (this.entries.get(name)?.length ?? 0) : 0
    if (used - freed + name.length + text.length > this.room)
      throw new DOMException('full', 'QuotaExceededError')
    this.entries.set(name, text)
    this.onChange(name, text)
  }

  removeItem(name: string): void {
    if (this.entries.delete(name)) this.onChange(name, null)
  }
}
