const KEY = 'websocket-anatomy:theme'
const CHOICES = ['system', 'light', 'dark'] as const
type Choice = (typeof CHOICES)[number]

const LABELS: Readonly<Record<Choice, string>> = { system: '자동', light: '밝게', dark: '어둡게' }

function current(): Choice {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

function apply(choice: Choice): void {
  if (choice === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = choice
  try {
    if (choice === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, choice)
  } catch {
    // Not kept, but it holds for this page.
  }
  label()
}

function label(): void {
  for (const place of document.querySelectorAll('[data-theme-label]')) place.textContent = LABELS[current()]
}

/** System, light, dark, and round again. */
export function nextTheme(): void {
  apply(CHOICES[(CHOICES.indexOf(current()) + 1) % CHOICES.length] ?? 'system')
}

/** Shows and wires the theme button; other tabs' choices arrive as storage events. */
export function startTheme(): void {
  label()
  for (const button of document.querySelectorAll<HTMLElement>('[data-theme-button]')) {
    button.addEventListener('click', nextTheme)
  }
  addEventListener('storage', event => {
    if (event.key !== KEY) return
    const value = event.newValue
    apply(value === 'light' || value === 'dark' ? value : 'system')
  })
}
