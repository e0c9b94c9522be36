import { lessonOf } from '../../progress/lesson-page.ts'
import { progress } from '../../progress/page-progress.ts'
import { keyOf } from '../../progress/records.ts'

/**
 * At the end of a lesson: what of it is left. Coming here is coming to the end; a lesson is read when its end was
 * reached and every question answered, right or wrong.
 */
class LessonStanding extends HTMLElement {
  #stop: () => void = () => {}

  connectedCallback(): void {
    const lesson = lessonOf(this)
    const within = this.closest('[data-lesson]')
    const questions = [...(within?.querySelectorAll<HTMLElement>('[data-question]') ?? [])]
    const missions = [...(within?.querySelectorAll<HTMLElement>('[data-mission]') ?? [])]
    const end = keyOf('mark', lesson, 'end')
    const read = keyOf('mark', lesson, 'read')
    const recordOf = ({ dataset }: HTMLElement) =>
      dataset['question'] === undefined
        ? progress.get(keyOf('mission', lesson, dataset['mission'] ?? ''))
        : progress.get(keyOf('question', lesson, dataset['question']))

    const show = (): void => {
      const unanswered = questions.filter(question => !recordOf(question))
      const unpassed = missions.filter(mission => !recordOf(mission))
      if (progress.get(end) && unanswered.length === 0 && !progress.get(read)) {
        // This tells the watchers, this one among them.
        progress.put(read, {})
        return
      }
      this.dataset['state'] = progress.get(read) ? 'read' : 'begun'
      this.#line('.standing-state', progress.get(read) ? '이 장을 읽었습니다.' : '이 장에서 남은 것')
      this.#line('[data-questions]', questionWords(questions.length, unanswered.length), unanswered[0])
      this.#line(
        '[data-missions-left]',
        missionWords(missions.length, unpassed.length),
        unpassed[0]?.querySelector<HTMLElement>('.mission') ?? undefined,
      )
      const missed = questions.filter(question => recordOf(question)?.due !== undefined).length
      this.#line('[data-missed]', missed > 0 ? `틀렸던 문제 ${missed}개는 복습에서 다시 묻습니다.` : '')
    }
    this.#stop = progress.watch(show)
    show()
    const observer = new IntersectionObserver(entries => {
      if (!entries.some(entry => entry.isIntersecting)) return
      observer.disconnect()
      if (!progress.get(end)) progress.put(end, {})
    })
    observer.observe(this)
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  /** Fills a line, or hides it when there is nothing to say, and points its link at what is left. */
  #line(selector: string, words: string, target?: HTMLElement): void {
    const line = this.querySelector<HTMLElement>(selector)
    const text = line?.querySelector('span') ?? line
    if (!line || !text) return
    line.hidden = words === ''
    text.textContent = words
    const link = line.querySelector<HTMLAnchorElement>('a[data-to]')
    link?.toggleAttribute('hidden', target === undefined)
    if (link && target) link.href = `#${target.id}`
  }
}

function questionWords(all: number, left: number): string {
  if (all === 0) return ''
  return left === 0
    ? `확인 문제 ${all}개에 모두 답했습니다.`
    : `확인 문제 ${all}개 가운데 ${all - left}개에 답했습니다.`
}

function missionWords(all: number, left: number): string {
  if (all === 0) return ''
  return left === 0
    ? '미션을 모두 통과했습니다.'
    : `미션이 ${left}개 남았습니다. 샌드박스가 켜져 있을 때 해 봅니다.`
}

customElements.define('lesson-standing', LessonStanding)
