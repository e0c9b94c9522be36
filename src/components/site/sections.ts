/**
 * Marks the section being read in the chapter list, the last heading above the upper third of the window, and keeps
 * what is marked in the list's own window.
 * @param onReach called with its heading whenever it is another one
 */
export function startSections(onReach: (heading: HTMLElement) => void): void {
  const list = document.querySelector<HTMLElement>('#chapters')
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.chapters-sections a')]
  const sections = links.flatMap(link => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)))
    return heading ? [{ link, heading }] : []
  })
  if (!list || sections.length === 0) return
  for (const { link } of sections)
    link.addEventListener('click', () => {
      if (list.matches(':popover-open')) list.hidePopover()
    })
  let marked: HTMLElement | null = list.querySelector('[aria-current=page]')
  let reached: HTMLElement | undefined
  const mark = (): void => {
    const reading = sections.findLast(({ heading }) => heading.getBoundingClientRect().top < innerHeight / 3)
    for (const { link } of sections) link.toggleAttribute('aria-current', false)
    reading?.link.setAttribute('aria-current', 'true')
    marked = reading?.link ?? list.querySelector('[aria-current=page]')
    reveal(list, marked)
    if (reading && reading.heading !== reached) onReach(reading.heading)
    reached = reading?.heading
  }
  // Only headings crossing the line matter. The root reaches far up, so that a jump past a heading crosses it too.
  const observer = new IntersectionObserver(mark, { rootMargin: '9999% 0px -66% 0px' })
  for (const { heading } of sections) observer.observe(heading)
  list.addEventListener('toggle', () => reveal(list, marked))
  mark()
}

/** Scrolls the list, never the page, and only when the mark is outside its middle. */
function reveal(list: HTMLElement, marked: HTMLElement | null): void {
  if (!marked || list.clientHeight === 0) return
  const top = marked.getBoundingClientRect().top - list.getBoundingClientRect().top
  if (top > list.clientHeight * 0.15 && top < list.clientHeight * 0.8) return
  list.scrollTop += top - list.clientHeight / 3
}
