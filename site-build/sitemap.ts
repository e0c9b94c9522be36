import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { attributeOf, builtPages } from './built-pages.ts'

/**
 * Writes `sitemap.xml`: every page that says where it is. Only a site built with SITE_URL does, and a page that
 * search engines shall not show does not, so the map cannot disagree with the pages.
 */
export function sitemap(): AstroIntegration {
  return {
    name: 'sitemap',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const addresses = builtPages(dir).flatMap(page => {
          const canonical = page.find('link', { rel: 'canonical' })
          return canonical ? [attributeOf(canonical, 'href') ?? ''] : []
        })
        if (addresses.length === 0) return
        writeFileSync(fileURLToPath(new URL('sitemap.xml', dir)), sitemapOf(addresses))
      },
    },
  }
}

/** @param addresses absolute URLs, in any order */
export function sitemapOf(addresses: readonly string[]): string {
  const entries = addresses.toSorted().map(address => `  <url><loc>${escape(address)}</loc></url>\n`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries.join('')}</urlset>
`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
