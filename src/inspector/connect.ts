import type { RequestHead } from '#protocol/http-head.ts'
import { fieldValues } from '#protocol/http-head.ts'
import { acceptFor } from '#protocol/accept.ts'
import type { ControlChannel } from '../sandbox/control-channel.ts'
import type { KeptBounds } from '../wire/captured-connection.ts'
import { subprotocolsIn, type ConnectWishes } from './connect-wishes.ts'
import { BrowserSession } from './sources/browser-session.ts'
import type { LiveSource } from './sources/live-source.ts'
import type { RandomBytes } from './sources/player.ts'
import { RawSession } from './sources/raw-session.ts'
import { requestText } from './sources/request-text.ts'
import { acceptance, ServedSession } from './sources/served-session.ts'

/** What the page brings to a connection. */
export interface PageParts {
  readonly channel: () => Promise<ControlChannel>
  readonly random: RandomBytes
  readonly kept: () => KeptBounds
  readonly onChange: () => void
  /** Host and port of the sandbox, and the page's own origin. */
  readonly host: string
  readonly origin: string
}

/** A source for these wishes, and how to make it connect. */
export function sourceFor(wishes: ConnectWishes, parts: PageParts): LiveSource & { begin(): Promise<void> } {
  const { channel, random, kept, onChange } = parts
  const names = subprotocolsIn(wishes.subprotocols)
  if (wishes.kind === 'raw') {
    const session = new RawSession({ channel, random, kept, onChange })
    const head = wishes.head === '' ? suggestedHead(wishes, parts) : wishes.head
    return Object.assign(session, { begin: () => session.connect(head) })
  }
  const session =
    wishes.kind === 'server'
      ? new ServedSession({ channel, kept, onChange }, random, responseWith(wishes.head))
      : new BrowserSession({ lab: wishes.lab, channel, kept, onChange })
  return Object.assign(session, { begin: () => session.connect(names) })
}

/** The head that would be written, for whoever wants to change it. */
export function suggestedHead(
  wishes: ConnectWishes,
  { host, origin, random }: Pick<PageParts, 'host' | 'origin' | 'random'>,
): string {
  if (wishes.kind === 'server')
    return [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${ACCEPT}`,
    ].join('\n')
  const { lab, deflate } = wishes
  return requestText(
    { lab, deflate, host, origin, subprotocols: subprotocolsIn(wishes.subprotocols) },
    random,
  )
}

/** In a response, stands for the value that answers the request's key. */
const ACCEPT = '{accept}'

function responseWith(head: string): (request: RequestHead) => string {
  if (head === '') return acceptance
  return request => head.replaceAll(ACCEPT, acceptFor(fieldValues(request, 'Sec-WebSocket-Key')[0] ?? ''))
}
