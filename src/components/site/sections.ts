/** Marks the section being read in the chapter list: the last heading above the upper third of the window. */
export function startSections(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.chapters-sections a')]
  const sections = links.flatMap(link => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)))
    return heading ? [{ link, heading }] : []
  })
  if (sections.length === 0) return
  const mark = (): void => {
    const reading = sections.findLast(({ heading }) => heading.getBoundingClientRect().top < innerHeight / 3)
    for (const { link } of sections) link.toggleAttribute('aria-current', false)
    reading?.link.setAttribute('aria-current', 'true')
  }
  // Headings crossing the line are the only moments that matter; scroll events are not needed.
  const observer = new IntersectionObserver(mark, { rootMargin: '0px 0px -66% 0px', threshold: [0, 1] })
  for (const { heading } of sections) observer.observe(heading)
  mark()
}
