import type { Answer } from '../../search/search.ts'
import { noHits, noteOn, spoken } from './hit-view.ts'
import { liveStatus } from './live-status.ts'
import { OutdatedPage } from './load-index.ts'

/** What the dialog and the page of the search have in common: a field, a list, and what is said around it. */
export class SearchView {
  readonly input: HTMLInputElement
  readonly list: HTMLElement
  readonly #note: HTMLElement
  readonly #says: HTMLElement
  readonly #hints: HTMLElement
  readonly #tell: (text: string) => void
  readonly #onQuery: () => void

  /** @param onQuery called whenever the field holds something else, also in the middle of a composition */
  constructor(root: HTMLElement, onQuery: () => void) {
    const part = (name: string): HTMLElement => {
      const found = root.querySelector<HTMLElement>(`[data-search-${name}]`)
      if (!found) throw new Error(`the search has no [data-search-${name}]`)
      return found
    }
    const input = root.querySelector('input')
    if (!input) throw new Error('the search has no field')
    this.input = input
    this.list = part('list')
    this.#note = part('note')
    this.#says = part('says')
    this.#hints = part('hints')
    this.#tell = liveStatus(part('status'))
    this.#onQuery = onQuery
    input.addEventListener('input', onQuery)
    for (const example of root.querySelectorAll('[data-search-example]'))
      example.addEventListener('click', () => this.seek(example.textContent.trim()))
  }

  get query(): string {
    return this.input.value.trim()
  }

  /** As if the reader had typed it. */
  seek(query: string): void {
    this.input.value = query
    this.input.focus()
    this.#onQuery()
  }

  /** @param items one for each hit; `answer` is undefined while nothing is asked */
  show(answer: Answer | undefined, items: readonly HTMLElement[]): void {
    const { query } = this
    const note = answer && noteOn(query, answer)
    this.list.replaceChildren(...items)
    this.list.hidden = items.length === 0
    this.#note.textContent = note ?? ''
    this.#note.hidden = note === undefined
    this.#hints.hidden = query !== ''
    this.#says.hidden = !answer || items.length > 0
    if (answer && items.length === 0)
      this.#says.replaceChildren(...noHits(query, answer, name => this.seek(name)))
    this.#tell(answer ? spoken(query, answer) : '')
  }

  showWaiting(): void {
    this.#hints.hidden = true
    this.#says.hidden = false
    this.#says.textContent = '색인을 받고 있습니다…'
  }

  /** Says that there is no index, why, and what to do. */
  showFailure(error: unknown, again: () => void): void {
    const outdated = error instanceof OutdatedPage
    const said = document.createElement('p')
    said.textContent = outdated
      ? '강의가 그사이 새로 바뀌었습니다. 페이지를 새로 고치면 찾을 수 있습니다.'
      : '검색에 쓸 색인을 받지 못했습니다. 네트워크 연결을 확인한 뒤 다시 해 봅니다.'
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button'
    button.textContent = outdated ? '새로 고치기' : '다시 해 보기'
    button.addEventListener('click', () => {
      if (outdated) return location.reload()
      this.input.focus()
      again()
    })
    this.#says.replaceChildren(said, button)
    this.#says.hidden = false
    this.#tell(said.textContent)
  }
}
