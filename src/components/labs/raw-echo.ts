import { RawSession } from '../../inspector/sources/raw-session.ts'
import { requestText } from '../../inspector/sources/request-text.ts'
import { sandboxHost } from '../../sandbox/host.ts'
import { pageChannel } from '../../sandbox/page-channel.ts'
import { randomBytes } from './random-bytes.ts'

/** A raw client of the echo lab, and how it connects. Only loaded by whoever says something. */
export function rawEcho(onChange: () => void): {
  readonly session: RawSession
  readonly connect: () => Promise<void>
} {
  const session = new RawSession({ channel: pageChannel, random: randomBytes, onChange })
  const wishes = {
    lab: 'echo',
    host: sandboxHost(),
    origin: location.origin,
    subprotocols: [],
    deflate: false,
  }
  return { session, connect: () => session.connect(requestText(wishes, randomBytes)) }
}
