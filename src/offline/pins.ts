/**
 * Remembers which build each open page came from, so that a page gets everything else from the same one, whichever
 * worker answers. Kept in a cache, because a worker is stopped whenever it has nothing to do.
 */
export class Pins {
  readonly #cacheName: string
  readonly #caches: CacheStorage
  readonly #now: () => number
  readonly #known = new Map<string, string>()

  /**
   * @param now milliseconds on any clock that survives the worker
   */
  constructor(cacheName: string, caches: CacheStorage, now: () => number) {
    this.#cacheName = cacheName
    this.#caches = caches
    this.#now = now
  }

  /** Ties a page to a build for as long as it lives. */
  async set(client: string, build: string): Promise<void> {
    this.#known.set(client, build)
    const pins = await this.#caches.open(this.#cacheName)
    await pins.put(keyOf(client), new Response(JSON.stringify({ build, at: this.#now() })))
  }

  /** The build of a page, or undefined when it did not come from a worker's cache. */
  async get(client: string): Promise<string | undefined> {
    const known = this.#known.get(client)
    if (known !== undefined) return known
    const pins = await this.#caches.open(this.#cacheName)
    const pin = await readPin(await pins.match(keyOf(client)))
    if (pin) this.#known.set(client, pin.build)
    return pin?.build
  }

  /** Forgets pages that are gone. @returns the builds of those that are left */
  async prune(living: ReadonlySet<string>): Promise<Set<string>> {
    const left = new Set<string>()
    const pins = await this.#caches.open(this.#cacheName)
    for (const request of await pins.keys()) {
      const client = clientOf(request)
      const pin = await readPin(await pins.match(request))
      // A page that is just being opened has a pin and is not alive yet.
      if (pin && (living.has(client) || this.#now() - pin.at < OPENING_MS)) {
        left.add(pin.build)
      } else {
        this.#known.delete(client)
        await pins.delete(request)
      }
    }
    return left
  }
}

/** Longer than any page takes from its first byte to being alive. */
const OPENING_MS = 60_000

interface Pin {
  readonly build: string
  readonly at: number
}

async function readPin(response: Response | undefined): Promise<Pin | undefined> {
  if (!response) return undefined
  const pin: unknown = await response.json()
  return typeof pin === 'object' && pin !== null && 'build' in pin && 'at' in pin ? (pin as Pin) : undefined
}

/** Caches are keyed by address; this one is never fetched. */
function keyOf(client: string): string {
  return `/pins/${encodeURIComponent(client)}`
}

function clientOf(request: Request): string {
  return decodeURIComponent(new URL(request.url).pathname.replace('/pins/', ''))
}
