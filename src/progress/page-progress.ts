import { ProgressStore } from './store.ts'

/** The progress of whoever reads this page; other tabs' changes arrive as they happen. */
export const progress = new ProgressStore(
  () => localStorage,
  () => Date.now(),
)

addEventListener('storage', event => progress.changedElsewhere(event.key, event.newValue))
addEventListener('pageshow', event => {
  // A page that comes back from the back/forward cache has missed the events meanwhile.
  if (event.persisted) progress.reload()
})
