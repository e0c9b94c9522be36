import { readAnswer, writeAnswer } from './answers.ts'

/** Makes the questions of the lesson remember; without this script they can be read and answered all the same. */
export function startQuestions(): void {
  const lesson = document.querySelector<HTMLElement>('[data-lesson]')?.dataset['lesson']
  if (!lesson) return
  for (const quiz of document.querySelectorAll<HTMLElement>('[data-quiz]')) startQuiz(quiz, lesson)
  for (const predict of document.querySelectorAll<HTMLElement>('[data-predict]'))
    startPredict(predict, lesson)
}

/** The first option opened is the answer; opening others afterwards is reading their reasons. */
function startQuiz(quiz: HTMLElement, lesson: string): void {
  const id = quiz.dataset['quiz'] ?? ''
  const options = [...quiz.querySelectorAll<HTMLDetailsElement>('.option')]
  const status = quiz.querySelector('[role=status]')
  const again = quiz.querySelector<HTMLButtonElement>('[data-again]')
  let answer = Number(readAnswer('quiz', lesson, id) ?? -1)

  const show = (): void => {
    const chosen = options[answer]
    for (const option of options) option.toggleAttribute('data-first', option === chosen)
    if (again) again.hidden = !chosen
    if (!status) return
    status.textContent = !chosen
      ? ''
      : chosen.dataset['correct'] === 'true'
        ? '맞혔습니다.'
        : '틀렸습니다. 까닭을 읽고 다른 답도 열어 봅니다.'
  }
  options.forEach((option, index) => {
    option.addEventListener('toggle', () => {
      if (!option.open || options[answer]) return
      answer = index
      writeAnswer('quiz', lesson, id, String(index))
      show()
    })
  })
  again?.addEventListener('click', () => {
    answer = -1
    writeAnswer('quiz', lesson, id, undefined)
    for (const option of options) option.open = false
    show()
    options[0]?.querySelector('summary')?.focus()
  })
  const remembered = options[answer]
  if (remembered) remembered.open = true
  show()
}

/** A prediction is kept as it is made and shown again where the lesson answers it. */
function startPredict(predict: HTMLElement, lesson: string): void {
  const id = predict.dataset['predict'] ?? ''
  const inputs = [...predict.querySelectorAll('input')]
  const status = predict.querySelector('[role=status]')
  const again = predict.querySelector<HTMLButtonElement>('[data-again]')

  const show = (answer: string | undefined, kept: boolean): void => {
    if (again) again.hidden = answer === undefined
    if (status)
      status.textContent =
        answer === undefined
          ? ''
          : kept
            ? '적어 두었습니다. 뒤에서 실제와 견줍니다.'
            : '이 페이지를 닫을 때까지 기억합니다.'
    for (const place of document.querySelectorAll<HTMLElement>(
      `[data-prediction="${id}"] .prediction-mine`,
    )) {
      place.hidden = answer === undefined
      const mine = place.querySelector('b')
      if (mine) mine.textContent = answer === undefined ? '' : wordsOf(inputs, answer)
    }
  }
  const choose = (answer: string | undefined): void => {
    show(answer, writeAnswer('predictions', lesson, id, answer))
  }
  for (const input of inputs)
    input.addEventListener('change', () => choose(input.value === '' ? undefined : input.value))
  again?.addEventListener('click', () => {
    for (const input of inputs) {
      if (input.type === 'radio') input.checked = false
      else input.value = ''
    }
    choose(undefined)
    inputs[0]?.focus()
  })
  const remembered = readAnswer('predictions', lesson, id)
  if (remembered === undefined) return
  for (const input of inputs) {
    if (input.type === 'radio') input.checked = input.value === remembered
    else input.value = remembered
  }
  show(remembered, true)
}

/** A choice in the words the reader saw, a number with its unit. */
function wordsOf(inputs: readonly HTMLInputElement[], answer: string): string {
  const chosen = inputs.find(input => input.type === 'radio' && input.value === answer)
  const words = (chosen ?? inputs[0])?.nextElementSibling?.textContent.trim() ?? ''
  return chosen ? words : `${answer} ${words}`
}
