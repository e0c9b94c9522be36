import { adopt, discardSetAside, reset, setAside } from '../../progress/housekeeping.ts'
import { progress } from '../../progress/page-progress.ts'
import { keyOf } from '../../progress/records.ts'
import { standingOf } from '../../progress/standing.ts'
import type { Undo } from '../../progress/store.ts'
import { TROUBLE_WORDS } from './notice.ts'
import { countsWords, sumWords } from './progress-words.ts'

const find = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`the progress page has no ${selector}`)
  return found
}
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-row]')]
const idsIn = (list: string | undefined): string[] => (list ?? '').split(' ').filter(id => id !== '')

/** The whole map with what was done of it, and everything a reader may do with the record itself. */
export function startProgressPage(): void {
  progress.watch(show)
  show()
  find('[data-waiting]').removeAttribute('data-waiting')
  showSetAside()
  const dialog = document.querySelector<HTMLDialogElement>('[data-ask]')
  if (dialog) startAsking(dialog)

  for (const row of rows())
    row.querySelector('[data-reset]')?.addEventListener('click', () => void resetLesson(row))
  find('[data-reset-all]').addEventListener('click', () => void resetAll())
  find('[data-export]').addEventListener('click', () => void exportFile())
  const field = document.querySelector<HTMLInputElement>('[data-file]')
  find('[data-import]').addEventListener('click', () => field?.click())
  field?.addEventListener('change', () => {
    const [file] = field.files ?? []
    if (file) void importFile(file)
    // The same file again is a change again.
    field.value = ''
  })
  find('[data-aside-save]').addEventListener('click', () => void saveSetAside())
  find('[data-aside-discard]').addEventListener('click', () => void discard())
}

function show(): void {
  let read = 0
  let answered = 0
  let passed = 0
  for (const row of rows()) {
    const lesson = row.dataset['row'] ?? ''
    const questions = idsIn(row.dataset['questions'])
    const missions = idsIn(row.dataset['missions'])
    const answers = questions.flatMap(id => progress.get(keyOf('question', lesson, id)) ?? [])
    const right = answers.filter(record => record.right === true).length
    const done = missions.filter(id => progress.get(keyOf('mission', lesson, id))).length
    const { state } = standingOf(progress.records, lesson, missions.length)
    if (state === 'read') read++
    answered += answers.length
    passed += done
    const counts = row.querySelector('[data-counts]')
    if (counts)
      counts.textContent = countsWords({
        questions: questions.length,
        answered: answers.length,
        right,
        missions: missions.length,
        passed: done,
      })
    row.querySelector('[data-reset]')?.toggleAttribute('hidden', state === 'new')
  }
  find('[data-sum]').textContent = sumWords(rows().length, read, answered, passed)
  const trouble = find('[data-trouble]')
  trouble.hidden = progress.trouble === undefined
  trouble.textContent = progress.trouble === undefined ? '' : TROUBLE_WORDS[progress.trouble]
  find('[data-reset-all]').toggleAttribute('disabled', progress.records.size === 0)
}

// Forgetting

async function resetLesson(row: HTMLElement): Promise<void> {
  const title = row.querySelector('h3 a')?.textContent.trim() ?? ''
  const choice = await ask(`‘${title}’에서 답하고 예측하고 통과한 것을 모두 지웁니까?`, '지우기')
  if (choice !== 'yes') return
  tellDone(`‘${title}’의 진도를 지웠습니다.`, reset(progress, row.dataset['row'] ?? ''))
}

async function resetAll(): Promise<void> {
  const choice = await ask('모든 장의 진도를 지웁니까? 화면 설정은 그대로 둡니다.', '모두 지우기')
  if (choice === 'yes') tellDone('모든 진도를 지웠습니다.', reset(progress))
}

// Files

async function exportFile(): Promise<void> {
  const { exportProgress } = await import('./export-file.ts')
  exportProgress()
}

async function importFile(file: File): Promise<void> {
  const { FILE_LIMIT, parseProgressFile, ProgressFileError } = await import('../../progress/transfer.ts')
  const refused = find('[data-refused]')
  refused.hidden = true
  try {
    // A file far too large is not even read; the parser says so of what is left.
    const { savedAt, records } = parseProgressFile(await file.slice(0, FILE_LIMIT + 1).text())
    const date = new Date(savedAt).toLocaleDateString('ko', { dateStyle: 'long' })
    const choice = await ask(
      `${date}에 내보낸 파일이고 기록이 ${records.size}개 있습니다. 합치면 같은 것은 나중에 한 쪽을 남기고, 바꾸면 지금 진도를 지우고 파일의 것만 남깁니다.`,
      '합치기',
      '바꾸기',
    )
    if (choice === 'yes') tellDone('파일의 진도를 합쳤습니다.', adopt(progress, records, 'merge'))
    if (choice === 'other') tellDone('파일의 진도로 바꾸었습니다.', adopt(progress, records, 'replace'))
  } catch (error) {
    if (!(error instanceof ProgressFileError)) throw error
    refused.hidden = false
    refused.textContent = `${error.message} 지금 진도는 그대로입니다.`
  }
}

// What could not be read

function keptAside(): ReadonlyMap<string, string> {
  try {
    return setAside(localStorage)
  } catch {
    return new Map()
  }
}

function showSetAside(): void {
  const { size } = keptAside()
  find('[data-aside]').hidden = size === 0
  find('[data-aside-count]').textContent =
    `읽을 수 없는 기록 ${size}개를 지우지 않고 따로 두었습니다. 무엇이 들었는지 보려면 내려받고, 필요 없으면 버립니다.`
}

async function saveSetAside(): Promise<void> {
  const { download } = await import('../download.ts')
  const text = JSON.stringify(Object.fromEntries(keptAside()), null, 1)
  download('websocket-anatomy-damaged.json', text, 'application/json')
}

async function discard(): Promise<void> {
  if ((await ask('읽지 못한 기록을 버립니까? 되돌릴 수 없습니다.', '버리기')) !== 'yes') return
  discardSetAside(localStorage)
  showSetAside()
}

// Asking and telling

type Choice = 'yes' | 'other' | 'no'

/** What has been asked and not been answered yet. */
let asked: ((choice: Choice) => void) | undefined

function answer(choice: Choice): void {
  asked?.(choice)
  asked = undefined
}

/** The dialog that asks, from when the page begins: it answers where it is closed. */
function startAsking(dialog: HTMLDialogElement): void {
  dialog.querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    const { value } = event.submitter instanceof HTMLButtonElement ? event.submitter : { value: 'no' }
    // First, so that the focus is free when the answer is acted on.
    dialog.close()
    answer(value === 'yes' || value === 'other' ? value : 'no')
  })
  // Closed by other means. The event comes a frame late: by then the dialog may be asking something else.
  dialog.addEventListener('close', () => {
    if (!dialog.open) answer('no')
  })
}

/** Asks before something is lost. Closing the dialog is a no. */
function ask(question: string, yes: string, other?: string): Promise<Choice> {
  const dialog = document.querySelector<HTMLDialogElement>('[data-ask]')
  if (!dialog) return Promise.resolve('no')
  const label = (selector: string, words: string | undefined): void => {
    const button = dialog.querySelector<HTMLElement>(selector)
    if (!button) return
    button.hidden = words === undefined
    button.textContent = words ?? ''
  }
  // A file may have been read while something else was asked: only one question can be seen.
  answer('no')
  find('#own-question').textContent = question
  label('[value=yes]', yes)
  label('[value=other]', other)
  if (!dialog.open) dialog.showModal()
  const { promise, resolve } = Promise.withResolvers<Choice>()
  asked = resolve
  return promise
}

/** Says what was done, and offers to take it back as long as the page is open. */
function tellDone(words: string, undo: Undo): void {
  const notice = find('[data-done]')
  const button = find('[data-undo]')
  notice.hidden = false
  button.hidden = false
  const line = notice.querySelector('p')
  if (line) line.textContent = words
  // What had the focus may be gone with what it reset.
  button.focus()
  button.onclick = () => {
    undo()
    button.hidden = true
    if (line) line.textContent = '되돌렸습니다.'
  }
}
