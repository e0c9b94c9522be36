import { CONTROL_PATH, EVENTS_PATH } from '#contract/addresses.ts'
import { sandboxAddress, type SandboxAddress } from './address.ts'

/** Where this page finds its sandbox. */
export function pageAddress(): SandboxAddress {
  return sandboxAddress(location, import.meta.env.PUBLIC_SANDBOX_URL)
}

/** Where this page's EventSource finds its events. */
export function eventsAddress(query: Readonly<Record<string, number>>): string {
  const url = new URL(pageAddress().control.replace(/^ws/, 'http'))
  url.pathname = url.pathname.slice(0, -CONTROL_PATH.length) + EVENTS_PATH
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
  return url.href
}
