import type { APIRoute } from 'astro'
import { absoluteLink, siteLink } from '../components/site/links.ts'

/** Everything may be read. Crawlers look for it at the root of a host only; elsewhere it does no harm. */
export const GET: APIRoute = ({ site }) => {
  const sitemap = absoluteLink(site, siteLink('sitemap.xml'))
  return new Response(`User-agent: *\nAllow: /\n${sitemap ? `\nSitemap: ${sitemap}\n` : ''}`)
}
