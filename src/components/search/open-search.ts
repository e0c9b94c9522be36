/** Shows the search dialog, or goes to the field of the search page. What answers queries is loaded on the first call. */
export function openSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search-page] input')
  if (field) {
    field.focus()
    field.select()
    return
  }
  const dialog = document.querySelector<HTMLDialogElement>('#search')
  if (!dialog || dialog.open) return
  dialog.showModal()
  // Typing may begin before what answers is there: it reads the field when it comes.
  const input = dialog.querySelector('input')
  input?.select()
  void startBox(dialog)
}

let started: Promise<void> | undefined

function startBox(dialog: HTMLDialogElement): Promise<void> {
  started ??= import('./search-box.ts').then(({ startSearchBox }) => startSearchBox(dialog))
  return started.catch(() => {
    // Without it, Enter still leads to the search page.
    started = undefined
  })
}

/** Wires everything that opens search; without script these are links to the search page. */
export function startSearch(): void {
  for (const opener of document.querySelectorAll<HTMLAnchorElement>('[data-search-open]'))
    opener.addEventListener('click', event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      openSearch()
    })
  const dialog = document.querySelector<HTMLDialogElement>('#search')
  dialog?.querySelector('[data-search-close]')?.addEventListener('click', () => dialog.close())
  dialog?.addEventListener('click', event => {
    if (event.target === dialog) dialog.close()
  })
}
