import { progress } from '../../progress/page-progress.ts'
import { deckOf } from '../../progress/review.ts'
import { lastPlace } from '../../progress/standing.ts'
import { standingAt } from './marks.ts'

/** Offers to go on where the reader was, or with the next lesson when that one is read, and to review. */
export function showResume(): void {
  const link = document.querySelector<HTMLAnchorElement>('[data-resume]')
  const review = document.querySelector<HTMLElement>('[data-due]')
  const start = link && { href: link.href, words: link.textContent }
  const show = (): void => {
    const next = whereToGoOn() ?? start
    if (link && next) [link.href, link.textContent] = [next.href, next.words]
    const due = deckOf(progress.records, progress.now()).now.length
    if (review) review.textContent = `복습할 문제 ${due}개`
    review?.toggleAttribute('hidden', due === 0)
  }
  progress.watch(show)
  show()
}

function whereToGoOn(): { readonly href: string; readonly words: string } | undefined {
  const place = lastPlace(progress.records)
  const marks = [...document.querySelectorAll<HTMLElement>('[data-mark]')]
  const at = marks.findIndex(mark => mark.dataset['mark'] === place?.lesson)
  const mark = marks[at]
  if (!place || !mark) return undefined
  if (standingAt(mark).state !== 'read')
    return {
      href: `${mark.dataset['href'] ?? ''}#${encodeURIComponent(place.section)}`,
      words: `이어서 읽기: ${mark.dataset['title'] ?? ''} · ${place.title}`,
    }
  const next = marks.slice(at + 1).find(each => standingAt(each).state !== 'read')
  return next && { href: next.dataset['href'] ?? '', words: `이어서 읽기: ${next.dataset['title'] ?? ''}` }
}
