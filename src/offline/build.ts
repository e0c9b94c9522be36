/** One build of the site, as `site-build/offline.ts` describes it to the worker it makes. */
export interface Build {
  /** Hash of all its files. */
  readonly id: string
  /** Path the site is deployed under, with a slash at both ends. */
  readonly base: string
  /** Files kept for reading without a network, by their path below the base; pages as `lessons/handshake/`. */
  readonly files: Readonly<Record<string, Integrity>>
}

/** `sha256-` and the hash of the content in base64, as `fetch` takes it. */
export type Integrity = string

/** Where Astro puts what it names by content: the same name is the same file in every build. */
export const HASHED = '_astro/'

/** Page shown for an address that is not there. */
export const NOT_FOUND = '404.html'

/** Beginning of the names of a site's caches; what follows is the id of a build. Two sites may share an origin. */
export function cachePrefix(base: string): string {
  return `websocket-anatomy ${base} `
}

/** Sent by a page to the worker, and back when the worker's build is not the page's. */
export const IS_OUTDATED = 'outdated?'
export const OUTDATED = 'outdated'
