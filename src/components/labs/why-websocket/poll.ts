import type { CapturedConnection } from '../../../wire/captured-connection.ts'
import { RawSession } from '../../../inspector/sources/raw-session.ts'
import { sandboxHost } from '../../../sandbox/host.ts'
import { pageChannel } from '../../../sandbox/page-channel.ts'
import { pollHead } from './poll-head.ts'

/** How often a run of polls asks. */
export const POLLS = 4

export interface PollRun {
  /** Milliseconds between two words of the server. */
  readonly every: number
  /** Milliseconds between two questions. */
  readonly interval: number
  /** Given each raw client before it connects; its changes go to `changed`. */
  readonly show: (session: RawSession) => void
  readonly changed: () => void
  /** Told of each poll once its request is written. */
  readonly asked: (connection: CapturedConnection) => void
  readonly signal: AbortSignal
}

/** Asks again and again, each time on a connection of its own; resolves after the last answer, or when it cannot go on. */
export async function poll({ every, interval, show, changed, asked, signal }: PollRun): Promise<void> {
  for (let count = 0; count < POLLS && !signal.aborted; count++) {
    const started = performance.now()
    const { promise: over, resolve } = Promise.withResolvers<void>()
    const session: RawSession = new RawSession({
      channel: pageChannel,
      random: length => crypto.getRandomValues(new Uint8Array(length)),
      onChange() {
        changed()
        if (session.state === 'ended' || session.state === 'absent') resolve()
      },
    })
    show(session)
    await session.connect(pollHead(sandboxHost(), every))
    if (session.connection) asked(session.connection)
    await over
    if (session.state === 'absent') return
    const rest = interval - (performance.now() - started)
    if (count < POLLS - 1 && rest > 0) await new Promise(resume => setTimeout(resume, rest))
  }
}
