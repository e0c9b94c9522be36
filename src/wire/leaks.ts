import { fieldValues } from '#protocol/http-head.ts'
import type { CapturedConnection } from './captured-connection.ts'
import { serverName, speaksTls, tlsRecords } from './tls-records.ts'

/** What someone who stands between a client and a server learns; undefined is what stays hidden. */
export interface Leaks {
  readonly secure: boolean
  /** The host that the client asks for. */
  readonly host: string | undefined
  /** What it asks for there. */
  readonly target: string | undefined
  readonly cookie: string | undefined
  /** Text messages, either side's, in their order. */
  readonly said: readonly string[] | undefined
  /** How long each thing is that the client sends: records of application data over TLS, else frames. */
  readonly clientSizes: readonly number[]
  /** From the first byte to the last, in microseconds. */
  readonly duration: number
}

export function leaksOf(connection: CapturedConnection): Leaks {
  const { chunks } = connection
  const duration = (chunks.at(-1)?.at ?? 0) - (chunks[0]?.at ?? 0)
  return speaksTls(chunks)
    ? { ...leaksOfTls(connection), secure: true, duration }
    : { ...leaksInTheOpen(connection), secure: false, duration }
}

type Seen = Omit<Leaks, 'secure' | 'duration'>

function leaksOfTls({ chunks }: CapturedConnection): Seen {
  const records = tlsRecords(chunks)
  const hello = records.find(({ kind }) => kind === 'client-hello')
  const clientSizes = records.flatMap(({ kind, from, bytes }) =>
    kind === 'application-data' && from === 'client' ? [bytes.length] : [],
  )
  return {
    host: hello && serverName(hello),
    target: undefined,
    cookie: undefined,
    said: undefined,
    clientSizes,
  }
}

function leaksInTheOpen({ items }: CapturedConnection): Seen {
  const request = items.find(item => item.kind === 'request')
  return {
    host: request && fieldValues(request.head, 'Host')[0],
    target: request?.head.target,
    cookie: request && fieldValues(request.head, 'Cookie')[0],
    said: items.flatMap(item =>
      item.kind === 'frame' && item.message?.text !== undefined ? [item.message.text] : [],
    ),
    clientSizes: items.flatMap(item =>
      item.kind === 'frame' && item.from === 'client' ? [item.frame.wire.length] : [],
    ),
  }
}
