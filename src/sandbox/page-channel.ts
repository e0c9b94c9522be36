import type { BusState } from '#contract/events.ts'
import { SandboxAbsent } from './absence.ts'
import type { ControlChannel } from './control-channel.ts'

let channel: ControlChannel | undefined
const busListeners = new Set<(state: BusState) => void>()

/**
 * The control channel that all labs of this page share; a lost one is replaced at the next call. Its code comes with the
 * first call: most who read a lesson look at its recordings before they connect, if they do.
 * @throws SandboxAbsent (rejects) when the code cannot be had
 */
export async function pageChannel(): Promise<ControlChannel> {
  const before = usableChannel()
  if (before) return before
  const open = await opener()
  // Another lab may have been quicker.
  const now = usableChannel()
  if (now) return now
  channel = open()
  channel.onBus(tellBus)
  tellBus('local')
  return channel
}

function usableChannel(): ControlChannel | undefined {
  return channel?.usable === true ? channel : undefined
}

async function opener(): Promise<() => ControlChannel> {
  try {
    return (await import('./open-channel.ts')).openChannel
  } catch (error) {
    // Whoever cannot reach the site's files does not reach its sandbox either.
    throw new SandboxAbsent('unreachable', String(error))
  }
}

/** Microseconds on the session's clock; undefined while this page has no sandbox. */
export function sessionTime(): number | undefined {
  return usableChannel()?.sessionTime()
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
