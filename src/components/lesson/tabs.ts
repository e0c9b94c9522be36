const KEY = 'websocket-anatomy:tabs'
/** Labels remembered, the latest first; tabs of other kinds do not push a language out. */
const REMEMBERED = 8

/** One group of tabs in the page. */
interface Group {
  readonly tabs: readonly {
    readonly label: string
    readonly button: HTMLElement
    readonly panel: HTMLElement
  }[]
}

/**
 * Turns the panels of each group into tabs after the ARIA pattern: arrows, Home and End choose. A choice holds for
 * every group of the site that has a tab of that label, and is kept.
 */
export function startTabs(): void {
  const groups = [...document.querySelectorAll<HTMLElement>('[data-tabs]')].map(setUp)
  const show = (): void => {
    const labels = readLabels()
    for (const group of groups) select(group, labels)
  }
  const choose = (label: string, button: HTMLElement): void => {
    keepLabel(label)
    const top = button.getBoundingClientRect().top
    show()
    // Groups above may have grown or shrunk: the tab stays under the finger.
    scrollBy({ top: button.getBoundingClientRect().top - top, behavior: 'instant' })
  }
  for (const { tabs } of groups)
    for (const [index, { label, button }] of tabs.entries()) {
      button.addEventListener('click', () => choose(label, button))
      button.addEventListener('keydown', event => {
        const to = nextIndex(event.key, index, tabs.length)
        const next = to === undefined ? undefined : tabs.at(to)
        if (!next) return
        event.preventDefault()
        choose(next.label, next.button)
        next.button.focus()
      })
    }
  addEventListener('storage', event => {
    if (event.key === KEY) show()
  })
  show()
}

function nextIndex(key: string, index: number, count: number): number | undefined {
  if (key === 'ArrowRight') return (index + 1) % count
  if (key === 'ArrowLeft') return index - 1
  if (key === 'Home') return 0
  return key === 'End' ? -1 : undefined
}

let numbered = 0

function setUp(element: HTMLElement): Group {
  const list = document.createElement('div')
  list.className = 'tabs-list'
  list.setAttribute('role', 'tablist')
  list.setAttribute('aria-label', element.dataset['tabs'] ?? '')
  const tabs = [...element.querySelectorAll<HTMLElement>(':scope > [data-tab]')].map(panel => {
    const label = panel.dataset['tab'] ?? ''
    const id = `tab-${++numbered}`
    const button = document.createElement('button')
    button.type = 'button'
    button.id = id
    button.textContent = label
    button.setAttribute('role', 'tab')
    button.setAttribute('aria-controls', `${id}-panel`)
    list.append(button)
    panel.id = `${id}-panel`
    panel.setAttribute('role', 'tabpanel')
    panel.removeAttribute('aria-label')
    panel.setAttribute('aria-labelledby', id)
    return { label, button, panel }
  })
  element.prepend(list)
  element.dataset['ready'] = ''
  return { tabs }
}

function select({ tabs }: Group, labels: readonly string[]): void {
  const label = labels.find(each => tabs.some(tab => tab.label === each)) ?? tabs[0]?.label
  for (const tab of tabs) {
    const chosen = tab.label === label
    tab.panel.hidden = !chosen
    tab.button.setAttribute('aria-selected', String(chosen))
    tab.button.tabIndex = chosen ? 0 : -1
  }
}

/** Where storage is closed a choice holds for this page. */
let inThisPage: readonly string[] = []

function readLabels(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    if (Array.isArray(stored) && stored.length > 0) return stored.filter(each => typeof each === 'string')
  } catch {
    // Closed, or damaged: as if nothing had been chosen before.
  }
  return inThisPage
}

function keepLabel(label: string): void {
  inThisPage = [label, ...readLabels().filter(each => each !== label)].slice(0, REMEMBERED)
  try {
    localStorage.setItem(KEY, JSON.stringify(inThisPage))
  } catch {
    // Not kept, but it holds for this page.
  }
}
