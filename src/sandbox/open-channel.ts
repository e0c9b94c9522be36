import type { BusState } from '#contract/events.ts'
import { ControlChannel } from './control-channel.ts'
import { pageAddress } from './page-address.ts'
import { retryDelay } from './retry-delay.ts'

/** What a page knows of its sandbox. */
export interface PageSandbox {
  /** The latest; a lost one is of no use. */
  channel: ControlChannel | undefined
  tellBus(state: BusState): void
  /** The sandbox has come, or gone. */
  tellPresence(isThere: boolean): void
}

let retrying: ReturnType<typeof setTimeout> | undefined

/**
 * Opens a control channel between a page and its sandbox. When the sandbox is lost, the page asks for it again and again.
 * @param attempts to get back a sandbox that was lost, without success so far
 */
export function openChannel(page: PageSandbox, attempts = 0): ControlChannel {
  clearTimeout(retrying)
  const channel = new ControlChannel({ address: pageAddress() })
  page.channel = channel
  channel.onBus(state => page.tellBus(state))
  page.tellBus('local')
  let failed = attempts
  channel.onWelcome(() => {
    failed = 0
    page.tellPresence(true)
  })
  channel.onGone(({ why }) => {
    page.tellPresence(false)
    if (why === 'lost' || (failed > 0 && why !== 'incompatible')) retry(page, failed)
  })
  return channel
}

function retry(page: PageSandbox, attempts: number): void {
  clearTimeout(retrying)
  retrying = setTimeout(() => {
    void visible().then(() => {
      // A lab may have been quicker.
      if (page.channel?.usable !== true) openChannel(page, attempts + 1)
    })
  }, retryDelay(attempts))
}

/** Nobody waits for a sandbox in a page that nobody looks at. */
async function visible(): Promise<void> {
  while (document.visibilityState === 'hidden')
    await new Promise(resolve => document.addEventListener('visibilitychange', resolve, { once: true }))
}
