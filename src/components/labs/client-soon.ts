import type { ClientDirective } from 'astro'

/**
 * `client:soon`: brings an island to life right after the first paint, in a task of its own, so that neither the page
 * nor the reader's clicks and keys wait for it. Its code is on the way meanwhile (`site-build/client-directives.ts`).
 */
const soon: ClientDirective = load => {
  const start = (): void => {
    void load().then(hydrate => setTimeout(() => void hydrate()))
  }
  // The callback comes before the paint, what it puts off after it.
  requestAnimationFrame(() => setTimeout(start))
}

export default soon
