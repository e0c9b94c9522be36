/** The file that search works from, made of the built pages by `site-build/search-index.ts`. */
export interface SearchIndex {
  readonly version: typeof INDEX_VERSION
  readonly pages: readonly IndexedPage[]
}

/** Changes when an older page could no longer read the file. */
export const INDEX_VERSION = 1

/** Where pages say the index is; the build puts a hash of its content before `.json`. */
export const INDEX_FILE = '_astro/search-index.json'

/**
 * `map`: says of everything a little, so that its hits come last. `terms`: each section defines its heading. `table`: many
 * short entries, which lessons explain.
 */
export type PageKind = 'page' | 'terms' | 'table' | 'map'

export interface IndexedPage {
  /** Below the site, as in `lessons/handshake/`. */
  readonly path: string
  readonly title: string
  /** What readers know its place by, as in `2-1`. */
  readonly label?: string
  readonly kind: PageKind
  /** In reading order; the first is what comes before any heading. */
  readonly sections: readonly IndexedSection[]
}

export interface IndexedSection {
  /** Undefined for what comes before the first heading. */
  readonly id?: string
  /** Undefined for what comes before the first heading. */
  readonly heading?: string
  readonly text: string
  /** Of a term: what it is called, the word of the course and the English name first, whatever else after. */
  readonly names?: readonly string[]
}

/** The index of a file's content, or undefined when it is none that this page can read. */
export function readIndex(content: unknown): SearchIndex | undefined {
  if (typeof content !== 'object' || content === null) return undefined
  if (!('version' in content) || content.version !== INDEX_VERSION) return undefined
  return content as SearchIndex
}
