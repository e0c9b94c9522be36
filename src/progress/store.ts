import { KEY, parseRecord, type ProgressRecord, type Records } from './records.ts'
import { recordsOfVersion1, VERSION_1 } from './version-1.ts'

/** What the store needs of local storage. Any of it may throw: closed, or full. */
export type StoragePort = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>

/** Why something is kept only as long as the page: the browser keeps nothing for it, or has no room. */
export type Trouble = 'closed' | 'full'

/** Puts back what an act took or changed, but for what was changed again since. */
export type Undo = () => void

/** The version is in the name, so that neither an older nor a newer course writes over what it cannot read. */
const PREFIX = 'websocket-anatomy:2:'
/** What could not be read, by the name it was found under. */
export const ASIDE = 'websocket-anatomy:damaged:'

/**
 * The reader's progress, and its only owner. Every record is an entry of its own in local storage: two tabs that
 * answer different questions never write the same entry, so neither loses the other's. What cannot be stored is held
 * in memory; what cannot be read is set aside under another name.
 */
export class ProgressStore {
  readonly #storage: StoragePort | undefined
  readonly #now: () => number
  readonly #watchers = new Set<(keys: readonly string[]) => void>()
  #records = new Map<string, ProgressRecord>()
  /** Keys whose record in memory is not the one in storage. */
  readonly #unsaved = new Set<string>()
  /** Entries that could be neither read nor set aside: never written over. */
  readonly #blocked = new Set<string>()
  /** Undefined while everything could be stored. */
  trouble: Trouble | undefined
  /** How many entries were found damaged and set aside by this page. */
  damaged = 0

  /**
   * @param open returns local storage; may throw, or return nothing, where there is none
   * @param now the time, in milliseconds since 1970
   */
  constructor(open: () => StoragePort | null | undefined, now: () => number) {
    this.#now = now
    this.#storage = attempt(() => {
      const storage = open() ?? undefined
      // Asking for the length is what throws where storage is closed.
      return storage && storage.length >= 0 ? storage : undefined
    })
    if (!this.#storage) this.trouble = 'closed'
    this.#load()
  }

  get records(): Records {
    return this.#records
  }

  get(key: string): ProgressRecord | undefined {
    return this.#records.get(key)
  }

  now(): number {
    return this.#now()
  }

  /** Keeps a record as of now, or forgets it. */
  put(key: string, record: Omit<ProgressRecord, 'at'> | undefined): void {
    this.change(new Map([[key, record && { ...record, at: this.#now() }]]))
  }

  /** Keeps and forgets (undefined) several records as they are. */
  change(changes: ReadonlyMap<string, ProgressRecord | undefined>): Undo {
    const before = new Map([...changes.keys()].map(key => [key, this.#records.get(key)]))
    for (const [key, record] of changes) {
      if (record) this.#records.set(key, record)
      else this.#records.delete(key)
    }
    for (const key of changes.keys()) this.#save(key)
    this.#tell([...changes.keys()])
    return () => {
      const untouched = [...before].filter(([key]) => this.#records.get(key)?.at === changes.get(key)?.at)
      if (untouched.length > 0) this.change(new Map(untouched))
    }
  }

  /** Calls back with the keys that changed, by this page or another tab. Returns how to stop. */
  watch(listener: (keys: readonly string[]) => void): () => void {
    this.#watchers.add(listener)
    return () => this.#watchers.delete(listener)
  }

  /**
   * Another tab changed an entry of local storage.
   * @param name undefined or null when it emptied the storage
   */
  changedElsewhere(name: string | null, text: string | null): void {
    if (name === null || Object.hasOwn(VERSION_1, name)) return this.reload()
    const key = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : ''
    const record = text === null ? undefined : parseRecord(text)
    // A damaged one is set aside by the page that opens next; two pages must not move it at once.
    if (!KEY.test(key) || (text !== null && !record)) return
    if (record) this.#records.set(key, record)
    else this.#records.delete(key)
    this.#unsaved.delete(key)
    this.#tell([key])
  }

  /** Reads everything again: the page was away while other tabs went on. */
  reload(): void {
    const before = this.#records
    this.#load()
    this.#tell([...new Set([...before.keys(), ...this.#records.keys()])])
  }

  #load(): void {
    const kept = [...this.#unsaved].map(key => [key, this.#records.get(key)] as const)
    this.#records = new Map()
    for (const name of this.#names()) {
      const key = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined
      if (key === undefined) continue
      const text = this.#read(name) ?? ''
      const record = KEY.test(key) ? parseRecord(text) : undefined
      if (record) this.#records.set(key, record)
      else this.#putAside(name, text)
    }
    for (const [key, record] of kept) {
      if (record) this.#records.set(key, record)
      else this.#records.delete(key)
    }
    for (const name of Object.keys(VERSION_1)) this.#migrate(name)
  }

  /** Brings an entry of version 1 over and removes it, once all of it is stored. */
  #migrate(name: string): void {
    const text = this.#read(name)
    if (text === undefined) return
    const { records, whole } = recordsOfVersion1(name, text)
    const fresh = [...records].filter(([key]) => !this.#records.has(key))
    for (const [key, record] of fresh) {
      this.#records.set(key, record)
      this.#save(key)
    }
    if (!whole) this.#putAside(name, text)
    else if (fresh.every(([key]) => !this.#unsaved.has(key))) attempt(() => this.#storage?.removeItem(name))
  }

  #putAside(name: string, text: string): void {
    if (this.#blocked.has(name)) return
    this.damaged++
    let aside = ASIDE + name
    for (let copy = 2; ![undefined, text].includes(this.#read(aside)); copy++)
      aside = `${ASIDE}${name}~${copy}`
    try {
      this.#storage?.setItem(aside, text)
      this.#storage?.removeItem(name)
    } catch {
      this.#blocked.add(name)
    }
  }

  /** Writes a key's record to storage, and those that could not be written before. */
  #save(key: string): void {
    this.#unsaved.add(key)
    for (const each of new Set([key, ...this.#unsaved])) {
      if (!this.#storage || this.#blocked.has(PREFIX + each)) continue
      const record = this.#records.get(each)
      try {
        if (record) this.#storage.setItem(PREFIX + each, JSON.stringify(record))
        else this.#storage.removeItem(PREFIX + each)
        this.#unsaved.delete(each)
      } catch {
        break
      }
    }
    this.trouble = !this.#storage ? 'closed' : this.#unsaved.size > 0 ? 'full' : undefined
  }

  #names(): string[] {
    const storage = this.#storage
    if (!storage) return []
    return attempt(() => Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')) ?? []
  }

  #read(name: string): string | undefined {
    return attempt(() => this.#storage?.getItem(name) ?? undefined)
  }

  #tell(keys: readonly string[]): void {
    for (const watcher of this.#watchers) watcher(keys)
  }
}

/** What `act` returns, or undefined when storage throws. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
