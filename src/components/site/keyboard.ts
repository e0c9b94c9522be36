import { openSearch } from '../search/open-search.ts'
import { nextTheme } from './theme.ts'

/** What takes arrow keys and letters for itself; anything else can opt out with `data-own-keys`. */
const OWN_KEYS =
  'input, textarea, select, audio, video, dialog, [contenteditable], [data-own-keys], ' +
  '[role=grid], [role=listbox], [role=radiogroup], [role=slider], [role=tablist], [role=textbox], [role=tree]'

/** Where ← and → belong to what is in it: code scrolls, and whoever is at a lab does not mean to leave its connection. */
const OWN_ARROWS = 'pre, .plate'

/** Where letters are written, or a question waits for an answer. */
const WRITING = 'input, textarea, select, dialog, [contenteditable], [role=textbox]'

/** Where a key goes: what is typed there, or moved through, is not the page's. */
interface Place {
  readonly element: Element | undefined
  readonly writes: boolean
  readonly ownsKeys: boolean
  readonly ownsArrows: boolean
}

function placeOf(target: EventTarget | null): Place {
  const element = target instanceof Element ? target : undefined
  const within = (selector: string): boolean => (element?.closest(selector) ?? null) !== null
  return {
    element,
    writes: within(WRITING),
    ownsKeys: within(OWN_KEYS),
    ownsArrows: within(OWN_ARROWS),
  }
}

/** What had the focus cannot have it any more: a reader who was in it has not left it. */
function wasTaken({ element }: Place): boolean {
  return element !== undefined && (!element.isConnected || element.matches(':disabled'))
}

/** `/` search, ←/→ neighbouring lessons, `t` theme, `?` the list of keys. Keys that something else has handled are left alone. */
export function startKeyboard(): void {
  const help = document.querySelector<HTMLDialogElement>('#keys')
  for (const button of document.querySelectorAll<HTMLElement>('[data-keys-button]')) {
    button.addEventListener('click', () => help?.showModal())
  }
  /** Where the focus was last, until the reader presses elsewhere: it may be gone from under their hands. */
  let left: Place | undefined
  addEventListener('focusin', ({ target }) => {
    // A dialog is closed by the reader.
    left = target instanceof Element && target.closest('dialog') ? undefined : placeOf(target)
  })
  addEventListener('pointerdown', () => (left = undefined), { capture: true })
  addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const nowhere = event.target === document.body || event.target === document.documentElement
    const place = nowhere && left ? left : placeOf(event.target)
    if (event.key === '/' && !place.writes) {
      // Firefox would open its own quick find.
      event.preventDefault()
      openSearch()
    }
    if (place.ownsKeys) return
    if (event.key === '?') help?.showModal()
    else if (event.key === 't' || event.code === 'KeyT') nextTheme()
    else if (event.shiftKey || place.ownsArrows || scrollsSideways(place) || wasTaken(place)) return
    else if (event.key === 'ArrowLeft') follow('prev')
    else if (event.key === 'ArrowRight') follow('next')
  })
}

/** Whether the browser would scroll something to the side by an arrow that goes there. */
function scrollsSideways({ element }: Place): boolean {
  for (let at = element ?? null; at && at !== document.body; at = at.parentElement)
    if (at.scrollWidth > at.clientWidth && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true
  return false
}

function follow(rel: 'prev' | 'next'): void {
  document.querySelector<HTMLAnchorElement>(`a[rel=${rel}]`)?.click()
}
