import type { RecordedConnection } from '#recording/recording.ts'
import { type ControlChannel, type ConnectionEvent } from '../../src/sandbox/control-channel.ts'
import { CapturedConnection } from '../../src/wire/captured-connection.ts'

/** A connection to a lab, as the tap of the sandbox tells of it. */
export interface TappedConnection {
  /** Where it is to be opened. */
  readonly url: string
  /** Resolves when a frame with that opcode has come from the client. */
  clientSent(opcode: number): Promise<void>
  /** Resolves with all of it when its socket is closed; rejects when the mirror left something out. */
  readonly closed: Promise<RecordedConnection>
}

/** Asks for the right to open a connection, and listens to its tap. */
export async function tapConnection(channel: ControlChannel, lab = 'echo'): Promise<TappedConnection> {
  const captured = new CapturedConnection(1, lab)
  const closed = Promise.withResolvers<RecordedConnection>()
  const waiting: { readonly opcode: number; readonly resolve: () => void }[] = []
  const take = (event: ConnectionEvent): void => {
    const items = captured.hear(event)
    if (event.type === 'dropped') closed.reject(new Error('the mirror dropped chunks'))
    if (event.type === 'ending' && event.how === 'closed') closed.resolve(captured.toRecorded())
    for (const item of items)
      if (item.kind === 'frame' && item.from === 'client')
        for (const { opcode, resolve } of waiting) if (opcode === item.frame.opcode) resolve()
  }
  const { url } = await channel.ticket(lab, take)
  return {
    url,
    closed: closed.promise,
    clientSent: opcode => new Promise(resolve => waiting.push({ opcode, resolve })),
  }
}
