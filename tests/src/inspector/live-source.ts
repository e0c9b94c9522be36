import type { LiveSource } from '../../../src/inspector/sources/live-source.ts'
import type { CapturedConnection } from '../../../src/wire/captured-connection.ts'

/** A browser's connection, as far as the inspector looks at it. */
export function liveSource(connection: CapturedConnection): LiveSource {
  return {
    kind: 'browser',
    role: 'client',
    state: 'live',
    absence: undefined,
    connection,
    player: undefined,
    script: undefined,
    dispose: () => {},
  }
}
