import { readIndex } from '../../search/search-index.ts'
import { Search } from '../../search/search.ts'

/** The index was made by another version of the course than this page. */
export class OutdatedPage extends Error {}

let loading: Promise<Search> | undefined

/**
 * What answers queries, fetched once.
 * @throws OutdatedPage when this page cannot read it, TypeError or Error when it does not arrive; then it may be asked
 *   for again
 */
export function loadSearch(address: string): Promise<Search> {
  loading ??= fetchIndex(address).catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function fetchIndex(address: string): Promise<Search> {
  const response = await fetch(address)
  // A new build names its index anew and the old one is gone.
  if (response.status === 404) throw new OutdatedPage()
  if (!response.ok) throw new Error(`${address}: ${response.status}`)
  const index = readIndex(await response.json())
  if (!index) throw new OutdatedPage()
  return new Search(index)
}
