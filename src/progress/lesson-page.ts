import { progress } from './page-progress.ts'
import { keyOf } from './records.ts'

/** Slug of the lesson that something on the page belongs to. */
export function lessonOf(element: Element): string {
  return element.closest<HTMLElement>('[data-lesson]')?.dataset['lesson'] ?? ''
}

/** Keeps how far in its lesson the reader is: as far as this heading. */
export function keepPlace(heading: HTMLElement): void {
  progress.put(keyOf('place', lessonOf(heading), 'section'), {
    answer: heading.id,
    title: heading.textContent.trim(),
  })
}
