import { QuestionElement } from './question-element.ts'

/** Steps to bring into their order: by their buttons, by arrow keys on them, or by dragging. */
class PutInOrder extends QuestionElement {
  /** As the lesson shows them first. */
  #shuffled: HTMLElement[] = []

  protected start(): void {
    this.#shuffled = this.#steps
    for (const step of this.#shuffled) {
      for (const button of step.querySelectorAll<HTMLElement>('[data-move]')) {
        const by = Number(button.dataset['move'])
        button.ariaLabel = `${by < 0 ? '위로' : '아래로'} 옮기기: ${textOf(step)}`
        button.addEventListener('click', () => this.#move(step, by, button))
        button.addEventListener('keydown', event => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
          event.preventDefault()
          this.#move(step, event.key === 'ArrowUp' ? -1 : 1, button)
        })
      }
      this.#letDrag(step)
    }
  }

  protected override check(): void {
    this.answer(this.#steps.map(step => step.dataset['key']).join(','))
  }

  protected show(answer: string): boolean | undefined {
    const keys = answer.split(',')
    const steps = keys.flatMap(key => this.#shuffled.find(step => step.dataset['key'] === key) ?? [])
    if (new Set(steps).size !== this.#shuffled.length) return undefined
    this.#list?.replaceChildren(...steps)
    steps.forEach((step, index) => {
      step.dataset['outcome'] = step.dataset['place'] === String(index + 1) ? 'right' : 'wrong'
      step.querySelector('details')?.toggleAttribute('open', true)
    })
    return steps.every(step => step.dataset['outcome'] === 'right')
  }

  protected clear(): void {
    this.#list?.replaceChildren(...this.#shuffled)
    for (const step of this.#shuffled) {
      delete step.dataset['outcome']
      step.querySelector('details')?.toggleAttribute('open', false)
    }
  }

  protected override reveal(): void {
    this.#list?.replaceChildren(
      ...this.#shuffled.toSorted((a, b) => Number(a.dataset['place']) - Number(b.dataset['place'])),
    )
  }

  #move(step: HTMLElement, by: number, button: HTMLElement): void {
    const steps = this.#steps
    const other = steps[steps.indexOf(step) + by]
    if (!other || this.answered) return
    if (by < 0) other.before(step)
    else other.after(step)
    // Moving an element takes the focus from what is in it.
    button.focus()
    this.#tellPlace(step)
  }

  #letDrag(step: HTMLElement): void {
    const grip = step.querySelector<HTMLElement>('.step-grip')
    grip?.addEventListener('pointerdown', event => {
      if (this.answered) return
      event.preventDefault()
      grip.setPointerCapture(event.pointerId)
      step.dataset['dragged'] = ''
    })
    grip?.addEventListener('pointermove', event => {
      if (step.dataset['dragged'] === undefined) return
      const over = this.#steps.find(each => {
        const { top, bottom } = each.getBoundingClientRect()
        return each !== step && event.clientY > top && event.clientY < bottom
      })
      if (!over) return
      const { top, height } = over.getBoundingClientRect()
      const down = this.#steps.indexOf(over) > this.#steps.indexOf(step)
      // Past the middle, so that steps of different heights do not jump to and fro.
      if (down && event.clientY > top + height / 2) over.after(step)
      if (!down && event.clientY < top + height / 2) over.before(step)
    })
    grip?.addEventListener('lostpointercapture', () => {
      delete step.dataset['dragged']
      this.#tellPlace(step)
    })
  }

  #tellPlace(step: HTMLElement): void {
    const steps = this.#steps
    this.say(`${textOf(step)}: ${steps.length}개 가운데 ${steps.indexOf(step) + 1}번째`)
  }

  get #list(): HTMLElement | null {
    return this.find('.steps')
  }

  get #steps(): HTMLElement[] {
    return this.findAll('.step')
  }
}

function textOf(step: HTMLElement): string {
  return step.querySelector('.step-text')?.textContent.trim() ?? ''
}

customElements.define('put-in-order', PutInOrder)
