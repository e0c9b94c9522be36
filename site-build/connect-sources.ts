/**
 * What pages may connect to, as sources of the `connect-src` directive.
 * `'self'` covers ws: and wss: of the page's own host in CSP level 3, but not in every browser still in use,
 * and a static page does not know its host: so the schemes are named.
 * @param sandboxUrl value of PUBLIC_SANDBOX_URL: an absolute ws:, wss:, http: or https: URL, or nothing
 * @throws Error when it is something else
 */
export function connectSources(sandboxUrl: string | undefined): string[] {
  const own = ["'self'", 'ws:', 'wss:']
  if (!sandboxUrl) return own
  const url = URL.parse(sandboxUrl)
  if (!url || !/^(wss?|https?):$/.test(url.protocol))
    throw new Error(
      `PUBLIC_SANDBOX_URL is "${sandboxUrl}": expected a URL such as wss://sandbox.example or https://sandbox.example`,
    )
  const secure = url.protocol === 'wss:' || url.protocol === 'https:'
  return [...own, `${secure ? 'https' : 'http'}://${url.host}`, `${secure ? 'wss' : 'ws'}://${url.host}`]
}
