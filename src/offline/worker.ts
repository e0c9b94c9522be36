import { CONTROL_PATH, EVENTS_PATH, LAB_PATH_PREFIX } from '#contract/addresses.ts'
import { cachePrefix, HASHED, IS_OUTDATED, NOT_FOUND, OUTDATED, type Build } from './build.ts'
import { Pins } from './pins.ts'
import type { FetchEvent, WorkerScope } from './worker-scope.ts'

// The service worker: keeps its build of the site in a cache of its own and answers with it, network or not.
// A page is pinned to the build that it came from, so builds never mix (docs/decisions/0012-offline.md).

/** Put in place of this name when the worker is built. */
declare const BUILD: Build
declare const self: WorkerScope

/** Fetched at once while installing: readers are reading meanwhile. */
const LANES = 4
/** What a sandbox on the same host answers; never ours. */
const SANDBOX = [CONTROL_PATH, EVENTS_PATH, LAB_PATH_PREFIX, '/healthz', '/readyz', '/metrics']

const PREFIX = cachePrefix(BUILD.base)
const pins = new Pins(`${PREFIX}pins`, caches, Date.now)

self.addEventListener('install', event => event.waitUntil(install()))
self.addEventListener('activate', event => event.waitUntil(clean()))
self.addEventListener('message', event => {
  const page = event.source
  if (event.data !== IS_OUTDATED || !page) return
  const answer = async (): Promise<void> => {
    const build = await pins.get(page.id)
    if (build !== undefined && build !== BUILD.id) page.postMessage(OUTDATED)
  }
  event.waitUntil(answer())
})
self.addEventListener('fetch', event => {
  const path = pathOf(event.request)
  if (path === undefined) return
  if (event.request.mode === 'navigate') event.respondWith(openPage(event, path))
  else if (path.startsWith(HASHED) || path in BUILD.files) event.respondWith(loadFor(event, path))
})

/** Path of a request below the site, or undefined when it is none of ours. */
function pathOf(request: Request): string | undefined {
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin || !pathname.startsWith(BUILD.base))
    return undefined
  if (SANDBOX.some(path => pathname === path || (path.endsWith('/') && pathname.startsWith(path))))
    return undefined
  return pathname.slice(BUILD.base.length)
}

/** Fills this build's cache, and takes over only when every file is there and is this build's. */
async function install(): Promise<void> {
  const cache = await caches.open(PREFIX + BUILD.id)
  const waiting = Object.entries(BUILD.files)
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file; file = waiting.shift()) await keep(cache, ...file)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  await self.skipWaiting()
}

async function keep(cache: Cache, path: string, integrity: string): Promise<void> {
  const url = BUILD.base + path
  // From an attempt that broke off.
  if (await cache.match(url)) return
  const hashed = path.startsWith(HASHED)
  const kept = hashed ? await findAnywhere(url) : undefined
  // In the middle of a deployment a server may have files of two builds: the wrong ones do not pass.
  const response = kept ?? (await fetch(url, { integrity, cache: hashed ? 'default' : 'no-cache' }))
  if (!response.ok) throw new Error(`${url} was answered ${response.status}`)
  const { status, headers } = response
  // A copy, because a page must not be answered with a response that was redirected.
  await cache.put(url, new Response(response.body, { status, headers }))
}

/** Drops the builds that no open page came from. */
async function clean(): Promise<void> {
  const pages = await self.clients.matchAll({ includeUncontrolled: true, type: 'all' })
  const needed = await pins.prune(new Set(pages.map(({ id }) => id)))
  for (const name of await buildCaches()) {
    const build = name.slice(PREFIX.length)
    if (build !== BUILD.id && !needed.has(build)) await caches.delete(name)
  }
}

async function buildCaches(): Promise<string[]> {
  return (await caches.keys()).filter(name => name.startsWith(PREFIX) && name !== `${PREFIX}pins`)
}

/** A page of this build; one that this build has not is asked for, and so is not pinned to it. */
async function openPage(event: FetchEvent, path: string): Promise<Response> {
  const cache = await caches.open(PREFIX + BUILD.id)
  const place = [path, `${path}/`, path.replace(/index\.html$/, '')].find(each => each in BUILD.files)
  const page = place === undefined ? undefined : await cache.match(BUILD.base + place)
  if (page) {
    const pinned = pins.set(event.resultingClientId, BUILD.id)
    event.waitUntil(pinned.then(clean))
    return page
  }
  try {
    return await fetch(event.request)
  } catch (error) {
    const notFound = await cache.match(BUILD.base + NOT_FOUND)
    if (!notFound) throw error
    await pins.set(event.resultingClientId, BUILD.id)
    return new Response(notFound.body, { status: 404, headers: notFound.headers })
  }
}

/** What a page loads, from the build that the page came from. */
async function loadFor(event: FetchEvent, path: string): Promise<Response> {
  const build = await pins.get(event.clientId)
  const url = BUILD.base + path
  const kept =
    build !== undefined
      ? await caches.match(url, { cacheName: PREFIX + build })
      : path.startsWith(HASHED)
        ? await findAnywhere(url)
        : undefined
  return kept ?? fetch(event.request)
}

/** A file named by its content, from whichever build is kept. */
async function findAnywhere(url: string): Promise<Response | undefined> {
  for (const cacheName of await buildCaches()) {
    const found = await caches.match(url, { cacheName })
    if (found) return found
  }
  return undefined
}
