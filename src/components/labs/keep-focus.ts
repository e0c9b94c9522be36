import { tick } from 'svelte'

/**
 * Called before what is inside an element changes: the focus stays inside, even if what has it is moved or goes.
 * @param heir who has the focus then, once all has changed
 */
export async function keepFocus(inside: HTMLElement, heir: () => HTMLElement | null): Promise<void> {
  const held = document.activeElement
  if (!(held instanceof HTMLElement) || !inside.contains(held)) return
  await tick()
  if (document.activeElement !== document.body) return
  const next = held.isConnected ? held : heir()
  next?.focus({ preventScroll: true })
}
