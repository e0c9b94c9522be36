import { existsSync } from 'node:fs'
import mdx from '@astrojs/mdx'
import svelte from '@astrojs/svelte'
import { defineConfig } from 'astro/config'
import { astroLogger } from './site-build/astro-logger.ts'
import { fonts } from './site-build/fonts.ts'
import { precompress } from './site-build/precompress.ts'
import { connectSources } from './site-build/connect-sources.ts'
import { courseMarkdown } from './src/markdown/processor.ts'

const base = process.env.BASE_PATH || '/'

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
  integrations: [fonts(), mdx(), svelte(), ...(await sandboxInDev()), precompress()],
  vite: {
    plugins: [astroLogger()],
    // Small scripts and fonts stay files: nothing is inlined that a content security policy would have to name.
    build: { assetsInlineLimit: 0 },
  },
  security: {
    csp: {
      directives: [
        "default-src 'self'",
        `connect-src ${connectSources(process.env.PUBLIC_SANDBOX_URL).join(' ')}`,
        "img-src 'self' data:",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
      ],
    },
  },
})
