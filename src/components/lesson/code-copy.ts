const COPIED = '복사했습니다.'
const SELECTED = '골라 두었습니다. Ctrl+C(⌘C)를 누르면 복사됩니다.'
/** Milliseconds after which the button is as before. */
const SAID_FOR = 4000

/** Shows the copy buttons of code and makes them work, also where a page may not write to the clipboard. */
export function startCodeCopy(): void {
  for (const figure of document.querySelectorAll<HTMLElement>('figure.code')) {
    const button = figure.querySelector<HTMLButtonElement>('.code-copy')
    const code = figure.querySelector<HTMLElement>('pre > code')
    if (!button || !code) continue
    button.hidden = false
    button.addEventListener('click', () => void copyCode(figure, code))
  }
}

async function copyCode(figure: HTMLElement, code: HTMLElement): Promise<void> {
  const text = codeText(code)
  const copied = (await writeToClipboard(text)) || copyBySelection(text)
  if (!copied) getSelection()?.selectAllChildren(code)
  say(figure, copied ? COPIED : SELECTED)
}

/** The code as it is after its changes: lines that were taken away are left out. */
export function codeText(code: HTMLElement): string {
  return [...code.querySelectorAll('.line')]
    .filter(line => line.tagName !== 'DEL')
    .map(line => line.textContent)
    .join('\n')
}

async function writeToClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Not a secure context, or refused.
    return false
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'visually-hidden'
  field.setAttribute('aria-hidden', 'true')
  const before = document.activeElement
  document.body.append(field)
  field.select()
  // Deprecated, and the only way in a page that is not served securely.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const copied = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return copied
}

const saying = new WeakMap<Element, ReturnType<typeof setTimeout>>()

function say(figure: HTMLElement, words: string): void {
  const place = figure.querySelector('.code-said')
  if (!place) return
  clearTimeout(saying.get(place))
  place.textContent = words
  saying.set(
    place,
    setTimeout(() => {
      place.textContent = ''
    }, SAID_FOR),
  )
}
