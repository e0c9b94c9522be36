import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { attributeOf, type BuiltPage } from './built-pages.ts'

/**
 * The modules that the islands of a page run, and all that these import before they run: paths below the site.
 * @param root path the site is deployed under, with a slash at both ends
 * @param client only islands with this directive, as in `soon`
 */
export function islandModules(page: BuiltPage, folder: string, root: string, client?: string): Set<string> {
  const modules = new Set<string>()
  for (const island of page.elements('astro-island')) {
    if (client !== undefined && attributeOf(island, 'client') !== client) continue
    for (const name of ['component-url', 'renderer-url'])
      addModules(modules, folder, (attributeOf(island, name) ?? '').slice(root.length))
  }
  return modules
}

function addModules(found: Set<string>, folder: string, path: string): void {
  if (found.has(path)) return
  found.add(path)
  const code = readFileSync(join(folder, path), 'utf8')
  for (const [, name] of code.matchAll(/\b(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g))
    addModules(found, folder, join(path, '..', name ?? '').replaceAll('\\', '/'))
}
