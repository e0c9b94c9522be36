import { CONTROL_PATH, EVENTS_PATH } from '#contract/addresses.ts'
import type { BusState } from '#contract/events.ts'
import { sandboxAddress, type SandboxAddress } from './address.ts'
import { ControlChannel } from './control-channel.ts'

let channel: ControlChannel | undefined
const busListeners = new Set<(state: BusState) => void>()

function pageAddress(): SandboxAddress {
  return sandboxAddress(location, import.meta.env.PUBLIC_SANDBOX_URL)
}

/** Host and port under which this page finds its sandbox. */
export function sandboxHost(): string {
  return new URL(pageAddress().control).host
}

/** Where this page's EventSource finds its events. */
export function eventsAddress(query: Readonly<Record<string, number>>): string {
  const url = new URL(pageAddress().control.replace(/^ws/, 'http'))
  url.pathname = url.pathname.slice(0, -CONTROL_PATH.length) + EVENTS_PATH
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
  return url.href
}

/** The control channel that all labs of this page share; a lost one is replaced at the next call. */
export function pageChannel(): ControlChannel {
  if (channel?.usable !== true) {
    channel = new ControlChannel({ address: pageAddress() })
    channel.onBus(tellBus)
    tellBus('local')
  }
  return channel
}

function tellBus(state: BusState): void {
  for (const listener of busListeners) listener(state)
}

/**
 * Calls back with whether this page's sandbox is one of several instances and can reach the others, now and whenever that
 * has become another. Returns how to stop listening.
 */
export function followBus(listener: (state: BusState) => void): () => void {
  busListeners.add(listener)
  listener(channel?.bus ?? 'local')
  return () => busListeners.delete(listener)
}
