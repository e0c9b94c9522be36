import type { BusState } from '#contract/events.ts'
import { SandboxAbsent } from './absence.ts'
import type { ControlChannel } from './control-channel.ts'
import type { PageSandbox } from './open-channel.ts'

const busListeners = new Set<(state: BusState) => void>()
const presenceListeners = new Set<(isThere: boolean) => void>()
const page: PageSandbox = {
  channel: undefined,
  tellBus: state => tell(busListeners, state),
  tellPresence: isThere => tell(presenceListeners, isThere),
}

/**
 * The control channel that all labs of this page share; a lost one is replaced at the next call. Its code comes with the
 * first call: most who read a lesson look at its recordings before they connect, if they do.
 * @throws SandboxAbsent (rejects) when the code cannot be had
 */
export async function pageChannel(): Promise<ControlChannel> {
  const before = usableChannel()
  if (before) return before
  const { openChannel } = await import('./open-channel.ts').catch((error: unknown) => {
    // Whoever cannot reach the site's files does not reach its sandbox either.
    throw new SandboxAbsent('unreachable', String(error))
  })
  // Another lab may have been quicker.
  return usableChannel() ?? openChannel(page)
}

function usableChannel(): ControlChannel | undefined {
  return page.channel?.usable === true ? page.channel : undefined
}

function tell<T>(listeners: Iterable<(value: T) => void>, value: T): void {
  for (const listener of listeners) listener(value)
}

/** Microseconds on the session's clock; undefined while this page has no sandbox. */
export function sessionTime(): number | undefined {
  return usableChannel()?.sessionTime()
}

/** Calls back whenever this page's sandbox has come, and has gone. Returns how to stop listening. */
export function followPresence(listener: (isThere: boolean) => void): () => void {
  presenceListeners.add(listener)
  return () => presenceListeners.delete(listener)
}

/**
 * Calls back with whether this page's sandbox is one of several instances and can reach the others, now and whenever that
 * has become another. Returns how to stop listening.
 */
export function followBus(listener: (state: BusState) => void): () => void {
  busListeners.add(listener)
  listener(page.channel?.bus ?? 'local')
  return () => busListeners.delete(listener)
}
