import { ControlChannel } from './control-channel.ts'
import { pageAddress } from './page-address.ts'

/** Opens a control channel between this page and its sandbox. */
export function openChannel(): ControlChannel {
  return new ControlChannel({ address: pageAddress() })
}
