import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { attributeOf, builtPages } from './built-pages.ts'
import { islandModules } from './island-modules.ts'

/**
 * Takes out of each page the styles of components that come later, when a reader asks for them: Astro links them on every
 * page from which the component can be reached, though its script brings them along.
 */
export function lazyStyles({ base }: { base: string }): AstroIntegration {
  const root = base.replace(/\/?$/, '/')
  return {
    name: 'lazy-styles',
    hooks: { 'astro:build:done': ({ dir }) => leaveOutLazyStyles(dir, root) },
  }
}

/** @param root path the site is deployed under, with a slash at both ends */
export function leaveOutLazyStyles(dir: URL, root: string): void {
  const folder = fileURLToPath(dir)
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
  const brought = scopesIn(broughtByScripts(folder).map(read).join('\n'))
  for (const page of builtPages(dir)) {
    const modules = islandModules(page, folder, root)
    if (modules.size === 0) continue
    const used = scopesIn([read(page.name), ...[...modules].map(read)].join('\n'))
    for (const link of page.elements('link')) {
      const href = attributeOf(link, 'href') ?? ''
      if (attributeOf(link, 'rel') !== 'stylesheet' || !href.startsWith(root)) continue
      const css = read(href.slice(root.length))
      const scopes = [...scopesIn(css)]
      if (isAllScoped(css) && scopes.every(scope => !used.has(scope) && brought.has(scope)))
        page.replace(link, '')
    }
    page.save()
  }
}

/** Style sheets that scripts load with the modules they ask for. */
function broughtByScripts(folder: string): string[] {
  const scripts = globSync('_astro/*.js', { cwd: folder }).map(file =>
    readFileSync(join(folder, file), 'utf8'),
  )
  return [...new Set(scripts.flatMap(code => code.match(/_astro\/[\w.-]+\.css/g) ?? []))]
}

/** The classes by which Svelte keeps a component's styles to itself. */
function scopesIn(text: string): Set<string> {
  return new Set(text.match(/\bsvelte-[a-z0-9]+\b/g) ?? [])
}

/** Whether every rule of a style sheet belongs to a component. */
function isAllScoped(css: string): boolean {
  const selectors = [...css.matchAll(/([^{}]+)\{/g)].map(([, selector = '']) => selector.trim())
  const rules = selectors.filter(selector => !selector.startsWith('@'))
  return rules.length > 0 && rules.every(rule => rule.split(',').every(part => part.includes('svelte-')))
}
