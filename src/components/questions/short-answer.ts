import { formsOf, isOneOf, numberIn } from './answer-forms.ts'
import { QuestionElement } from './question-element.ts'

/** An answer the reader writes. A mistake the author foresaw has its own reason. */
class ShortAnswer extends QuestionElement {
  #reasons: HTMLElement[] = []

  protected start(): void {
    this.#reasons = this.findAll('.reason')
    this.find('form')?.addEventListener('submit', event => {
      event.preventDefault()
      const written = this.#field?.value.trim() ?? ''
      if (written === '') this.say('답을 적습니다.')
      else if (this.#number && numberIn(written, this.dataset['unit']) === undefined)
        this.say('숫자로 적습니다. 예: 12')
      else this.answer(written)
    })
  }

  protected show(answer: string): boolean {
    const reason = this.#reasons.find(each =>
      isOneOf(formsOf(each.dataset['is'] ?? ''), answer, this.#number, this.dataset['unit']),
    )
    for (const each of this.#reasons) each.hidden = each !== reason
    this.find('details')?.toggleAttribute('open', reason !== undefined)
    if (this.#field) [this.#field.value, this.#field.readOnly] = [answer, true]
    return reason?.dataset['correct'] === 'true'
  }

  protected clear(): void {
    this.find('details')?.toggleAttribute('open', false)
    if (this.#field) [this.#field.value, this.#field.readOnly] = ['', false]
  }

  /** Nobody foresaw every mistake. */
  protected override get wrongWords(): string {
    const reasoned = this.#reasons.some(each => !each.hidden)
    return reasoned ? super.wrongWords : '틀렸습니다. 다시 풀어 보거나, 답과 까닭을 봅니다.'
  }

  protected override reveal(): void {
    for (const each of this.#reasons) each.hidden = false
    this.find('details')?.toggleAttribute('open', true)
  }

  get #field(): HTMLInputElement | null {
    return this.querySelector('input')
  }

  get #number(): boolean {
    return this.dataset['number'] !== undefined
  }
}

customElements.define('short-answer', ShortAnswer)
