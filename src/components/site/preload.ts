const BASE = import.meta.env.BASE_URL.replace(/\/?$/, '/')
/** Style sheets that are on their way or here, by address. */
const arriving = new Map<string, Promise<void>>()

/**
 * What the build puts around every `import()`: its style sheets are there before it runs, and what it imports in its turn
 * is on the way with it. Vite's own does the same for older browsers, nonces and other places to deploy, in three times
 * as much code.
 * @param needed files, below the site's base
 */
export async function __vitePreload<T>(load: () => Promise<T>, needed: readonly string[] = []): Promise<T> {
  const sheets = needed.filter(isSheet)
  for (const name of needed) if (!isSheet(name)) fetchAhead(BASE + name)
  await Promise.all(sheets.map(name => sheet(BASE + name)))
  return load()
}

function isSheet(name: string): boolean {
  return name.endsWith('.css')
}

async function sheet(href: string): Promise<void> {
  const known = arriving.get(href)
  if (known || isLinked(href)) return known
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const link = put('stylesheet', href)
  link.onload = () => resolve()
  link.onerror = () => {
    // Whoever asks again may be luckier.
    link.remove()
    arriving.delete(href)
    reject(new Error(`${href} cannot be loaded`))
  }
  arriving.set(href, promise)
  return promise
}

/** Nobody waits for it: whoever imports it hears whether it is there. */
function fetchAhead(href: string): void {
  if (!isLinked(href)) put('modulepreload', href)
}

function isLinked(href: string): boolean {
  return document.querySelector(`link[href="${href}"]`) !== null
}

function put(rel: string, href: string): HTMLLinkElement {
  const link = document.createElement('link')
  link.rel = rel
  link.href = href
  document.head.append(link)
  return link
}
