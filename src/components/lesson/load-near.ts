/** How far below the window something may be for its script to come, in CSS pixels: about a page ahead. */
const AHEAD = 1200

/** Calls `load` once, when the first element that matches comes near. */
function whenNear(selector: string, load: () => Promise<unknown>): void {
  const observer = new IntersectionObserver(
    entries => {
      if (!entries.some(entry => entry.isIntersecting)) return
      observer.disconnect()
      void load()
    },
    { rootMargin: `${AHEAD}px` },
  )
  for (const element of document.querySelectorAll(selector)) observer.observe(element)
}

/** Brings the scripts of what stands further down a lesson as the reader comes near; until then it can be read. */
export function loadWhenNear(): void {
  whenNear('reader-guess, guess-outcome', () => import('../predictions/predictions.ts'))
  whenNear('figure.code', async () => (await import('./code-copy.ts')).startCodeCopy())
  whenNear('[data-question]', () => import('../questions/questions.ts'))
  whenNear('lesson-standing', () => import('../progress/lesson-standing.ts'))
}
