/** Address of a page of this site under the path it is deployed at; `path` as in `lessons/handshake/`. */
export function siteLink(path = ''): string {
  const base = import.meta.env.BASE_URL
  return `${base.endsWith('/') ? base : `${base}/`}${path}`
}

export function lessonLink(slug: string): string {
  return siteLink(`lessons/${slug}/`)
}

/** Where a lesson lies as plain Markdown. */
export function lessonMarkdownLink(slug: string): string {
  return siteLink(`lessons/${slug}.md`)
}

/** The same with the site's scheme and host in front, or undefined when it was built without SITE_URL. */
export function absoluteLink(site: URL | undefined, link: string): string | undefined {
  return site && new URL(link, site).href
}

/** Where the picture of the page at `pathname` lies below the site: `lessons/handshake/` has `lessons/handshake.png`. */
export function socialImagePath(pathname: string): string {
  const path = pathname.slice(siteLink().length).replace(/\/$/, '')
  return `social/${path === '' ? 'home' : path}.png`
}
