/** How `new WebSocket(address)` reads an address (WHATWG WebSockets, constructor steps), one fact at a time. */
export interface ReadAddress {
  /** The address against the page's own, before its scheme is changed; undefined: it cannot be read. */
  readonly parsed: URL | undefined
  /** What `socket.url` will be; undefined when the constructor throws. */
  readonly url: string | undefined
  /** The port that is connected to. */
  readonly port: number | undefined
  /** The constructor throws a SyntaxError, and why; or the browser will not connect, and why. */
  readonly trouble: AddressTrouble | undefined
  readonly changes: readonly AddressChange[]
}

/** The first three have the constructor throw; the others keep the browser from connecting. */
export type AddressTrouble = 'unreadable' | 'scheme' | 'fragment' | 'port' | 'mixed-content'

/** What the browser adds to an address, or changes. */
export type AddressChange = 'relative' | 'http' | 'https' | 'default-port' | 'path'

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'ws:': 80, 'wss:': 443 }
const CHANGED_SCHEMES: Readonly<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:' }

/** Ports of other protocols, which no page may reach (Fetch §2.10 “port blocking”). */
const BAD_PORTS: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
])

/**
 * @param address as it is given to the constructor
 * @param page address of the page that calls it
 */
export function readAddress(address: string, page: URL): ReadAddress {
  const parsed = URL.parse(address, page) ?? undefined
  const none = { parsed, url: undefined, port: undefined, changes: [] }
  if (parsed === undefined) return { ...none, trouble: 'unreadable' }
  const scheme = CHANGED_SCHEMES[parsed.protocol] ?? parsed.protocol
  const usual = DEFAULT_PORTS[scheme]
  if (usual === undefined) return { ...none, trouble: 'scheme' }
  // An empty one counts too, and `hash` is empty for both.
  if (parsed.href.includes('#')) return { ...none, trouble: 'fragment' }
  const port = parsed.port === '' ? usual : Number(parsed.port)
  const changes: AddressChange[] = []
  if (URL.parse(address) === null) changes.push('relative')
  else if (parsed.protocol === 'http:') changes.push('http')
  else if (parsed.protocol === 'https:') changes.push('https')
  if (parsed.port === '') changes.push('default-port')
  if (parsed.pathname === '/' && !/^[a-z]+:\/\/[^/]*\//i.test(address)) changes.push('path')
  return {
    parsed,
    url: `${scheme}${parsed.href.slice(parsed.protocol.length)}`,
    port,
    changes,
    trouble: BAD_PORTS.has(port) ? 'port' : isMixed(parsed, scheme, page) ? 'mixed-content' : undefined,
  }
}

/** An encrypted page and an address that is not; loopback is excepted as trustworthy (Mixed Content §4). */
function isMixed(url: URL, scheme: string, page: URL): boolean {
  return page.protocol === 'https:' && scheme === 'ws:' && !isLoopback(url.hostname)
}

/** Whether browsers trust a host without encryption (W3C Secure Contexts §3.1). @param hostname as URLs write it */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}
