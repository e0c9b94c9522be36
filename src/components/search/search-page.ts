import type { Search } from '../../search/search.ts'
import { hitLink } from './hit-view.ts'
import { isOfInputMethod } from './input-method.ts'
import { loadSearch } from './load-index.ts'
import { SearchView } from './search-view.ts'

const SHOWN = { limit: 60, perPage: 60 }
const TITLE = document.title

/** Makes the search page answer what its field holds, and keeps the query in its address. */
export function startSearchPage(page: HTMLElement): void {
  let search: Search | undefined

  const update = (): void => {
    const { query } = view
    keepInAddress(query)
    document.title = query === '' ? TITLE : `‘${query}’ ${TITLE}`
    if (!search) return
    const answer = query === '' ? undefined : search.find(query, SHOWN)
    const items = answer?.hits.map(hit => {
      const item = document.createElement('li')
      item.append(hitLink(hit))
      return item
    })
    view.show(answer, items ?? [])
  }

  const load = async (): Promise<void> => {
    if (view.query !== '') view.showWaiting()
    try {
      search = await loadSearch(page.dataset['index'] ?? '')
      update()
    } catch (error) {
      view.showFailure(error, () => void load())
    }
  }

  const view = new SearchView(page, update)
  const asked = new URLSearchParams(location.search).get('q')
  if (asked !== null && view.query === '') view.input.value = asked
  page.hidden = false
  view.input.focus()
  view.input.form?.addEventListener('submit', event => event.preventDefault())
  page.addEventListener('keydown', event => {
    if (!isOfInputMethod(event) && moveFocus(event.key, [view.input, ...view.list.querySelectorAll('a')]))
      event.preventDefault()
  })
  void load()
}

function keepInAddress(query: string): void {
  const address = new URL(location.href)
  if (query === '') address.searchParams.delete('q')
  else address.searchParams.set('q', query)
  if (address.href !== location.href) history.replaceState(history.state, '', address)
}

/** ↑ and ↓ from one stop to the next; whether there was one. */
function moveFocus(key: string, stops: readonly HTMLElement[]): boolean {
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
  const at = stops.findIndex(stop => stop === document.activeElement)
  const next = step === 0 || at < 0 ? undefined : stops[at + step]
  next?.focus()
  return next !== undefined
}
