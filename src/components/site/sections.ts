/** Marks the section being read in the chapter list: the last heading above the upper third of the window. */
export function startSections(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.chapters-sections a')]
  const sections = links.flatMap(link => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)))
    return heading ? [{ link, heading }] : []
  })
  if (sections.length === 0) return
  const drawer = document.querySelector<HTMLElement>('#chapters')
  for (const { link } of sections)
    link.addEventListener('click', () => {
      if (drawer?.matches(':popover-open')) drawer.hidePopover()
    })
  const mark = (): void => {
    const reading = sections.findLast(({ heading }) => heading.getBoundingClientRect().top < innerHeight / 3)
    for (const { link } of sections) link.toggleAttribute('aria-current', false)
    reading?.link.setAttribute('aria-current', 'true')
  }
  // Only headings crossing the line matter. The root reaches far up, so that a jump past a heading crosses it too.
  const observer = new IntersectionObserver(mark, { rootMargin: '9999% 0px -66% 0px' })
  for (const { heading } of sections) observer.observe(heading)
  mark()
}
