import { progress } from '../../progress/page-progress.ts'
import { standingOf, type Standing } from '../../progress/standing.ts'

/** How far the reader is with the lesson a mark is for. */
export function standingAt(mark: HTMLElement): Standing {
  return standingOf(progress.records, mark.dataset['mark'] ?? '', Number(mark.dataset['missions']))
}

/** Says of each lesson on the page how far the reader is, now and after every change. */
export function showMarks(): void {
  const marks = [...document.querySelectorAll<HTMLElement>('[data-mark]')]
  const show = (): void => {
    for (const mark of marks) {
      const { state, missionsLeft } = standingAt(mark)
      mark.dataset['state'] = state
      signAt(mark.dataset['mark'] ?? '', state)
      const label = document.createElement('span')
      label.textContent = state === 'new' ? '' : state === 'read' ? '읽음' : '진행 중'
      const left = state === 'read' && missionsLeft > 0 ? ` · 남은 미션 ${missionsLeft}` : ''
      mark.replaceChildren(label, left)
    }
  }
  progress.watch(show)
  show()
}

/** Signs of the lesson's place in lists and maps, which say the same to the eye alone. */
function signAt(slug: string, state: Standing['state']): void {
  for (const place of document.querySelectorAll<HTMLElement>(`[data-slug="${slug}"]`)) {
    if (state === 'new') delete place.dataset['progress']
    else place.dataset['progress'] = state === 'read' ? 'done' : 'started'
  }
}
