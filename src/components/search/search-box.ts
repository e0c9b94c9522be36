import type { Search } from '../../search/search.ts'
import { siteLink } from '../site/links.ts'
import { hitLink } from './hit-view.ts'
import { isOfInputMethod } from './input-method.ts'
import { loadSearch } from './load-index.ts'
import { SearchView } from './search-view.ts'

const SHOWN = { limit: 12, perPage: 3 }

/** Makes the search dialog answer: a combobox whose list is the hits, the best of them chosen from the start. */
export function startSearchBox(dialog: HTMLDialogElement): void {
  const all = dialog.querySelector<HTMLAnchorElement>('a[data-search-all]')
  let search: Search | undefined
  let answered: string | undefined

  const update = (): void => {
    const { query } = view
    if (all) {
      all.href = siteLink(`search/?q=${encodeURIComponent(query)}`)
      all.hidden = query === ''
    }
    if (query === answered) return
    if (!search && query !== '') return void load()
    answered = query
    const answer = query === '' ? undefined : search?.find(query, SHOWN)
    view.show(answer, answer?.hits.map(hitLink) ?? [])
    options.reset()
  }

  const load = async (): Promise<void> => {
    if (view.query !== '') view.showWaiting()
    try {
      search = await loadSearch(dialog.dataset['index'] ?? '')
      update()
    } catch (error) {
      view.showFailure(error, () => void load())
    }
  }

  const view = new SearchView(dialog, update)
  const options = new Options(view.input, view.list)
  view.input.addEventListener('keydown', event => {
    if (!isOfInputMethod(event) && options.handle(event)) event.preventDefault()
  })
  view.list.addEventListener('click', event => {
    // The section may be on this very page.
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close()
  })
  void load()
}

/** The links of a listbox, of which the field's arrows choose one and Enter opens it. */
class Options {
  readonly #input: HTMLInputElement
  readonly #list: HTMLElement
  #links: readonly HTMLElement[] = []
  #chosen = 0

  constructor(input: HTMLInputElement, list: HTMLElement) {
    this.#input = input
    this.#list = list
  }

  /** Takes the links that are in the list now, and chooses the first. */
  reset(): void {
    this.#links = [...this.#list.querySelectorAll('a')]
    for (const [index, link] of this.#links.entries()) {
      link.id = `search-option-${index}`
      link.setAttribute('role', 'option')
      link.tabIndex = -1
      link.addEventListener('pointermove', () => {
        if (index !== this.#chosen) this.#choose(index)
      })
    }
    this.#input.setAttribute('aria-expanded', String(this.#links.length > 0))
    this.#list.parentElement?.scrollTo(0, 0)
    this.#choose(0)
  }

  /** Whether the key was one of these. */
  handle({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
    const count = this.#links.length
    if (count === 0) return false
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      this.#choose((this.#chosen + (key === 'ArrowDown' ? 1 : -1) + count) % count)
      const link = this.#links[this.#chosen]
      link?.scrollIntoView({ block: 'nearest' })
      // A listener hears what the arrows choose, not what happens to come first at every letter.
      if (link) this.#input.setAttribute('aria-activedescendant', link.id)
      return true
    }
    if (key !== 'Enter') return false
    // A click of the reader's own kind: with Ctrl or ⌘ it opens another tab.
    const click = { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }
    this.#links[this.#chosen]?.dispatchEvent(new MouseEvent('click', click))
    return true
  }

  #choose(index: number): void {
    this.#chosen = index
    for (const [at, link] of this.#links.entries()) link.setAttribute('aria-selected', String(at === index))
    this.#input.removeAttribute('aria-activedescendant')
  }
}
