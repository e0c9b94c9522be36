/** Address of a page of this site under the path it is deployed at; `path` as in `lessons/handshake/`. */
export function siteLink(path = ''): string {
  const base = import.meta.env.BASE_URL
  return `${base.endsWith('/') ? base : `${base}/`}${path}`
}

export function lessonLink(slug: string): string {
  return siteLink(`lessons/${slug}/`)
}
