import { ROLES, type Role } from '#protocol/role.ts'
import { ConnectionTrace } from '#protocol/trace.ts'
import type { Recording } from '#recording/recording.ts'

/** What a recording holds, counted from its bytes. */
export interface RecordingFacts {
  readonly connections: number
  /** Bytes that crossed, by sender. */
  readonly bytes: Readonly<Record<Role, number>>
  /** Frames, by sender. */
  readonly frames: Readonly<Record<Role, number>>
  /** From the first chunk to the last, in milliseconds. */
  readonly milliseconds: number
}

export function recordingFacts({ connections }: Recording): RecordingFacts {
  const bytes = { client: 0, server: 0 }
  const frames = { client: 0, server: 0 }
  const times: number[] = []
  for (const { chunks } of connections) {
    const trace = new ConnectionTrace()
    for (const { from, bytes: chunk, at } of chunks) {
      bytes[from] += chunk.length
      times.push(at)
      trace.push(from, chunk, at)
    }
    for (const role of ROLES)
      frames[role] += trace.items.filter(item => item.kind === 'frame' && item.from === role).length
  }
  const milliseconds = times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1000
  return { connections: connections.length, bytes, frames, milliseconds }
}
