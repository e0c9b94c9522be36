/** Tallest content that every browser still places exactly, in pixels; beyond, scrolling is scaled. */
const TALLEST = 8_000_000

/** Rows of one height in a scrolling box, of which only those in sight are drawn. All lengths in pixels. */
export interface Viewport {
  readonly count: number
  readonly rowHeight: number
  /** Height of the box. */
  readonly height: number
  readonly scrollTop: number
}

/** Rows drawn above and below the sight, so that scrolling finds them there. */
const OVERSCAN = 4

/** How high the scrolled content is. */
export function contentHeight({ count, rowHeight, height }: Omit<Viewport, 'scrollTop'>): number {
  return Math.max(Math.min(count * rowHeight, TALLEST), height)
}

/** Rows that one scrolled pixel passes, times the row height: 1 but for very long lists. */
function scale(viewport: Omit<Viewport, 'scrollTop'>): number {
  const { count, rowHeight, height } = viewport
  const real = count * rowHeight
  return real <= TALLEST ? 1 : (real - height) / (TALLEST - height)
}

/** The rows to draw, `end` excluded, and how far down the scrolled content the first of them stands. */
export function windowOf(viewport: Viewport): {
  readonly start: number
  readonly end: number
  readonly top: number
} {
  const { count, rowHeight, height, scrollTop } = viewport
  const virtualTop = scrollTop * scale(viewport)
  const start = Math.max(Math.floor(virtualTop / rowHeight) - OVERSCAN, 0)
  const end = Math.min(Math.ceil((virtualTop + height) / rowHeight) + OVERSCAN, count)
  return { start, end: Math.max(end, start), top: scrollTop - (virtualTop - start * rowHeight) }
}

/** The row at the top of the sight, and by how much of it that has passed. */
export function anchorOf(viewport: Viewport): { readonly place: number; readonly offset: number } {
  const virtualTop = viewport.scrollTop * scale(viewport)
  const place = Math.floor(virtualTop / viewport.rowHeight)
  return { place, offset: virtualTop - place * viewport.rowHeight }
}

/** Where to scroll so that a row stands at the top of the sight, that much of it passed. */
export function scrollTopFor(viewport: Viewport, place: number, offset = 0): number {
  const top = (place * viewport.rowHeight + offset) / scale(viewport)
  return Math.min(Math.max(top, 0), contentHeight(viewport) - viewport.height)
}

/** Where to scroll so that a row is wholly in sight: as little as it takes. */
export function scrollTopToShow(viewport: Viewport, place: number): number {
  const { rowHeight, height, scrollTop } = viewport
  const virtualTop = scrollTop * scale(viewport)
  const top = place * rowHeight
  if (top < virtualTop) return scrollTopFor(viewport, place)
  if (top + rowHeight <= virtualTop + height) return scrollTop
  return scrollTopFor(viewport, place, rowHeight - height)
}

/** The last rows, drawn so that the very last ends where the content does, which may be taller than it has to be. */
export function endOf(
  { count, rowHeight, height }: Omit<Viewport, 'scrollTop'>,
  tall: number,
): { readonly start: number; readonly end: number; readonly top: number } {
  const start = Math.max(count - Math.ceil(height / rowHeight) - OVERSCAN, 0)
  const fits = count * rowHeight <= height
  return { start, end: count, top: fits ? tall - height : tall - (count - start) * rowHeight }
}

/** A height for content that grows: at least as high as it has to be, and the same for long. */
export function steppedHeight(viewport: Omit<Viewport, 'scrollTop'>): number {
  const needed = contentHeight(viewport)
  if (needed <= viewport.height) return needed
  return Math.min(2 ** Math.ceil(Math.log2(needed / viewport.height)) * viewport.height, TALLEST)
}
