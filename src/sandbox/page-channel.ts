import type { BusState } from '#contract/events.ts'
import { SandboxAbsent } from './absence.ts'
import type { ControlChannel } from './control-channel.ts'
import { retryDelay } from './retry-delay.ts'

let channel: ControlChannel | undefined
let retrying: ReturnType<typeof setTimeout> | undefined
const busListeners = new Set<(state: BusState) => void>()
const presenceListeners = new Set<(isThere: boolean) => void>()

/**
 * The control channel that all labs of this page share; a lost one is replaced at the next call. Its code comes with the
 * first call: most who read a lesson look at its recordings before they connect, if they do.
 * @throws SandboxAbsent (rejects) when the code cannot be had
 */
export async function pageChannel(): Promise<ControlChannel> {
  const usable = usableChannel()
  if (usable) return usable
  const open = await opener()
  // Another lab may have been quicker.
  return usableChannel() ?? adopt(open())
}

/** @param attempts to get back a sandbox that was lost, without success so far */
function adopt(next: ControlChannel, attempts = 0): ControlChannel {
  clearTimeout(retrying)
  channel = next
  next.onBus(tellBus)
  tellBus('local')
  let failed = attempts
  next.onWelcome(() => {
    failed = 0
    tellPresence(true)
  })
  next.onGone(({ why }) => {
    tellPresence(false)
    if (why === 'lost' || (failed > 0 && why !== 'incompatible')) comeBack(failed)
  })
  return next
}

/** Tries to get the sandbox back, again and again, while somebody looks at the page. */
function comeBack(attempts: number): void {
  clearTimeout(retrying)
  retrying = setTimeout(() => {
    void Promise.all([opener(), visible()]).then(
      ([open]) => {
        // A lab may have been quicker.
        if (!usableChannel()) adopt(open(), attempts + 1)
      },
      () => comeBack(attempts + 1),
    )
  }, retryDelay(attempts))
}

async function visible(): Promise<void> {
  while (document.visibilityState === 'hidden')
    await new Promise(resolve => document.addEventListener('visibilitychange', resolve, { once: true }))
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

function tellPresence(isThere: boolean): void {
  for (const listener of presenceListeners) listener(isThere)
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
  listener(channel?.bus ?? 'local')
  return () => busListeners.delete(listener)
}
