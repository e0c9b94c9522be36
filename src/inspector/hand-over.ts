import { parseRecording, type Recording } from '#recording/recording.ts'
import { serializeRecording } from '#recording/recording-writer.ts'

const DATABASE = 'websocket-anatomy'
const STORE = 'handed-over'
/** How long what one page has put down waits for another, in milliseconds. */
const KEPT_MS = 24 * 60 * 60 * 1000

interface HandedOver {
  readonly key: string
  readonly at: number
  /** JSON of a recording, as in a file. */
  readonly json: string
}

/**
 * Puts a recording down where another page of this origin finds it under the key.
 * @throws DOMException (rejects) when the browser keeps nothing
 */
export async function handOver(key: string, recording: Recording): Promise<void> {
  const database = await open()
  try {
    const store = database.transaction(STORE, 'readwrite').objectStore(STORE)
    for (const old of await done(store.getAll() as IDBRequest<HandedOver[]>))
      if (old.at < Date.now() - KEPT_MS) store.delete(old.key)
    const value: HandedOver = {
      key,
      at: Date.now(),
      json: serializeRecording(recording, { secrets: 'keep' }),
    }
    await done(store.put(value))
  } finally {
    database.close()
  }
}

/** What was put down under that key; undefined when there is nothing, or nothing any more. It stays, for a reload. */
export async function handedOver(key: string): Promise<Recording | undefined> {
  const database = await open()
  try {
    const store = database.transaction(STORE, 'readonly').objectStore(STORE)
    const found = await done(store.get(key) as IDBRequest<HandedOver | undefined>)
    return found && parseRecording(found.json)
  } finally {
    database.close()
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' })
  return done(request)
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () =>
      reject(request.error ?? new DOMException('the database says no more', 'UnknownError'))
  })
}
