import { nextTheme } from './theme.ts'

/** What takes arrow keys and letters for itself; anything else can opt out with `data-own-keys`. */
const OWN_KEYS =
  'input, textarea, select, audio, video, dialog, [contenteditable], [data-own-keys], ' +
  '[role=grid], [role=listbox], [role=radiogroup], [role=slider], [role=tablist], [role=textbox], [role=tree]'

/** ←/→ neighbouring lessons, `t` theme, `?` the list of keys. Keys that something else has handled are left alone. */
export function startKeyboard(): void {
  const help = document.querySelector<HTMLDialogElement>('#keys')
  for (const button of document.querySelectorAll<HTMLElement>('[data-keys-button]')) {
    button.hidden = false
    button.addEventListener('click', () => help?.showModal())
  }
  addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.target instanceof Element && event.target.closest(OWN_KEYS)) return
    if (event.key === '?') help?.showModal()
    else if (event.key === 't' || event.code === 'KeyT') nextTheme()
    else if (event.key === 'ArrowLeft' && !event.shiftKey) follow('prev')
    else if (event.key === 'ArrowRight' && !event.shiftKey) follow('next')
  })
}

function follow(rel: 'prev' | 'next'): void {
  document.querySelector<HTMLAnchorElement>(`a[rel=${rel}]`)?.click()
}
