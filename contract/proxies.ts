/**
 * Proxies that can stand between a page's WebSocket and a lab, as the `Via` of what they pass on names them: one that
 * passes everything, one that drops what hop-by-hop fields announce and does not know `Upgrade`, one that ends a
 * connection on which nothing has crossed for `PROXY_IDLE_MS`, and one that collects what the server sends until it has
 * `PROXY_COLLECTS_BYTES` of it.
 */
export const PROXY_KINDS = ['passing', 'stripping', 'impatient', 'collecting'] as const
export type ProxyKind = (typeof PROXY_KINDS)[number]
export const PROXY_IDLE_MS = 5_000
export const PROXY_COLLECTS_BYTES = 1024
