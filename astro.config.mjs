import { existsSync } from 'node:fs'
import mdx from '@astrojs/mdx'
import svelte from '@astrojs/svelte'
import { defineConfig } from 'astro/config'
import { astroLogger } from './site-build/astro-logger.ts'
import { CHUNKS, preloads } from './site-build/chunks.ts'
import { clientDirectives } from './site-build/client-directives.ts'
import { fonts } from './site-build/fonts.ts'
import { icons } from './site-build/icons.ts'
import { lazyStyles } from './site-build/lazy-styles.ts'
import { offline } from './site-build/offline.ts'
import { precompress } from './site-build/precompress.ts'
import { searchIndex } from './site-build/search-index.ts'
import { securityPolicy, strictPages } from './site-build/security-policy.ts'
import { sitemap } from './site-build/sitemap.ts'
import { socialImages } from './site-build/social-images.ts'
import { courseMarkdown } from './src/markdown/processor.ts'

const base = process.env.BASE_PATH || '/'
const policy = securityPolicy(process.env.PUBLIC_SANDBOX_URL)

/** `astro dev` serves the sandbox on its own port, so that development is one process. */
async function sandboxInDev() {
  const entry = new URL('./sandbox-server/astro-integration.ts', import.meta.url)
  if (!existsSync(entry)) return []
  const { default: integration } = await import(entry.href)
  return [integration()]
}

export default defineConfig({
  site: process.env.SITE_URL || undefined,
  base,
  trailingSlash: 'always',
  build: { format: 'directory', inlineStylesheets: 'never' },
  markdown: { processor: courseMarkdown({ base }), syntaxHighlight: false },
  integrations: [
    fonts({ base }),
    mdx(),
    svelte({ compilerOptions: { runes: true, discloseVersion: false } }),
    clientDirectives({ base }),
    ...(await sandboxInDev()),
    // From here on each works on the pages as the ones before left them.
    icons(),
    socialImages({ base }),
    sitemap(),
    searchIndex(),
    lazyStyles({ base }),
    strictPages({ base, policy }),
    offline({ base }),
    precompress(),
  ],
  vite: {
    plugins: [astroLogger(), preloads()],
    // Small scripts and fonts stay files: nothing is inlined that a content security policy would have to name.
    build: { assetsInlineLimit: 0 },
    environments: {
      client: {
        build: {
          rolldownOptions: {
            output: {
              codeSplitting: {
                // What every page loads comes as one file: small ones compress badly.
                groups: CHUNKS,
              },
            },
          },
        },
      },
    },
  },
})
