import { QuestionElement } from './question-element.ts'

/** What both kinds read from their options. */
abstract class Choice extends QuestionElement {
  protected options: HTMLElement[] = []

  protected start(): void {
    this.options = this.findAll('.option')
  }

  protected isCorrect(option: HTMLElement): boolean {
    return option.dataset['correct'] === 'true'
  }

  /** The options an answer names, by key; by index if it is one of version 1. */
  protected named(answer: string): HTMLElement[] {
    const keys = answer === '' ? [] : answer.split(',')
    return keys.flatMap(
      key => this.options.find(({ dataset }, at) => key === dataset['key'] || key === `${at}`) ?? [],
    )
  }
}

/** One option is right. The first one opened is the answer; opening others afterwards is reading their reasons. */
class SingleChoice extends Choice {
  override connectedCallback(): void {
    // Opened before this script came.
    const early = this.querySelector<HTMLDetailsElement>('.option[open]')
    super.connectedCallback()
    if (early && !this.answered) this.answer(early.dataset['key'] ?? '')
  }

  protected override start(): void {
    super.start()
    for (const option of this.details)
      option.addEventListener('toggle', () => {
        if (option.open && !this.answered) this.answer(option.dataset['key'] ?? '')
      })
  }

  protected show(answer: string): boolean | undefined {
    const [chosen] = this.named(answer)
    if (!(chosen instanceof HTMLDetailsElement)) return undefined
    chosen.open = true
    chosen.dataset['chosen'] = ''
    return this.isCorrect(chosen)
  }

  protected clear(): void {
    for (const option of this.details) {
      option.open = false
      delete option.dataset['chosen']
    }
  }

  private get details(): HTMLDetailsElement[] {
    return this.options.filter(option => option instanceof HTMLDetailsElement)
  }
}

/** Several may be right, and the answer is right when it is all of them and no other. */
class MultipleChoice extends Choice {
  protected override check(): void {
    const chosen = this.options.filter(option => this.box(option)?.checked)
    if (chosen.length === 0) this.say('하나 이상 고릅니다.')
    else this.answer(chosen.map(option => option.dataset['key']).join(','))
  }

  protected show(answer: string): boolean | undefined {
    const chosen = this.named(answer)
    if (chosen.length === 0) return undefined
    for (const option of this.options) {
      const mine = chosen.includes(option)
      option.dataset['outcome'] = mine === this.isCorrect(option) ? 'right' : mine ? 'wrong' : 'missed'
      option.querySelector('details')?.toggleAttribute('open', true)
      const box = this.box(option)
      if (box) [box.checked, box.disabled] = [mine, true]
    }
    return this.options.every(option => option.dataset['outcome'] === 'right')
  }

  protected clear(): void {
    for (const option of this.options) {
      delete option.dataset['outcome']
      option.querySelector('details')?.toggleAttribute('open', false)
      const box = this.box(option)
      if (box) [box.checked, box.disabled] = [false, false]
    }
  }

  private box(option: HTMLElement): HTMLInputElement | null {
    return option.querySelector('input')
  }
}

customElements.define('single-choice', SingleChoice)
customElements.define('multiple-choice', MultipleChoice)
