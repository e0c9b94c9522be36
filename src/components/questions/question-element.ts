import { progress } from '../../progress/page-progress.ts'
import { keyOf } from '../../progress/records.ts'
import { graded } from '../../progress/review.ts'

/** Told to whatever holds the question when the reader has answered it. */
export const ANSWERED = 'question-answered'

/**
 * A question of a lesson, without what its kind does. It remembers the answer, shows it again, follows other tabs, and
 * can be taken anew. In a review (`data-review` around it) it begins unanswered.
 */
export abstract class QuestionElement extends HTMLElement {
  #key = ''
  #stop: () => void = () => {}
  #keeping = false

  connectedCallback(): void {
    const lesson = this.closest<HTMLElement>('[data-lesson]')?.dataset['lesson'] ?? ''
    this.#key = keyOf('question', lesson, this.dataset['question'] ?? '')
    this.find('[data-again]')?.addEventListener('click', () => {
      this.#clear()
      this.#begin()
    })
    this.find('[data-reveal]')?.addEventListener('click', () => this.#reveal())
    this.find('[data-check]')?.addEventListener('click', () => this.check())
    this.start()
    // What gives the answer away was there to be read until now, and may have the focus.
    if (this.#hasLostFocus()) this.#begin()
    if (this.closest('[data-review]')) return
    this.#stop = progress.watch(keys => {
      if (!keys.includes(this.#key) || this.#keeping) return
      this.#clear()
      this.#restore()
    })
    this.#restore()
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  /** Wires the controls of the kind. */
  protected abstract start(): void
  /** Shows an answer and whether it is right; undefined when the question has no such answer, any more. */
  protected abstract show(answer: string): boolean | undefined
  /** Shows the question as if it had not been answered. */
  protected abstract clear(): void
  /** Shows the right answer, where the kind has a button for that. */
  protected reveal(): void {}
  /** Said of an answer that is wrong. */
  protected get wrongWords(): string {
    return '틀렸습니다. 까닭을 읽어 봅니다.'
  }
  /** The reader asks whether what they have put together is right, where the kind has a button for that. */
  protected check(): void {}

  /** The reader's answer, in a text that `show` reads. */
  protected answer(answer: string): void {
    const right = this.show(answer)
    if (right === undefined) return
    this.#settle(right)
    this.#keep(answer, right)
    if (this.#hasLostFocus()) this.find('[data-again]')?.focus()
    this.dispatchEvent(new CustomEvent(ANSWERED, { bubbles: true }))
  }

  protected get answered(): boolean {
    return this.dataset['result'] !== undefined
  }

  protected say(words: string): void {
    const status = this.find('[role=status]')
    if (status) status.textContent = words
  }

  protected find(selector: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(selector)
  }

  protected findAll<T extends HTMLElement = HTMLElement>(selector: string): T[] {
    return [...this.querySelectorAll<T>(selector)]
  }

  /** What has the focus has just been hidden. */
  #hasLostFocus(): boolean {
    const focused = document.activeElement
    return focused !== null && this.contains(focused) && !focused.checkVisibility()
  }

  /** Brings the focus to where the question is answered. */
  #begin(): void {
    this.findAll('summary, input, button')
      .find(control => control.checkVisibility())
      ?.focus()
  }

  #restore(): void {
    const { answer, right } = progress.get(this.#key) ?? {}
    const now = answer === undefined ? undefined : this.show(answer)
    if (answer === undefined || now === undefined) return
    this.#settle(now)
    if (right === undefined) this.#keep(answer, now)
  }

  #keep(answer: string, right: boolean): void {
    this.#keeping = true
    progress.put(this.#key, graded(progress.get(this.#key), answer, right, progress.now()))
    this.#keeping = false
  }

  #settle(right: boolean): void {
    this.dataset['result'] = right ? 'right' : 'wrong'
    this.say(right ? '맞혔습니다.' : this.wrongWords)
    this.find('[data-again]')?.toggleAttribute('hidden', false)
    this.find('[data-reveal]')?.toggleAttribute('hidden', false)
  }

  #clear(): void {
    delete this.dataset['result']
    this.say('')
    this.find('[data-again]')?.toggleAttribute('hidden', true)
    this.find('[data-reveal]')?.toggleAttribute('hidden', true)
    this.clear()
  }

  #reveal(): void {
    this.find('[data-reveal]')?.toggleAttribute('hidden', true)
    this.reveal()
    this.find('[data-again]')?.focus()
  }
}
