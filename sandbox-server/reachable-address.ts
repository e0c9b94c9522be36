import type { Config } from './config.ts'
import { hostNameOf } from './host-name.ts'

/** For "every address of this machine" (as URLs write it), the one that is always among them. */
const LOOPBACK_OF: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '[::]': '[::1]' }

/**
 * Host and port under which whoever started the sandbox can open it. What listens on every address may be known by an
 * origin of its own; else it is there on loopback.
 * @param port it listens on
 */
export function reachableAuthority({ host, publicOrigins }: Config, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host
  const loopback = LOOPBACK_OF[hostNameOf(name) ?? '']
  if (loopback === undefined) return `${name}:${port}`
  const own = publicOrigins.find(origin => origin === `http://${new URL(origin).hostname}:${port}`)
  return own === undefined ? `${loopback}:${port}` : new URL(own).host
}
