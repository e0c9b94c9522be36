import { isLoopback } from '../src/wire/ws-address.ts'

/** A variable of the environment that the site cannot be built with; the message names it and says what it wants. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
}

/**
 * Scheme and host of the sandbox as a page connects to it; `undefined` when it is the page's own host.
 * @param sandboxUrl value of PUBLIC_SANDBOX_URL
 * @throws SettingError when that is not an address a page can connect to
 */
export function sandboxOrigin(sandboxUrl: string | undefined): string | undefined {
  if (!sandboxUrl) return undefined
  const url = URL.parse(sandboxUrl)
  if (!url || !/^(wss?|https?):$/.test(url.protocol))
    throw new SettingError(
      `PUBLIC_SANDBOX_URL is "${sandboxUrl}": expected a URL such as wss://sandbox.example or https://sandbox.example`,
    )
  return `${/^(wss|https):$/.test(url.protocol) ? 'wss' : 'ws'}://${url.host}`
}

/**
 * Looks at everything that the environment says about the site to build.
 * @throws SettingError
 */
export function checkSiteSettings(environment: Readonly<Record<string, string | undefined>>): void {
  const { SITE_URL: siteUrl, PUBLIC_SANDBOX_URL: sandboxUrl } = environment
  const sandbox = sandboxOrigin(sandboxUrl)
  const site = siteUrl ? URL.parse(siteUrl) : undefined
  if (siteUrl && !/^https?:$/.test(site?.protocol ?? ''))
    throw new SettingError(`SITE_URL is "${siteUrl}": expected a URL such as https://course.example`)
  if (site?.protocol === 'https:' && sandbox?.startsWith('ws:') && !isLoopback(new URL(sandbox).hostname))
    throw new SettingError(
      `PUBLIC_SANDBOX_URL is "${sandboxUrl}", and pages of ${siteUrl} may not connect to it: browsers keep https pages from what is not encrypted. Give the sandbox a wss:// address.`,
    )
}
