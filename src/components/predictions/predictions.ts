import { progress } from '../../progress/page-progress.ts'
import { keyOf } from '../../progress/records.ts'

function keyFor(element: HTMLElement, id: string | undefined): string {
  return keyOf('prediction', element.closest<HTMLElement>('[data-lesson]')?.dataset['lesson'] ?? '', id ?? '')
}

/** Calls `show` with the guess kept under a key, now and whenever it changes, here or in another tab. */
function follow(key: string, show: (guess: string | undefined) => void): () => void {
  const tell = (): void => show(progress.get(key)?.answer)
  tell()
  return progress.watch(keys => {
    if (keys.includes(key)) tell()
  })
}

/** Asks for a guess, a number or a choice, and keeps it as it is made. */
class ReaderGuess extends HTMLElement {
  #stop: () => void = () => {}

  connectedCallback(): void {
    const key = keyFor(this, this.dataset['predict'])
    const inputs = [...this.querySelectorAll('input')]
    const again = this.querySelector<HTMLElement>('[data-again]')
    const status = this.querySelector('[role=status]')
    for (const input of inputs)
      input.addEventListener('change', () =>
        progress.put(key, input.value === '' ? undefined : { answer: input.value }),
      )
    // What was said before this script came counts too.
    const said = inputs.find(input => (input.type === 'radio' ? input.checked : input.value !== ''))
    if (said && progress.get(key) === undefined) progress.put(key, { answer: said.value })
    again?.addEventListener('click', () => {
      progress.put(key, undefined)
      inputs[0]?.focus()
    })
    this.#stop = follow(key, guess => {
      for (const input of inputs) {
        if (input.type === 'radio') input.checked = input.value === guess
        else if (input.value !== guess) input.value = guess ?? ''
      }
      again?.toggleAttribute('hidden', guess === undefined)
      if (status) status.textContent = guess === undefined ? '' : '적어 두었습니다. 뒤에서 실제와 견줍니다.'
    })
  }

  disconnectedCallback(): void {
    this.#stop()
  }
}

/** Shows the reader's guess beside how it turned out. */
class GuessOutcome extends HTMLElement {
  #stop: () => void = () => {}

  connectedCallback(): void {
    const { of: id, unit = '', actual, answer } = this.dataset
    const choice = (value: string): string =>
      document
        .querySelector(`[data-predict="${id ?? ''}"] input[value="${CSS.escape(value)}"]`)
        ?.nextElementSibling?.textContent.trim() ?? value
    this.#stop = follow(keyFor(this, id), guess => {
      this.#fill('[data-mine]', guess === undefined ? undefined : unit ? guess + unit : choice(guess))
      this.#fill('[data-right]', guess === undefined || answer === undefined ? undefined : choice(answer))
      const says = this.querySelector<HTMLElement>('[data-says]')
      const words =
        guess === undefined
          ? undefined
          : answer !== undefined
            ? guess === answer
              ? '예측이 맞았습니다.'
              : '예측과 다릅니다.'
            : actual === undefined
              ? undefined
              : difference(Number(guess), Number(actual.replaceAll(',', '')), unit)
      if (!says) return
      says.hidden = words === undefined
      says.textContent = words ?? ''
    })
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  #fill(selector: string, words: string | undefined): void {
    const row = this.querySelector<HTMLElement>(selector)
    const value = row?.querySelector('dd')
    if (!row || !value) return
    row.hidden = words === undefined
    value.textContent = words ?? ''
  }
}

/** How far a guess was off, in a sentence. */
function difference(guess: number, actual: number, unit: string): string {
  const by = Math.abs(guess - actual)
  if (by === 0) return '정확히 맞혔습니다.'
  return `실제보다 ${by.toLocaleString('ko')}${unit} ${guess < actual ? '적게' : '많이'} 잡았습니다.`
}

customElements.define('reader-guess', ReaderGuess)
customElements.define('guess-outcome', GuessOutcome)
