import { QuestionElement } from './question-element.ts'

/** Bytes of a recording in a grid, and a span to pick from them: one byte, or all between two. */
class FindBytes extends QuestionElement {
  #cells: HTMLButtonElement[] = []
  /** Positions in the grid: where picking began, and its other end. */
  #picked: readonly [number, number] | undefined
  #current = 0

  protected start(): void {
    this.#cells = this.findAll<HTMLButtonElement>('.byte-pick button')
    this.#cells.forEach((cell, at) => {
      cell.disabled = false
      cell.addEventListener('click', event => this.#press(at, event.shiftKey))
    })
    this.find('.byte-pick')?.addEventListener('keydown', event => this.#onKey(event))
    this.#goTo(0)
  }

  protected override check(): void {
    if (this.#picked)
      this.answer(`${this.#indexOf(Math.min(...this.#picked))}-${this.#indexOf(Math.max(...this.#picked))}`)
    else this.say('먼저 바이트를 고릅니다.')
  }

  protected show(answer: string): boolean | undefined {
    const [from, to] = answer
      .split('-')
      .map(index => this.#cells.findIndex(cell => cell.dataset['byte'] === index))
    if (from === undefined || to === undefined || from < 0 || to < 0) return undefined
    this.#pick([from, to])
    const right = answer === this.dataset['answer']
    if (right) this.reveal()
    else this.#namePicked(Number(this.#indexOf(from)), Number(this.#indexOf(to)))
    return right
  }

  protected clear(): void {
    this.#pick(undefined)
    for (const cell of this.#cells) delete cell.dataset['answer']
    this.find('.byte-picked')?.toggleAttribute('hidden', true)
    this.find('details')?.toggleAttribute('open', false)
  }

  protected override reveal(): void {
    const [from = 0, to = 0] = (this.dataset['answer'] ?? '').split('-').map(Number)
    for (const cell of this.#cells) {
      const index = Number(cell.dataset['byte'])
      if (index >= from && index <= to) cell.dataset['answer'] = ''
    }
    this.find('details')?.toggleAttribute('open', true)
  }

  #press(at: number, extend: boolean): void {
    this.#goTo(at)
    if (this.answered) return
    const [from, to] = this.#picked ?? []
    // The second press reaches from the first; the third begins anew.
    this.#pick(from !== undefined && (extend || (from === to && from !== at)) ? [from, at] : [at, at])
    this.#tellPicked()
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.#perRow,
      ArrowDown: this.#perRow,
      Home: -this.#current,
      End: this.#cells.length - 1 - this.#current,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const from = this.#picked?.[0] ?? this.#current
    const to = this.#current + step
    if (!this.#cells[to]) return
    this.#goTo(to)
    this.#cells[to].focus()
    if (!event.shiftKey || this.answered) return
    this.#pick([from, to])
    this.#tellPicked()
  }

  #goTo(at: number): void {
    this.#current = at
    this.#cells.forEach((cell, each) => (cell.tabIndex = each === at ? 0 : -1))
  }

  #pick(picked: readonly [number, number] | undefined): void {
    this.#picked = picked
    const [from, to] = picked ? [Math.min(...picked), Math.max(...picked)] : [1, 0]
    this.#cells.forEach((cell, at) => (cell.ariaPressed = String(at >= from && at <= to)))
  }

  #tellPicked(): void {
    const picked = this.#picked ?? [0, 0]
    const [from, to] = [Math.min(...picked), Math.max(...picked)]
    const count = to - from + 1
    this.say(
      count === 1
        ? `${this.#indexOf(from)}번 바이트를 골랐습니다.`
        : `${this.#indexOf(from)}–${this.#indexOf(to)}번, ${count}바이트를 골랐습니다.`,
    )
  }

  /** Says what the picked bytes really are: the sentence of every span they touch. */
  #namePicked(first: number, last: number): void {
    const touched = this.findAll('.byte-spans > div').filter(
      ({ dataset }) => Number(dataset['start']) <= last && Number(dataset['end']) > first,
    )
    const words = touched.map(span => {
      const line = document.createElement('p')
      const label = document.createElement('b')
      label.textContent = `${span.querySelector('dt')?.textContent.trim() ?? ''}. `
      line.append(label, span.querySelector('dd')?.textContent ?? '')
      return line
    })
    const box = this.find('.byte-picked')
    box?.replaceChildren(...words)
    box?.toggleAttribute('hidden', false)
  }

  #indexOf(at: number): string {
    return this.#cells[at]?.dataset['byte'] ?? ''
  }

  get #perRow(): number {
    const top = this.#cells[0]?.offsetTop
    return this.#cells.filter(cell => cell.offsetTop === top).length
  }
}

customElements.define('find-bytes', FindBytes)
