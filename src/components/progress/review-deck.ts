import { progress } from '../../progress/page-progress.ts'
import { partsOf } from '../../progress/records.ts'
import { deckOf } from '../../progress/review.ts'
import { ANSWERED } from '../questions/question-element.ts'
import '../questions/questions.ts'
import { lessonLink } from '../site/links.ts'

/** The lesson's page could not be had; it may be there another time. */
class Unreachable extends Error {}

/**
 * Asks the questions that were missed, one at a time. Each is taken from the page of its lesson, so that it is asked in
 * the lesson's own words.
 */
class ReviewDeck extends HTMLElement {
  #queue: string[] = []
  /** Questions that their lessons no longer ask. */
  #gone = 0
  readonly #lessons = new Map<string, Promise<Document | undefined>>()

  connectedCallback(): void {
    this.hidden = false
    this.#queue = [...deckOf(progress.records, progress.now()).now]
    this.#find('[data-next]').addEventListener('click', () => void this.#next())
    void this.#next(false)
  }

  /** Shows the next question there is, or that there is none. */
  async #next(moveFocus = true): Promise<void> {
    this.#find('[data-next]').hidden = true
    const [key] = this.#queue
    const asked = key === undefined ? undefined : partsOf('question', key)
    if (key === undefined || !asked) return this.#finish()
    try {
      const question = await this.#questionOf(asked.lesson, asked.id)
      this.#queue.shift()
      if (question) this.#show(key, asked.lesson, question, moveFocus)
      else await this.#drop(key, moveFocus)
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      this.#say('문제가 있는 장을 불러오지 못했습니다. 연결을 확인하고 다시 해 봅니다.')
      this.#offer('다시 불러오기')
    }
  }

  #show(key: string, lesson: string, question: HTMLElement, moveFocus: boolean): void {
    const card = this.#find('[data-card]')
    card.dataset['lesson'] = lesson
    card.hidden = false
    const place = this.#find('[data-question-place]')
    place.replaceChildren(question)
    question.addEventListener(ANSWERED, () => this.#afterAnswer(key))
    this.#tellCount(this.#queue.length + 1)
    if (moveFocus) card.querySelector('h2')?.focus()
  }

  #afterAnswer(key: string): void {
    // One that was missed again comes again, after the others.
    if (progress.get(key)?.right === false && !this.#queue.includes(key)) this.#queue.push(key)
    if (progress.get(key)?.right === true) this.#queue = this.#queue.filter(each => each !== key)
    this.#tellCount(this.#queue.length)
    this.#offer(this.#queue.length > 0 ? '다음 문제' : '마치기')
  }

  /** A question that is no longer in its lesson is not asked any more. */
  async #drop(key: string, moveFocus: boolean): Promise<void> {
    const { answer = '', right = false } = progress.get(key) ?? {}
    progress.put(key, { answer, right })
    this.#gone++
    await this.#next(moveFocus)
  }

  #finish(): void {
    this.#find('[data-card]').hidden = true
    const { count, from } = deckOf(progress.records, progress.now()).later
    const date = new Date(from).toLocaleDateString('ko', { month: 'long', day: 'numeric' })
    const later = count === 0 ? '' : ` ${date}부터 ${count}개를 다시 묻습니다.`
    const gone = this.#gone === 0 ? '' : ` 강의에서 빠진 문제 ${this.#gone}개는 더 묻지 않습니다.`
    this.#say(`지금 복습할 문제가 없습니다.${later}${gone}`)
    this.#find('[data-home]').hidden = false
  }

  #tellCount(left: number): void {
    this.#say(left === 0 ? '복습할 문제를 모두 풀었습니다.' : `복습할 문제가 ${left}개 있습니다.`)
  }

  #offer(words: string): void {
    const button = this.#find('[data-next]')
    button.textContent = words
    button.hidden = false
  }

  #say(words: string): void {
    this.#find('[data-count]').textContent = words
  }

  /** The question as its lesson asks it, unanswered, with links that lead there. */
  async #questionOf(lesson: string, id: string): Promise<HTMLElement | undefined> {
    const page = await this.#pageOf(lesson)
    const found = page?.querySelector(`[data-question="${id}"]`)
    if (!page || !found) return undefined
    const question = document.importNode(found, true)
    for (const link of question.querySelectorAll<HTMLAnchorElement>('a[href^="#"]'))
      link.href = lessonLink(lesson) + link.hash
    const from = this.querySelector<HTMLAnchorElement>('[data-from]')
    if (from) {
      from.href = `${lessonLink(lesson)}#question-${id}`
      from.textContent = page.querySelector('h1')?.textContent.trim() ?? lesson
    }
    return question instanceof HTMLElement ? question : undefined
  }

  #pageOf(lesson: string): Promise<Document | undefined> {
    const kept = this.#lessons.get(lesson) ?? fetchPage(lessonLink(lesson))
    this.#lessons.set(lesson, kept)
    kept.catch(() => this.#lessons.delete(lesson))
    return kept
  }

  #find(selector: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(selector)
    if (!found) throw new Error(`the review page has no ${selector}`)
    return found
  }
}

/** A page of this site, read but not run; undefined when there is none at that address. */
async function fetchPage(address: string): Promise<Document | undefined> {
  const response = await fetch(address).catch(() => undefined)
  if (response?.status === 404) return undefined
  if (!response?.ok) throw new Unreachable()
  const html = await response.text().catch(() => {
    throw new Unreachable()
  })
  return new DOMParser().parseFromString(html, 'text/html')
}

customElements.define('review-deck', ReviewDeck)
