import { CONTROL_PATH, LAB_PATH_PREFIX, TICKET_PARAMETER } from '#contract/addresses.ts'

/** Where a page finds its sandbox, as WebSocket URLs. */
export interface SandboxAddress {
  readonly control: string
  lab(name: string, ticket: string): string
  /**
   * The page is on a public host and the sandbox on this machine or its network: Chromium asks its user before it
   * lets such a page through (Local Network Access), other browsers may refuse without a word.
   */
  readonly crossesIntoLocalNetwork: boolean
}

/**
 * The sandbox's address for a page.
 * @param page the page's own URL
 * @param configured `PUBLIC_SANDBOX_URL` of the build (http, https, ws or wss); empty: the page's own origin
 * @throws TypeError when `configured` is not a URL of those schemes
 */
export function sandboxAddress(page: URL | Location, configured: string | undefined): SandboxAddress {
  const base = new URL(
    configured !== undefined && configured !== '' ? configured : `${page.protocol}//${page.host}/`,
  )
  const scheme = WEBSOCKET_SCHEME[base.protocol]
  if (scheme === undefined)
    throw new TypeError(`PUBLIC_SANDBOX_URL: ${base.protocol} is not http, https, ws or wss`)
  const prefix = `${scheme}//${base.host}${base.pathname.replace(/\/$/, '')}`
  return {
    control: prefix + CONTROL_PATH,
    lab: (name, ticket) =>
      `${prefix}${LAB_PATH_PREFIX}${name}?${TICKET_PARAMETER}=${encodeURIComponent(ticket)}`,
    crossesIntoLocalNetwork: !isLocalHost(page.hostname) && isLocalHost(base.hostname),
  }
}

const WEBSOCKET_SCHEME: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'ws:': 'ws:',
  'https:': 'wss:',
  'wss:': 'wss:',
}

/** Loopback, private and link-local names and addresses, as far as a name alone tells. */
function isLocalHost(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '')
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name.endsWith('.local') ||
    /^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\./.test(name) ||
    /^(::1|fe[89ab].*|f[cd].*:.*)$/i.test(name)
  )
}
