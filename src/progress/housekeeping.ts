import { KEY, type ProgressRecord, type Records } from './records.ts'
import { ASIDE, type ProgressStore, type StoragePort, type Undo } from './store.ts'

/** Forgets everything of a lesson, or everything. */
export function reset(store: ProgressStore, lesson?: string): Undo {
  const keys = [...store.records.keys()].filter(key => lesson === undefined || KEY.exec(key)?.[2] === lesson)
  return store.change(new Map(keys.map(key => [key, undefined])))
}

/** Takes in records from elsewhere: beside those here, where of two the later one counts, or in place of them. */
export function adopt(store: ProgressStore, records: Records, how: 'merge' | 'replace'): Undo {
  const changes = new Map<string, ProgressRecord | undefined>()
  // What is forgotten comes first: it makes room for what is kept.
  if (how === 'replace')
    for (const key of store.records.keys()) if (!records.has(key)) changes.set(key, undefined)
  for (const [key, record] of records)
    if (how === 'replace' || record.at > (store.get(key)?.at ?? -1)) changes.set(key, record)
  return store.change(changes)
}

/** What could not be read and was set aside, by the name it was found under. */
export function setAside(storage: StoragePort): ReadonlyMap<string, string> {
  const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
  return new Map(
    names
      .filter(name => name.startsWith(ASIDE))
      .map(name => [name.slice(ASIDE.length), storage.getItem(name) ?? '']),
  )
}

/** Throws away what was set aside. */
export function discardSetAside(storage: StoragePort): void {
  for (const name of setAside(storage).keys()) storage.removeItem(ASIDE + name)
}
