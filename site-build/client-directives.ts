import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { builtPages } from './built-pages.ts'
import { islandModules } from './island-modules.ts'

/**
 * Lets islands be placed with `client:soon`: their code is fetched with the page, behind everything that is needed to
 * show it, and runs after the first paint.
 */
export function clientDirectives({ base }: { base: string }): AstroIntegration {
  const root = base.replace(/\/?$/, '/')
  return {
    name: 'client-directives',
    hooks: {
      'astro:config:setup': ({ addClientDirective }) => {
        addClientDirective({ name: 'soon', entrypoint: './src/components/labs/client-soon.ts' })
      },
      'astro:build:done': ({ dir }) => {
        for (const page of builtPages(dir)) {
          const modules = islandModules(page, fileURLToPath(dir), root, 'soon')
          if (modules.size === 0) continue
          page.putLast(
            [...modules]
              .map(path => `<link rel="modulepreload" href="${root}${path}" fetchpriority="low">`)
              .join(''),
          )
          page.save()
        }
      },
    },
  }
}
