import { sandboxAddress, type SandboxAddress } from './address.ts'
import { ControlChannel } from './control-channel.ts'

let channel: ControlChannel | undefined

function pageAddress(): SandboxAddress {
  return sandboxAddress(location, import.meta.env.PUBLIC_SANDBOX_URL)
}

/** Host and port under which this page finds its sandbox. */
export function sandboxHost(): string {
  return new URL(pageAddress().control).host
}

/** The control channel that all labs of this page share; a lost one is replaced at the next call. */
export function pageChannel(): ControlChannel {
  if (channel?.usable !== true) {
    channel = new ControlChannel({ address: pageAddress() })
  }
  return channel
}
