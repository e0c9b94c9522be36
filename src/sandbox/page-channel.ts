import { sandboxAddress } from './address.ts'
import { ControlChannel } from './control-channel.ts'

let channel: ControlChannel | undefined

/** The control channel that all labs of this page share; a lost one is replaced at the next call. */
export function pageChannel(): ControlChannel {
  if (channel?.usable !== true) {
    const address = sandboxAddress(location, import.meta.env.PUBLIC_SANDBOX_URL)
    channel = new ControlChannel({ address })
  }
  return channel
}
